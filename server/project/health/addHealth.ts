import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type Dialect, written } from '../../analysis/fixes/moduleText.ts';
import { join, toPortable } from '../files/paths.ts';
import { describeError, errorCode } from '../files/systemErrors.ts';
import { alerts } from './alerts.ts';
import { healthModule } from './healthModule.ts';

/** The files that were written, or why none was. */
export type AddedHealth = { readonly paths: readonly string[] } | { readonly refused: string };

/** So many of the user's files show well enough how modules are written. */
const sampleSize = 20;
const extensions = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'] as const;

/**
 * Writes the module that tells how a process is, and the alerts on its metrics, into a directory: the one that is named,
 * else `src` where there is one. The module is written as the files around it are. Never overwrites.
 */
export function addHealth(cwd: string, named: string | undefined): AddedHealth {
  const root = toPortable(cwd);
  const directory = named === undefined ? sourceDirectory(root) : join(root, toPortable(named));
  const { extension, dialect } = conventionOf(root, directory);
  const files = [
    { path: join(directory, `health.${extension}`), text: written(healthModule, dialect) },
    { path: join(directory, 'health.rules.yml'), text: alerts },
  ];
  const taken = files.find(({ path }) => exists(path));
  if (taken) return { refused: `${taken.path} exists already` };
  try {
    for (const { path, text } of files) writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    return { refused: errorCode(error) === 'ENOENT' ? `there is no directory ${directory}` : describeError(error) };
  }
  return { paths: files.map(({ path }) => path) };
}

function sourceDirectory(root: string): string {
  const sources = join(root, 'src');
  return exists(sources) && statSync(sources).isDirectory() ? sources : root;
}

interface Convention {
  readonly extension: string;
  readonly dialect: Dialect;
}

/** How modules are written in a directory, and where it shows none, below the root. */
function conventionOf(root: string, directory: string): Convention {
  const names = namesIn(directory);
  const count = (extension: string): number => names.filter((name) => name.endsWith(`.${extension}`)).length;
  const [most] = [...extensions].sort((a, b) => count(b) - count(a));
  const isShown = most !== undefined && count(most) > 0;
  const extension = isShown ? most : exists(join(root, 'tsconfig.json')) ? 'ts' : 'js';
  const texts = names
    .filter((name) => name.endsWith(`.${extension}`))
    .slice(0, sampleSize)
    .map((name) => read(join(directory, name)));
  const typed = extension.endsWith('ts');
  const isModule = extension === 'mjs' || (extension === 'js' && isEsm(root, texts));
  return { extension, dialect: { typed, esm: typed || isModule, quote: quoteOf(texts), style: styleOf(texts) } };
}

function isEsm(root: string, texts: readonly string[]): boolean {
  if (/"type"\s*:\s*"module"/.test(read(join(root, 'package.json')))) return true;
  return texts.some((text) => /^(?:import|export) /m.test(text));
}

function quoteOf(texts: readonly string[]): string {
  return countAll(texts, /"[^"\n]*"/g) > countAll(texts, /'[^'\n]*'/g) ? '"' : "'";
}

/** Read off the lines: the parser takes longer to load than all else here. */
function styleOf(texts: readonly string[]): Dialect['style'] {
  const [, unit = '  '] = /^[^\s*/].*[{(]\r?\n([ \t]+)\S/m.exec(texts.join('\n')) ?? [];
  const isUnended = countAll(texts, /[\w)'"`]$/gm) > countAll(texts, /;\r?$/gm);
  return {
    newline: texts.some((text) => text.includes('\r\n')) ? '\r\n' : '\n',
    unit,
    end: texts.length > 0 && isUnended ? '' : ';',
  };
}

function countAll(texts: readonly string[], pattern: RegExp): number {
  return texts.reduce((sum, text) => sum + (text.match(pattern)?.length ?? 0), 0);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !/\.(?:d|test|spec|config)\.\w+$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
