/** Numbers that both compilers use: module kinds up to this one (none, commonjs, amd, umd, system) predate ES modules. */
const lastOldModuleKind = 4;
const node10 = 2;

/** What must be said differently so that the compilers resolve names as the project's own TypeScript does. */
export interface OptionChanges {
  readonly options: Readonly<Record<string, unknown>>;
  readonly needsTypescript6: boolean;
}

/** Outputs, builds and library checks are none of our business, and cost time. */
const quiet = {
  noEmit: true,
  composite: false,
  incremental: false,
  tsBuildInfoFile: null,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedDeclarations: false,
  skipLibCheck: true,
  plugins: [],
};

/**
 * Derives the options for the compilers from a project's own.
 *
 * 7.0.2 refuses nothing: it names removed options in a diagnostic, ignores them and answers all the same. Of these
 * options, `baseUrl` and node10 resolution have an exact modern form; only `esModuleInterop: false` has none.
 * And the defaults changed with 6: `types` became `[]`, `strict` and `esModuleInterop` became true.
 *
 * @param parsed effective options as the compilers parse them, paths absolute
 * @param typescriptMajor the major version of the TypeScript that the project has installed; `undefined`: none
 */
export function effectiveOptions(
  parsed: Readonly<Record<string, unknown>>,
  typescriptMajor: number | undefined,
): OptionChanges {
  const oldDefaults = typescriptMajor !== undefined && typescriptMajor < 6;
  const options: Record<string, unknown> = { ...quiet };
  if (parsed.types === undefined) {
    options.types = ['*'];
  }
  if (oldDefaults && parsed.strict === undefined) {
    options.strict = false;
  }
  const oldModules = typeof parsed.module === 'number' ? parsed.module <= lastOldModuleKind : oldDefaults;
  if ((parsed.moduleResolution ?? (oldDefaults && oldModules ? node10 : undefined)) === node10) {
    Object.assign(options, {
      moduleResolution: 'bundler',
      resolvePackageJsonExports: false,
      resolvePackageJsonImports: false,
      customConditions: null,
    });
    if (oldModules) {
      options.module = 'commonjs';
    }
  }
  if (typeof parsed.baseUrl === 'string') {
    options.baseUrl = null;
    options.paths = pathsWithoutBaseUrl(parsed.baseUrl, parsed.paths);
  }
  const interop = parsed.esModuleInterop ?? !(oldDefaults && oldModules);
  if (interop === false) {
    options.esModuleInterop = false;
  }
  return { options, needsTypescript6: interop === false };
}

/** `baseUrl` tries `<baseUrl>/<name>` after the matching entry of `paths` and before `node_modules`; so does a last substitution. */
function pathsWithoutBaseUrl(baseUrl: string, paths: unknown): Record<string, readonly string[]> {
  const result: Record<string, readonly string[]> = {};
  for (const [pattern, substitutions] of Object.entries((paths ?? {}) as Record<string, unknown>)) {
    if (Array.isArray(substitutions)) {
      const absolute = substitutions.map((each) => absolutePath(baseUrl, String(each)));
      result[pattern] = [...new Set([...absolute, `${baseUrl}/${pattern}`])];
    }
  }
  result['*'] = [...new Set([...(result['*'] ?? []), `${baseUrl}/*`])];
  return result;
}

function absolutePath(base: string, path: string): string {
  return /^(?:\/|[A-Za-z]:)/.test(path) ? path : `${base}/${path.replace(/^\.\//, '')}`;
}
