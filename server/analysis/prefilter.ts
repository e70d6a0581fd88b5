import { defaultsOf, siteName } from './inference/modelIndex.ts';
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
  const words = new Set([...triggers.filter((trigger) => !trigger.startsWith('.')), ...names]);
  // `.on` is a call of a method: the word alone stands in every second comment.
  const methods = triggers.filter((trigger) => trigger.startsWith('.')).map((trigger) => trigger.slice(1));
  const heads = new Set<string>();
  for (const model of models) {
    for (const { at } of model.acquisitions) {
      // A default export has the name that its importer gives it.
      for (const module of defaultsOf(model, at)) words.add(module);
      if ('export' in at && at.export === 'default') continue;
      // `query` stands everywhere; the statement that begins something does not.
      if ('member' in at && at.statement) for (const head of at.statement) heads.add(head);
      else words.add(siteName(at));
    }
    if (model.waits || model.bounds) for (const word of importsOf(model)) words.add(word);
  }
  const tests = [
    words.size > 0 && new RegExp(`(?<![\\w$])(?:${alternatives(words)})(?![\\w$])`),
    methods.length > 0 && new RegExp(`\\.(?:${alternatives(methods)})\\s*\\(`),
    heads.size > 0 && new RegExp(`['"\`]\\s*(?:${alternatives(heads)})\\b`, 'i'),
  ].filter((test) => test !== false);
  return (text) => tests.some((test) => test.test(text));
}

function alternatives(words: Iterable<string>): string {
  return [...words].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+')).join('|');
}

/** What a file must hold to use the library: its specifier, up to the closing quote, or the name of a global. */
function importsOf({ modules, globals }: LibraryModel): readonly string[] {
  return [
    ...Object.keys(globals ?? {}),
    ...Object.keys(modules).flatMap((specifier) => ["'", '"', '`'].map((quote) => specifier + quote)),
  ];
}
