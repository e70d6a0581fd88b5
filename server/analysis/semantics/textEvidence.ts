import type { Host } from '../host.ts';
import { type Specifier, withoutExtension } from '../syntax/specifiers.ts';

/**
 * What the bare text of a file tells. Parsing is what costs when a project is looked through: a file is parsed only when
 * its text says that it may matter.
 */

/** Whether a text may read a member of that name: `x.name`, `x['name']`, or a pattern with it. Declarations do not count. */
export function mayUseMember(text: string, name: string): boolean {
  const word = quoted(name);
  return new RegExp(`\\.\\s*#?${word}(?![\\w$])|\\[\\s*['"\`]${word}['"\`]|${pattern(word)}`).test(text);
}

/** Whether a text may import or re-export a name, or read it from the namespace of a module. */
export function mayUseExport(text: string, name: string): boolean {
  const word = quoted(name);
  if (new RegExp(pattern(word)).test(text)) return true;
  return (
    /\*\s*as\b|\brequire\s*\(|\bimport\s*\(|\bfrom\s*['"]\./.test(text) &&
    new RegExp(`\\.\\s*${word}(?![\\w$])`).test(text)
  );
}

/** A name in braces: an import, an export, a pattern. */
function pattern(word: string): string {
  return `[{,]\\s*(?:type\\s+)?${word}\\s*(?:[,}:=]|as\\b)`;
}

/** The specifiers in a file that may mean the other one, judged by their last segments. */
export function specifiersOf(host: Host, from: string, path: string): readonly string[] {
  const wanted = segmentsFor(path);
  const mayMean = ({ last, stem }: Specifier): boolean => wanted.includes(last) || wanted.includes(stem);
  return host
    .specifiers(from)
    .filter(mayMean)
    .map(({ text }) => text);
}

/** A word that every text holds which imports the file; `undefined` when there is none, as in `import x from '.'`. */
export function importWord(path: string): string | undefined {
  const [directory, stem] = lastSegments(path);
  return (stem === 'index' ? directory : stem).match(/[\w$]+/g)?.at(-1);
}

function segmentsFor(path: string): readonly string[] {
  const [directory, stem] = lastSegments(path);
  return stem === 'index' ? [stem, directory, '.', '..'] : [stem];
}

function lastSegments(path: string): readonly [directory: string, stem: string] {
  const [directory = '', name = ''] = path.split('/').slice(-2);
  return [directory, withoutExtension(name)];
}

function quoted(name: string): string {
  return name.replace(/[^\w]/g, '\\$&');
}
