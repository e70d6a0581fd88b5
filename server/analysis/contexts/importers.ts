import type { Host } from '../host.ts';
import { importWord, specifiersOf } from '../semantics/textEvidence.ts';
import { isTestFile } from './places.ts';

/** The files of the project that import a file, as far as their text tells. */
export interface Importers {
  readonly tests: readonly string[];
  readonly others: readonly string[];
}

export function importersOf(host: Host, path: string): Importers {
  const word = importWord(path);
  const all = (word === undefined ? [] : (host.mentioning(path, word) ?? [])).filter(
    (other) => other !== path && specifiersIn(host, other, path).length > 0,
  );
  return {
    tests: all.filter((other) => isTestFile(host, other)),
    others: all.filter((other) => !isTestFile(host, other)),
  };
}

/** The other files, tests aside, that hold a word, if there is one; `undefined` where there are too many files to tell. */
export function pathsBeside(host: Host, path: string, word: string | undefined): readonly string[] | undefined {
  if (word === undefined) return [];
  return host.mentioning(path, word)?.filter((other) => other !== path && !isTestFile(host, other));
}

/** Whether a text names the file in a way that nobody can resolve: by an alias, in a list of modules, in a path it builds. */
export function mayImport(host: Host, from: string, text: string, path: string): boolean {
  const stem = /([^/]+?)(?:\/index)?\.[cm]?[jt]sx?$/.exec(path)?.[1] ?? '';
  if (!text.includes(stem)) return false;
  const quoted = new RegExp(
    `(['"\`])(?:[^'"\`\\n]*/)?${stem.replace(/[^\w]/g, '\\$&')}(?:/index)?(?:\\.[cm]?[jt]sx?)?\\1`,
    'g',
  );
  return [...text.matchAll(quoted)].some(([said]) => {
    const meant = host.resolve(from, said.slice(1, -1));
    return meant === undefined || meant === path;
  });
}

/** Whether an importer only passes on all that the module exports: `export * from './time'`. */
export function isPassedOn(host: Host, importer: string, path: string): boolean {
  const text = host.read(importer) ?? '';
  return specifiersIn(host, importer, path).every((specifier) =>
    new RegExp(`\\bexport\\s*\\*\\s*from\\s*['"]${specifier.replace(/[^\w]/g, '\\$&')}['"]`).test(text),
  );
}

/** Whether a text imports a name from any module, or may reach it through one that it takes as a whole. */
export function importsName(text: string, name: string): boolean {
  const word = name.replace(/\$/g, '\\$&');
  const list = `\\{[^{}]*(?<![\\w$.])${word}(?![\\w$])[^{}]*\\}`;
  const isListed = new RegExp(
    `\\b(?:import|export)\\b[^;{}'"]*${list}\\s*from\\b|${list}\\s*=\\s*(?:await\\s+)?(?:require|import)\\s*\\(`,
  );
  const isRead = new RegExp(`\\b(?:require|import)\\s*\\([^()]*\\)\\s*\\)?\\s*\\.\\s*(?:then|${word})(?![\\w$])`);
  if (isListed.test(text) || isRead.test(text)) return true;
  const whole = /\*\s*as\s+([\w$]+)|\bimport\s+([\w$]+)\s+from\b|([\w$]+)\s*=\s*(?:await\s+)?(?:require|import)\s*\(/g;
  return [...text.matchAll(whole)].some(([, ...bound]) => {
    const object = (bound.find((it) => it !== undefined) ?? '').replace(/\$/g, '\\$&');
    const isMember = new RegExp(`(?<![\\w$.])${object}\\s*(?:\\??\\.\\s*${word}(?![\\w$])|\\[)`);
    return isMember.test(text) || new RegExp(`(?:=|\\.\\.\\.|[(,])\\s*${object}\\s*[;,)}\\n]`).test(text);
  });
}

function specifiersIn(host: Host, from: string, path: string): readonly string[] {
  return specifiersOf(host, from, path).filter((specifier) => host.resolve(from, specifier) === path);
}

/** A text without the lines that are a comment as a whole: code that was switched off. */
export const withoutRemarks = (text: string): string => text.replace(/^[ \t]*\/\/.*$/gm, '');
