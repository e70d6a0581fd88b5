import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { type ParseError, parse } from 'jsonc-parser';
import type { Overlay } from './overlay.ts';
import { joinPath } from './paths.ts';

/** What a tsconfig says by itself; the compilers answer the rest. */
export interface ConfigFile {
  /** Absolute paths of the tsconfigs that it references, existing or not. */
  readonly references: readonly string[];
  /** What is wrong with it, in words for its author. */
  readonly problem: string | undefined;
}

/** Reads a tsconfig tolerantly; `undefined` when it cannot be read at all. */
export function readConfigFile(path: string, overlay: Overlay): ConfigFile | undefined {
  const text = overlay.read(path);
  if (text === undefined) {
    return undefined;
  }
  const errors: ParseError[] = [];
  const content: unknown = parse(text.replace(/^\uFEFF/, ''), errors, {
    allowTrailingComma: true,
    allowEmptyContent: true,
  });
  const config = typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {};
  const missing = listOf(config.extends).find((base) => typeof base === 'string' && !isResolvable(path, base));
  return {
    references: listOf(config.references).flatMap((reference) => referencedConfig(path, reference)),
    problem:
      errors.length > 0
        ? 'The file is not valid JSON; types are answered with the options that could be read.'
        : missing !== undefined
          ? `The file extends '${missing}', which cannot be found; types are answered without it.`
          : undefined,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function referencedConfig(path: string, reference: unknown): string[] {
  const target = (reference as { path?: unknown } | null)?.path;
  if (typeof target !== 'string') {
    return [];
  }
  const absolute = resolve(dirname(path), target).replaceAll('\\', '/');
  return [isDirectory(absolute) || !absolute.endsWith('.json') ? joinPath(absolute, 'tsconfig.json') : absolute];
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Whether the compilers will find a base configuration: a file, or something inside a package. */
function isResolvable(path: string, base: string): boolean {
  if (/^(?:\.{1,2}\/|\/|[A-Za-z]:)/.test(base)) {
    const absolute = resolve(dirname(path), base);
    return existsSync(absolute) || existsSync(`${absolute}.json`);
  }
  const require = createRequire(path);
  return [base, `${base}.json`, `${base}/tsconfig.json`].some((specifier) => {
    try {
      return require.resolve(specifier) !== '';
    } catch {
      return false;
    }
  });
}
