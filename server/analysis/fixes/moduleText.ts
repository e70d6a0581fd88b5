import type { Style } from './style.ts';

/**
 * A module that is written into the user's project. Its text is TypeScript as an ES module with single quotes and two
 * blanks; what stands between « and » are types, which JavaScript does without.
 */
export interface ModuleTemplate {
  /** In camel case; the file is called as the user calls files. */
  readonly name: string;
  readonly text: string;
}

/** How the user writes modules. */
export interface Dialect {
  readonly typed: boolean;
  readonly esm: boolean;
  readonly quote: string;
  readonly style: Style;
}

/** The first line of every written module: it is imported again, and not written twice. */
export const mark = '// Written by Leakproof.';

/** A template in the user's dialect. */
export function written({ text }: ModuleTemplate, { typed, esm, quote, style }: Dialect): string {
  let result = `${mark} ${text.trimStart()}`.replace(/«([^»]*)»/g, typed ? '$1' : '');
  if (!esm && !typed) {
    const exports = [...result.matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)].map(([, name]) => name);
    result = result
      .replace(/^import (.*) from (.*);$/gm, 'const $1 = require($2);')
      .replace(/^export /gm, '')
      .concat(`\nmodule.exports = { ${exports.join(', ')} };\n`);
  }
  if (style.end === '') result = result.replace(/;$/gm, '');
  if (quote === '"') result = result.replaceAll("'", '"');
  return result
    .replace(/^(?: {2})+/gm, (indent) => style.unit.repeat(indent.length / 2))
    .replaceAll('\n', style.newline);
}
