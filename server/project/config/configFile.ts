import {
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { LibraryModel } from '../../analysis/resources/model.ts';
import { LineMap } from '../files/lineMap.ts';
import { readRegularFile } from '../files/regularFile.ts';
import { toLibraryModel } from './models.ts';
import { type Config, configSchema } from './schema.ts';
import { type Problem, type Schema, validate } from './validate.ts';

/** The name of the configuration file. */
export const configName = 'leakproof.jsonc';

/** A configuration file that is sound. */
export interface ConfigFile {
  readonly path: string;
  readonly directory: string;
  readonly config: Config;
  readonly models: readonly LibraryModel[];
  /** `line:column` of the value at a path of keys. */
  place(path: JSONPath): string;
}

/** What is wrong with a configuration file; its messages begin with `line:column` where there is a place. */
export interface BrokenConfig {
  readonly path: string;
  readonly problems: readonly string[];
}

export type LoadedConfig = ConfigFile | BrokenConfig | undefined;

/** Reads and validates a configuration file; `undefined` when there is none. */
export function loadConfig(path: string): LoadedConfig {
  const file = readRegularFile(path);
  if ('error' in file) {
    if (file.code === 'ENOENT' || file.code === 'ENOTDIR') return undefined;
    return { path, problems: [`cannot be read: ${file.error}`] };
  }
  if ('unfit' in file) {
    const what = file.unfit === 'directory' ? 'is a directory' : 'is no regular file';
    return { path, problems: [`${what}; the configuration must be a file, or the name must be free`] };
  }
  const text = file.bytes.toString('utf8').replace(/^\uFEFF/, '');
  return parseConfig(path, text);
}

/** The same for a text that is at hand. */
export function parseConfig(path: string, text: string): ConfigFile | BrokenConfig {
  const lines = new LineMap(text);
  const place = (offset: number): string => {
    const { line, column } = lines.position(offset);
    return `${line}:${column}`;
  };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  // Errors after the first mostly follow from it.
  const problems = errors.slice(0, 1).map(syntaxProblem);
  if (problems.length === 0) {
    if (root === undefined) problems.push({ offset: 0, message: 'the file is empty; write at least {}' });
    else problems.push(...validate(root, configSchema as unknown as Schema));
  }
  if (problems.length > 0 || root === undefined) {
    const sorted = problems.sort((a, b) => a.offset - b.offset);
    return { path, problems: sorted.map(({ offset, message }) => `${place(offset)} ${message}`) };
  }
  const config: Config = getNodeValue(root);
  return {
    path,
    directory: path.slice(0, path.lastIndexOf('/')) || '/',
    config,
    models: (config.models ?? []).map(toLibraryModel),
    place: (keys) => place(findNodeAtLocation(root, keys)?.offset ?? 0),
  };
}

function syntaxProblem({ error, offset }: ParseError): Problem {
  return {
    offset,
    message: syntaxMessages[printParseErrorCode(error)] ?? `syntax error (${printParseErrorCode(error)})`,
  };
}

const syntaxMessages: Readonly<Record<string, string>> = {
  InvalidSymbol: 'unknown word; strings need double quotes',
  InvalidNumberFormat: 'malformed number',
  PropertyNameExpected: 'a key in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected after the key',
  CommaExpected: 'a comma is expected before this',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  EndOfFileExpected: 'the document ends before this; remove the rest',
  InvalidCommentToken: 'malformed comment',
  UnexpectedEndOfComment: 'the comment is not closed',
  UnexpectedEndOfString: 'the string is not closed',
  UnexpectedEndOfNumber: 'the number is cut off',
  InvalidUnicode: 'malformed Unicode escape',
  InvalidEscapeCharacter: 'unknown escape; a backslash is written as \\\\',
  InvalidCharacter: 'this character is not allowed here; write it as an escape',
};
