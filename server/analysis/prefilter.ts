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
  const words = new Set([...triggers.filter((trigger) => !/^[.~]/.test(trigger)), ...names]);
  // `.on` is a call of a method: the word alone stands in every second comment.
  const methods = triggers.filter((trigger) => trigger.startsWith('.')).map((trigger) => trigger.slice(1));
  // `~release` is a call of whatever has the word in its name.
  const parts = triggers.filter((trigger) => trigger.startsWith('~')).map((trigger) => trigger.slice(1));
  const heads = new Set<string>();
  /** What is a duty only where the file ends it, too: `find` stands in every file, and means an array in most. */
  const begins = new Set<string>();
  const ends = new Set<string>();
  /** What is meant to last, and so may be made too often: what begins it, and the library it is of. */
  const lasting = new Set<string>();
  const libraries = new Set<string>();
  for (const model of models) {
    for (const { at, onlyIfReleased, lifetime, preferred } of model.acquisitions) {
      // A default export has the name that its importer gives it.
      for (const module of defaultsOf(model, at)) words.add(module);
      if ('export' in at && at.export === 'default') continue;
      // `query` stands everywhere; the statement that begins something does not.
      if ('member' in at && at.statement) for (const head of at.statement) heads.add(head);
      else if (onlyIfReleased && 'name' in preferred) {
        begins.add(siteName(at));
        ends.add(preferred.name);
        if (lifetime !== 'application') continue;
        lasting.add(siteName(at));
        for (const word of importsOf(model)) libraries.add(word);
      } else words.add(siteName(at));
    }
    if (model.waits || model.bounds) for (const word of importsOf(model)) words.add(word);
  }
  const tests = [
    words.size > 0 && new RegExp(alternatives(words)),
    methods.length > 0 && new RegExp(`\\.(?:${methods.map(literal).join('|')})\\s*\\(`),
    parts.length > 0 && new RegExp(`(?:${parts.map(eitherCase).join('|')})\\w*\\s*\\(`),
    heads.size > 0 && new RegExp(`['"\`]\\s*(?:${[...heads].map(literal).join('|')})\\b`, 'i'),
  ].filter((test) => test !== false);
  const begun = new RegExp(alternatives(begins));
  const ended = new RegExp(alternatives(ends));
  const lasts = new RegExp(alternatives(lasting));
  const imports = new RegExp(alternatives(libraries));
  return (text) =>
    tests.some((test) => test.test(text)) ||
    (begins.size > 0 && begun.test(text) && ended.test(text)) ||
    (lasting.size > 0 && lasts.test(text) && imports.test(text));
}

/** The same for what an earlier test has refused, when only these names are new. */
export function createNameTest(names: Iterable<string>): (text: string) => boolean {
  const test = new RegExp(alternatives(new Set(names)));
  return (text) => test.test(text);
}

/** Words as a whole; a trigger that begins or ends with a sign may stand next to a word there. */
function alternatives(words: ReadonlySet<string>): string {
  const whole: string[] = [];
  const others: string[] = [];
  for (const word of words) {
    const [before, after] = [/^[\w$]/.test(word), /[\w$]$/.test(word)];
    if (before && after) whole.push(literal(word));
    else others.push(`${before ? start : ''}${literal(word)}${after ? end : ''}`);
  }
  return [...(whole.length > 0 ? [`${start}(?:${whole.join('|')})${end}`] : []), ...others].join('|');
}

const start = '(?<![\\w$])';
const end = '(?![\\w$])';

/** A word at the beginning of a name, or behind other words: `release`, `safeRelease`. */
const eitherCase = (word: string): string => {
  const [first = ''] = word;
  return `[${first}${first.toUpperCase()}]${literal(word.slice(1))}`;
};

function literal(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+');
}

/** What a file must hold to use the library: its specifier, up to the closing quote, or the name of a global. */
function importsOf({ modules, globals }: LibraryModel): readonly string[] {
  return [
    ...Object.keys(globals ?? {}),
    ...Object.keys(modules).flatMap((specifier) => ["'", '"', '`'].map((quote) => specifier + quote)),
  ];
}
