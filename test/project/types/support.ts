import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Aspect, Declaration, TokenFact, TokenQuery } from '../../../server/analysis/facts.ts';
import type { TypeTier } from '../../../server/project/types/typeTier.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const packages = join(repository, 'test/fixtures/types/packages');

export const allAspects: readonly Aspect[] = ['result', 'disposal', 'promise', 'signal', 'never'];

/** A directory with a project in it; `node_modules` holds the fixture packages and @types/node. */
export interface Fixture {
  readonly root: string;
  path(name: string): string;
  write(name: string, text: string): void;
  delete(name: string): void;
  remove(): void;
}

/** @param files Texts by relative path. Guillemets mark tokens for `queriesIn` and are left out of the written text. */
export function createFixture(files: Readonly<Record<string, string>>, withPackages = true): Fixture {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'leakproof-types-')));
  const fixture: Fixture = {
    root,
    path: (name) => join(root, name),
    write(name, text) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), plain(text));
    },
    delete: (name) => rmSync(join(root, name)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  if (withPackages) {
    cpSync(packages, join(root, 'node_modules'), { recursive: true });
    for (const name of ['@types/node', 'undici-types']) {
      symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
    }
  }
  for (const [name, text] of Object.entries(files)) {
    fixture.write(name, text);
  }
  return fixture;
}

/** The text without its marks. */
export function plain(marked: string): string {
  return marked.replaceAll(/[«»]/g, '');
}

/** One question per marked token. */
export function queriesIn(marked: string, aspects: readonly Aspect[] = allAspects): TokenQuery[] {
  return [...marked.matchAll(/«/g)].map((match, index) => ({ position: match.index - 2 * index, aspects }));
}

/** Asks about every marked token and renders the answers. */
export function ask(tier: TypeTier, path: string, marked: string, aspects = allAspects): string[] {
  return tier.facts(path, queriesIn(marked, aspects)).map((fact) => render(fact));
}

/** Only the declarations of the marked tokens. */
export function declarations(tier: TypeTier, path: string, marked: string): string[] {
  return tier.facts(path, queriesIn(marked, [])).map((fact) => renderDeclaration(fact.declaration));
}

/** One line per fact, with only what is known: `pg@1.0.0 Pool.connect -> pg@1.0.0 PoolClient; promise; disposal none`. */
export function render(fact: TokenFact): string {
  const parts = [
    fact.promise === undefined ? [] : fact.promise ? ['promise'] : ['no promise'],
    fact.disposal === undefined ? [] : [`disposal ${fact.disposal}`],
    fact.signal === undefined ? [] : [`signal ${fact.signal}`],
    fact.never === undefined ? [] : fact.never ? ['never'] : [],
  ].flat();
  const result = fact.result === undefined ? '' : ` -> ${renderDeclaration(fact.result)}`;
  return [`${renderDeclaration(fact.declaration)}${result}`, ...parts].join('; ');
}

function renderDeclaration(declaration: Declaration | undefined): string {
  if (!declaration) {
    return '?';
  }
  const { package: owner, version, module, container, name } = declaration;
  const origin =
    owner === undefined ? 'project' : owner === 'node' || owner === 'typescript' ? owner : `${owner}@${version}`;
  return [origin, module === undefined ? '' : `[${module}]`, container === undefined ? name : `${container}.${name}`]
    .filter((part) => part !== '')
    .join(' ');
}
