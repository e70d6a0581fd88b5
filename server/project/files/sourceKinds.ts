import { basename } from 'node:path';

const sourceExtension = /\.(?:[jt]sx?|[cm][jt]s)$/;
const declarationFile = /\.d\.(?:[^./\\]+\.)?[cm]?ts$/;
const minifiedName = /[.-]min\.[cm]?jsx?$/;

/** Files above this size are generated; parsing them costs more than they can tell. */
export const maximumBytes = 2 * 1024 * 1024;

/** Whether Leakproof analyses files of that name. */
export function isSourceFile(path: string): boolean {
  const name = basename(path);
  return sourceExtension.test(name) && !declarationFile.test(name);
}

/** Typings hold no code: they are passed over without a word, even when named. */
export function isDeclarationFile(path: string): boolean {
  return declarationFile.test(basename(path));
}

/** Whether a machine wrote the text for machines: by its name, or because its lines are far longer than people write. */
export function isMinified(path: string, text: string): boolean {
  if (minifiedName.test(basename(path))) return true;
  if (text.length < 2_000) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return text.length / lines > 500;
}
