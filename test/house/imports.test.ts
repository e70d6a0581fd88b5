import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { freeIdentifiers, type Import, type Source, sourcesIn } from '../support/sourceGraph.ts';

const server = sourcesIn('server');
const everything = [...server, ...sourcesIn('client', 'protocol', 'test')];
const byPath = new Map(everything.map((source) => [source.path, source]));

/** Imports of the files under `directory` that break a rule, as `file → specifier`. */
function offenders(directory: string, isWrong: (it: Import, source: Source) => boolean): readonly string[] {
  return everything
    .filter(({ path }) => path.startsWith(directory))
    .flatMap((source) =>
      source.imports.filter((it) => isWrong(it, source)).map((it) => `${source.path} → ${it.specifier}`),
    );
}

const isPackage = (name: string) => (it: Import) => it.specifier === name || it.specifier.startsWith(`${name}/`);
const leaves = (directory: string) => (it: Import) => it.file !== undefined && !it.file.startsWith(directory);
const shared = 'protocol/';
const loads = (directory: string) => (it: Import) => !it.typeOnly && !it.file?.startsWith(directory);

/** The invariants of the architecture, written as absences. */
describe('imports', () => {
  it('analysis/ imports nothing but itself, the parser and version ranges', () => {
    const pure = new Set(['typescript', 'semver']);
    const wrong = offenders('server/analysis/', (it) =>
      it.file === undefined ? !pure.has(it.specifier) : leaves('server/analysis/')(it),
    );
    assert.deepEqual(wrong, []);
  });

  it('analysis/ knows no clock, process, protocol or network', () => {
    const outside =
      /^(?:process|console|Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|globalThis|Buffer|require|__dirname|__filename)$/;
    const wrong = server
      .filter(({ path }) => path.startsWith('server/analysis/'))
      .flatMap((source) =>
        freeIdentifiers(source)
          .filter(({ text }) => outside.test(text))
          .map(({ text }) => `${source.path}: ${text}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('the parser does not ask the disk or a type checker', () => {
    const wrong = server
      .filter(({ path }) => path.startsWith('server/analysis/'))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\bts\.(?:sys|createProgram|createLanguageService|resolveModuleName|TypeChecker)\b/g)].map(
          ([it]) => `${path}: ${it}`,
        ),
      );
    assert.deepEqual(wrong, []);
  });

  it('client/ and server/ do not import each other; what both say lies in protocol/, which imports nothing', () => {
    const unshared = (wrong: (it: Import) => boolean) => (it: Import) => wrong(it) && !it.file?.startsWith(shared);
    assert.deepEqual(offenders('client/', unshared(leaves('client/'))), []);
    assert.deepEqual(offenders('server/lsp/', unshared(leaves('server/'))), []);
    assert.deepEqual(
      offenders('server/', (it, { path }) => leaves('server/')(it) && !path.startsWith('server/lsp/')),
      [],
    );
    assert.deepEqual(
      offenders(shared, () => true),
      [],
    );
  });

  it('only client/ imports vscode, only server/lsp/ the language server library', () => {
    assert.deepEqual(offenders('server/', isPackage('vscode')), []);
    const wrong = offenders(
      'server/',
      (it, { path }) => it.specifier.startsWith('vscode-languageserver') && !path.startsWith('server/lsp/'),
    );
    assert.deepEqual(wrong, []);
  });

  it('the drivers do not know each other, and project/ knows neither', () => {
    assert.deepEqual(
      offenders('server/cli/', (it) => it.file?.startsWith('server/lsp/') ?? false),
      [],
    );
    assert.deepEqual(
      offenders('server/lsp/', (it) => it.file?.startsWith('server/cli/') ?? false),
      [],
    );
    assert.deepEqual(
      offenders('server/project/', (it) => /^server\/(?:cli|lsp|main)\//.test(it.file ?? '')),
      [],
    );
  });

  it('only project/ touches the disk and starts programs', () => {
    const wrong = offenders(
      'server/',
      (it, { path }) =>
        /^node:(?:fs|child_process|net|http|https|dgram|tls)(?:\/|$)/.test(it.specifier) &&
        !path.startsWith('server/project/'),
    );
    assert.deepEqual(wrong, []);
  });

  it('only project/types/ knows the native compiler', () => {
    const wrong = offenders(
      'server/',
      (it, { path }) => isPackage('typescript-native')(it) && !path.startsWith('server/project/types/'),
    );
    assert.deepEqual(wrong, []);
  });

  it('only cli/ writes to stdout and stderr', () => {
    const wrong = server
      .filter(({ path }) => !path.startsWith('server/cli/'))
      .flatMap((source) => [
        ...freeIdentifiers(source)
          .filter(({ text }) => text === 'console')
          .map(() => `${source.path}: console`),
        ...[...withoutText(source.tree.text).matchAll(/process\.(?:stdout|stderr)/g)].map(
          ([it]) => `${source.path}: ${it}`,
        ),
      ]);
    assert.deepEqual(wrong, []);
  });

  it('nobody calls process.exit(): a pipe would be cut off', () => {
    // In the callback of a write, what was written before is on its way out.
    const exit = /(?<!\.write\(, \(\) => )\bprocess\.exit\(/;
    const wrong = [...server, ...sourcesIn('client')].filter(({ tree }) => exit.test(withoutText(tree.text)));
    assert.deepEqual(
      wrong.map(({ path }) => path),
      [],
    );
  });

  it('rules ask ownership/, contexts/ and fixes/; they walk no paths themselves', () => {
    const wrong = offenders('server/analysis/rules/', (it, { path }) => {
      if (path.endsWith('.generated.ts') || it.file === undefined) return false;
      return /^server\/analysis\/(?:controlFlow|syntax\/scopes)/.test(it.file) && !it.typeOnly;
    });
    assert.deepEqual(wrong, []);
  });

  it('rules do not import each other', () => {
    const folder = (path: string): string => path.split('/').slice(0, 4).join('/');
    const wrong = offenders('server/analysis/rules/', (it, { path }) => {
      const target = it.file ?? '';
      const isRuleFolder = /^server\/analysis\/rules\/[^/]+\//.test(target);
      return isRuleFolder && !path.endsWith('registry.generated.ts') && folder(target) !== folder(path);
    });
    assert.deepEqual(wrong, []);
  });

  it('resource models are data: they import nothing but each other', () => {
    assert.deepEqual(offenders('server/analysis/resources/', loads('server/analysis/resources/')), []);
  });

  it('the parser is loaded only after a hit of the pre-filter', () => {
    for (const entry of ['server/main/cli.ts', 'server/main/worker.ts']) {
      assert.deepEqual(pathTo(entry, 'typescript'), undefined, `${entry} loads typescript at start`);
    }
  });

  it('relative imports name a file that exists, with its extension', () => {
    const generated = /\.generated\.ts$/;
    assert.deepEqual(
      offenders('', (it) => it.file !== undefined && !generated.test(it.file) && !existsSync(it.file)),
      [],
    );
  });
});

/** The chain of static imports from a file to a package. */
function pathTo(from: string, name: string, seen = new Set<string>()): readonly string[] | undefined {
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const it of byPath.get(from)?.imports ?? []) {
    if (it.typeOnly || it.dynamic) continue;
    if (it.specifier === name) return [from, name];
    const rest = it.file && pathTo(it.file, name, seen);
    if (rest) return [from, ...rest];
  }
  return undefined;
}

/** Code without comments and string literals, roughly: enough to look for calls. */
function withoutText(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '');
}
