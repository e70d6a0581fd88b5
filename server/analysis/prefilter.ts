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
  const heads = new Set<string>();
  for (const model of models) {
    for (const { at } of model.acquisitions) {
      // `query` stands everywhere; the statement that begins something does not.
      if ('member' in at && at.statement) for (const head of at.statement) heads.add(head);
      else
        words.add('member' in at ? at.member : 'export' in at ? at.export : 'global' in at ? at.global : at.construct);
    }
  }
  const tests = [
    words.size > 0 && new RegExp(`(?<![\\w$])(?:${alternatives(words)})(?![\\w$])`),
    heads.size > 0 && new RegExp(`['"\`]\\s*(?:${alternatives(heads)})\\b`, 'i'),
  ].filter((test) => test !== false);
  return (text) => tests.some((test) => test.test(text));
}

function alternatives(words: Iterable<string>): string {
  return [...words].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+')).join('|');
}
