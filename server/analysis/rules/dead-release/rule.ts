import ts from 'typescript';
import { isTestFile } from '../../contexts/places.ts';
import { type CustomPool, customPoolsOf } from '../../customPools/customPools.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report, Span, WitnessStep } from '../../finding.ts';
import { calleeName, functionName, qualifiedName } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes, type LendingSite } from './fix.ts';

const id = 'dead-release';

/** A witness that goes on and on helps nobody. */
const maxSites = 5;

export const deadRelease: Rule = {
  id,
  family: 'pools',
  preset: 'recommended',
  severity: 'error',
  summary: 'a pool that lends and whose way back nobody calls',
  patterns: ['P24'],
  triggers: ['push', 'unshift', 'add', 'delete', 'splice', '--;', '-= 1', 'inUse', 'busy', 'in_use', 'taken', 'leased'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const reported = new Set<ts.Node>();
    for (const pool of customPoolsOf(file.unit)) {
      const [release] = pool.takesBack;
      if (!release || reported.has(release)) continue;
      const found = deadIn(file, pool);
      if (!found) continue;
      reported.add(release);
      report(reportOf(file, pool, release, found));
    }
  },
};

interface Dead {
  readonly sites: readonly LendingSite[];
  /** Whether nothing else may take out: no call that cannot be told, no function that is passed on. */
  readonly complete: boolean;
  /** Whether somebody outside of the project may call it. */
  readonly exposed: boolean;
  readonly onlyTests: boolean;
}

/** Who lends, when nobody takes back; `undefined` when somebody does, or may. */
function deadIn(file: FileAnalysis, { lends, takesBack }: CustomPool): Dead | undefined {
  const { references } = file.semantics;
  const inTests = (path: string): boolean => isTestFile(file.program.host, path);
  let exposed = false;
  let onlyTests = false;
  for (const release of takesBack) {
    const uses = references.usesOf(release);
    if (uses === 'unknown') return undefined;
    const own = (node: ts.Node): boolean => node.getSourceFile() === file.unit.file && within(release, node);
    const calls = uses.calls.filter(({ call }) => !own(call));
    const values = uses.values.filter(({ token }) => !own(token));
    if ([...calls, ...values].some(({ unit }) => !inTests(unit.path))) return undefined;
    onlyTests ||= calls.length > 0 || values.length > 0;
    exposed ||= uses.exposed;
  }
  const sites: LendingSite[] = [];
  let complete = true;
  for (const lend of lends) {
    const uses = references.usesOf(lend);
    if (uses === 'unknown') complete = false;
    else {
      const calls = uses.calls.filter(({ unit }) => !inTests(unit.path));
      sites.push(...calls.filter(({ certain }) => certain).map(({ call, unit }) => ({ call, unit, lend })));
      complete &&= calls.every(({ certain }) => certain) && uses.values.every(({ unit }) => inTests(unit.path));
    }
  }
  return sites.length === 0 ? undefined : { sites, complete, exposed, onlyTests };
}

function reportOf(file: FileAnalysis, pool: CustomPool, release: ts.FunctionLikeDeclaration, dead: Dead): Report {
  const { sites, complete, exposed, onlyTests } = dead;
  const name = functionName(release) ?? 'release';
  const span = nameSpan(release);
  const { path } = file.unit;
  const [lending] = pool.lending;
  const steps: WitnessStep[] = sites.slice(0, maxSites).map(({ call, unit }) => ({
    path: unit.path,
    span: spanOf(calleeName(call) ?? call),
    label: 'taken out here, and never given back',
  }));
  if (lending)
    steps.unshift({ path, span: spanOf(lending), label: pool.counts ? 'lent and counted here' : 'lent here' });
  steps.push({
    path,
    span,
    label: onlyTests ? 'would take it back, and only tests call it' : 'would take it back, and nobody calls it',
  });
  const times = sites.length === 1 ? 'once' : `in ${sites.length} places`;
  return {
    rule: id,
    severity: exposed ? 'info' : 'error',
    confidence: exposed ? 'possible' : isPrivate(release) ? 'proven' : 'likely',
    message: {
      what: `nothing calls \`${name}\`${onlyTests ? ' except tests' : ''}, while what it should take back is lent ${times}`,
      why: pool.counts
        ? `\`${pool.state}\` counts what was lent, also when the resource itself is closed: the pool believes it is in use for ever`
        : `\`${pool.state}\` never gets anything back: each time a new one is made, and nothing is reused`,
      remedy: `call \`${name}\` in \`finally\` wherever it is taken out, or do without the pool`,
    },
    path,
    span,
    resource: { library: 'javascript', kind: 'pool', acquire: functionName(pool.lends[0] ?? release) ?? name },
    witness: steps,
    fixes: complete && !exposed && pool.takesBack.length === 1 ? fixes(file, release, sites) : [],
    enclosing: qualifiedName(release),
    acquisition: name,
  };
}

function isPrivate(node: ts.FunctionLikeDeclaration): boolean {
  if (node.name && ts.isPrivateIdentifier(node.name)) return true;
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.PrivateKeyword) ?? false)
  );
}

function nameSpan(node: ts.FunctionLikeDeclaration): Span {
  const { parent } = node;
  const named = node.name ?? (parent as { readonly name?: ts.Node }).name;
  return spanOf(named ?? node);
}

function spanOf(node: ts.Node): Span {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  const newline = file.text.slice(start, node.end).search(/\r?\n/);
  return { start, end: newline < 0 ? node.end : start + newline };
}

function within(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}
