import semver from 'semver';
import ts from 'typescript';
import type { DisposalSupport } from '../resources/model.ts';
import { anchorOf } from './anchor.ts';
import { acquiresMeanwhile, delayed } from './delay.ts';
import type { Held } from './held.ts';
import type { FixPlan } from './plan.ts';
import { isAsyncRoot, releasesOf } from './releases.ts';
import { doom, removeDoomed } from './removal.ts';
import { addAwait, hidesPromises, returned, returnsCanWait, unsettledReturns } from './returnAwait.ts';
import { Rewriter } from './rewriter.ts';
import { outlives, usesOf } from './uses.ts';

/** `await using client = await pool.getConnection();` where language, library and settings allow it. */
export function awaitUsing(held: Held): FixPlan | undefined {
  const { acquisition, fn, target, file } = held;
  const support = disposalOf(held);
  if (!support || !acquisition || !ts.isVariableStatement(acquisition) || !isDeclarable(held)) return undefined;
  const keyword = support.disposal === 'async' ? 'await using' : 'using';
  const releases = releasesOf(held);
  const isMovable = releases.every(({ statement, special }) => statement && !special);
  if ((keyword === 'await using' && !isAsyncRoot(held)) || !isMovable) return undefined;
  if (support.differs !== undefined && opensTransaction(fn)) return undefined;
  const doomed = doom(releases.flatMap((r) => r.statement ?? []));
  const uses = usesOf(held, releases);
  const anchor = anchorOf(held, [...uses.all, ...releases.map((r) => r.node)]);
  if (!doomed || !anchor?.certain || [...doomed.finallies].some((t) => !t.catchClause)) return undefined;
  const range = { list: anchor.list, from: anchor.from, to: anchor.list.statements.length - 1 };
  if (acquiresMeanwhile(delayed(range, doomed), held) || uses.all.some((use) => outlives(use, held))) return undefined;
  const unsettled = unsettledReturns(anchor.list.statements.slice(range.from), uses);
  const inside = anchor.list.statements.slice(range.from);
  if (returned(inside).some((e) => hidesPromises(e, uses, held))) return undefined;
  if (unsettled.length > 0 && !returnsCanWait(held)) return undefined;
  const rewriter = new Rewriter();
  removeDoomed(rewriter, file, doomed);
  for (const expression of unsettled) addAwait(rewriter, expression);
  rewriter.replace(acquisition.declarationList.getStart(file), target.getStart(file), `${keyword} `);
  return { title: `Use \`${keyword}\``, safety: 'suggestion', edits: rewriter.edits() };
}

/** How the installed version of the library disposes of the resource, if the file may use it. */
function disposalOf({ analysis, obligation }: Held): DisposalSupport | undefined {
  const { unit, options, program } = analysis;
  if (options.disposal !== 'auto' || !program.host.environment(unit.path).using) return undefined;
  const { acquisition, model } = obligation;
  for (const { name } of acquisition.disposal ? model.packages : []) {
    const version = program.host.packageVersion(unit.path, name);
    const found = acquisition.disposal?.find(
      ({ versions }) => version !== undefined && semver.satisfies(version, versions, { includePrerelease: true }),
    );
    if (found && found.disposal !== 'none') return found;
  }
  return undefined;
}

/** `using` declares one constant name, and not in a `case`. */
function isDeclarable({ acquisition, binding, target, resource, guard }: Held): boolean {
  if (!acquisition || !ts.isVariableStatement(acquisition) || guard !== undefined) return false;
  const [declaration, ...others] = acquisition.declarationList.declarations;
  if (others.length > 0 || declaration?.name !== target || resource !== target.text || binding.writes.length > 0)
    return false;
  const isScoped = (acquisition.declarationList.flags & ts.NodeFlags.BlockScoped) !== 0;
  return isScoped && (ts.isBlock(acquisition.parent) || ts.isSourceFile(acquisition.parent));
}

const opensTransaction = (fn: ts.Node): boolean => /\b(?:begin|start|transaction|commit|rollback)/i.test(fn.getText());
