import type { LibraryModel } from './resources/model.ts';

/**
 * A test on a file's text: false means that no rule can have anything to say. Must not load the parser.
 * `names` are additional words, found by the second round.
 */
export function createPrefilter(
  _models: readonly LibraryModel[],
  _triggers: readonly string[],
  _names: Iterable<string>,
): (text: string) => boolean {
  return () => true;
}
