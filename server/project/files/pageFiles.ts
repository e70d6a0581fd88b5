/** Directories in which a package keeps the same files under the same names: sources, and what is built of them. */
const holders = /^(?:\.\/)?(?:(?:dist|lib|build|out|output|src|source|esm|cjs|es|module|umd|types)\/)*/;

/**
 * The files that a package.json names for bundles of pages, by `browser` or by that condition in `exports`, and for nobody
 * else: what is its `main`, too, runs everywhere.
 */
export function pageFilesIn({ browser, exports, main, module }: Readonly<Record<string, unknown>>): readonly string[] {
  const everywhere = new Set([main, module, withoutPages(exports)].flatMap(filesIn).map(stemOf));
  if (everywhere.size === 0) return [];
  return [...filesIn(browser), ...forPages(exports)].filter((name) => !everywhere.has(stemOf(name)));
}

/** Whether one of these names means a file, which may be the source of what is named. */
export function isPageFile(names: readonly string[], relativePath: string): boolean {
  const stem = stemOf(relativePath);
  return names.some((name) => stemOf(name) === stem);
}

/** `"./page.js"`, `{ "./node.js": "./page.js", "fs": false }` */
function filesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return isObject(value) ? Object.values(value).flatMap(filesIn) : [];
}

function forPages(value: unknown): readonly string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => (key === 'browser' ? filesIn(each) : forPages(each)));
}

function withoutPages(value: unknown): unknown {
  if (!isObject(value)) return value;
  const others = Object.entries(value).filter(([key]) => key !== 'browser' && key !== 'types');
  return Object.fromEntries(others.map(([key, each]) => [key, withoutPages(each)]));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** `dist/esm/page.min.js` is made of `src/page.ts`. */
function stemOf(path: string): string {
  return path.replace(holders, '').replace(/(?:\.min)?(?:\.d)?\.[cm]?[jt]sx?$/, '');
}
