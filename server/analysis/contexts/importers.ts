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

/** Whether an importer uses the module as a whole, so that it may reach what it does not name: `handlers[name]`, `export *`. */
export function isTakenWhole(host: Host, importer: string, path: string): boolean {
  const text = host.read(importer) ?? '';
  return specifiersIn(host, importer, path).some((specifier) => {
    const from = `['"]${specifier.replace(/[^\w]/g, '\\$&')}['"]`;
    const isPicked = new RegExp(`\\}\\s*(?:from\\s*|=\\s*(?:await\\s+)?(?:require|import)\\s*\\(\\s*)${from}`).test(
      text,
    );
    const bound = new RegExp(
      `(?:\\bimport\\s+|\\*\\s*as\\s+)([\\w$]+)\\s*from\\s*${from}|([\\w$]+)\\s*=\\s*require\\s*\\(\\s*${from}\\s*\\)(?!\\s*[.(])`,
    ).exec(text);
    const name = bound?.[1] ?? bound?.[2];
    if (name === undefined) return !isPicked;
    // Each time with a member behind it, but where it is bound.
    const quoted = name.replace(/\$/g, '\\$&');
    return new RegExp(`(?<![\\w$.])${quoted}(?![\\w$])(?!\\s*(?:\\??\\.\\s*[\\w$#]|=\\s*require\\b|from\\b|:))`).test(
      text,
    );
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
  return specifiersOf(host.read(from) ?? '', path).filter((specifier) => host.resolve(from, specifier) === path);
}
