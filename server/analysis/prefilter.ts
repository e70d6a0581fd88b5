import type { LibraryModel } from './resources/model.ts';

/**
 * A test on a file's text: false means that no rule can have anything to say. Must not load the parser.
 * `names` are additional words, found by the second round: functions that acquire on behalf of their callers.
 */
export function createPrefilter(
  models: readonly LibraryModel[],
  triggers: readonly string[],
  names: Iterable<string>,
): (text: string) => boolean {
  const words = new Set([...triggers, ...names]);
  for (const model of models) {
    for (const { at } of model.acquisitions) {
      words.add('member' in at ? at.member : 'export' in at ? at.export : 'global' in at ? at.global : at.construct);
    }
  }
  if (words.size === 0) return () => false;
  const escaped = [...words].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`(?<![\\w$])(?:${escaped.join('|')})(?![\\w$])`);
  return (text) => expression.test(text);
}
