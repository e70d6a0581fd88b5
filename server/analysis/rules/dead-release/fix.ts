import ts from 'typescript';
import { exchangeOf, mayLendNothing, mayLendPromise } from '../../customPools/exchange.ts';
import { lentObligation } from '../../customPools/lentObligation.ts';
import type { TextEdit } from '../../edit.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { anchorOf } from '../../fixes/anchor.ts';
import { type Held, isHeld, isStable } from '../../fixes/held.ts';
import { receiptOf } from '../../fixes/receipt.ts';
import { releasesOf } from '../../fixes/releases.ts';
import { tryFinally } from '../../fixes/tryFinally.ts';
import { contains, enclosingRoot, functionName, receiver, strip, unstrip } from '../../syntax/tree.ts';
import type { SourceUnit } from '../../syntax/unit.ts';
import { memberOf, widened } from './visibility.ts';

/** A place that takes something out of the pool. */
export interface LendingSite {
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly unit: SourceUnit;
  readonly lend: ts.FunctionLikeDeclaration;
}

/**
 * The call that is missing, in `finally`, at every place that takes something out. All or nothing: where only some give
 * back, the finding would be gone and the leak would not.
 */
export function fixes(
  file: FileAnalysis,
  release: ts.FunctionLikeDeclaration,
  sites: readonly LendingSite[],
): readonly Fix[] {
  const edits = new Map<SourceUnit, TextEdit[]>();
  const add = (unit: SourceUnit, more: readonly TextEdit[]): void => {
    edits.set(unit, [...(edits.get(unit) ?? []), ...more]);
  };
  const analyses = new Map<SourceUnit, FileAnalysis>([[file.unit, file]]);
  const roots: ts.Node[] = [];
  for (const site of sites) {
    const analysis = analyses.get(site.unit) ?? inUnit(file, site.unit);
    analyses.set(site.unit, analysis);
    const root = enclosingRoot(site.call);
    // Two edits in one function would have to know of each other.
    if (roots.some((other) => areNested(other, root))) return [];
    roots.push(root);
    const more = givenBackAt(analysis, release, site);
    if (!more) return [];
    add(site.unit, more);
  }
  const opened = widened(
    release,
    sites.map(({ call }) => call),
  );
  if (sites.length === 0 || !opened) return [];
  if (opened.length > 0) add(file.unit, opened);
  const build: Fix['build'] = () => {
    // The edits are those of the texts that were analysed.
    if ([...edits.keys()].some((unit) => file.program.unit(unit.path) !== unit)) return undefined;
    return { files: [...edits].map(([{ path }, its]) => ({ path, create: false, edits: its })) };
  };
  return [{ title: `Call \`${functionName(release)}\` in \`finally\``, safety: 'suggestion', build }];
}

function areNested(one: ts.Node, other: ts.Node): boolean {
  return one.getSourceFile() === other.getSourceFile() && (contains(one, other) || contains(other, one));
}

function inUnit(file: FileAnalysis, unit: SourceUnit): FileAnalysis {
  return { ...file, unit, isTestCode: false, obligations: file.ownership.solve({ unit, isTestCode: false }) };
}

/** The edits of one place: `const x = [await] pool.get(…)`, and from there to the last use of `x` a `try`. */
function givenBackAt(
  analysis: FileAnalysis,
  release: ts.FunctionLikeDeclaration,
  { call, unit, lend }: LendingSite,
): readonly TextEdit[] | undefined {
  if (!ts.isCallExpression(call) || !isMemberOfSame(call, lend, release)) return undefined;
  const isAwaited = ts.isAwaitExpression(unstrip(call).parent);
  if (!exchangeOf(release, lend) || (!isAwaited && mayLendPromise(lend))) return undefined;
  const obligation = lentObligation(call, { lend, release }, isAwaited);
  const solved = analysis.ownership.solveOne({ unit, isTestCode: false }, obligation);
  const held = solved && receiptOf(analysis, solved);
  if (!solved || !isHeld(held) || !isPlain(held) || releasesOf(held).length > 0) return undefined;
  if (mayLendNothing(lend) && !isGuarded(held)) return undefined;
  // Who waits for a callee knows when it is done with it.
  const { handovers } = solved.exploration;
  if (handovers.some(({ to, node }) => to !== 'callee' || !isSettled(node.syntax))) return undefined;
  const others = held.binding.references.filter((reference) => reference !== held.target);
  if (!others.every((use) => isOnlyUsed(use, handovers.length > 0))) return undefined;
  const exploration = { ...solved.exploration, handovers: [] };
  return tryFinally({ ...held, solved: { ...solved, exploration } })?.edits;
}

/** `pool.get()`, where the object that `pool` is has the way back, too. */
function isMemberOfSame(
  call: ts.CallExpression,
  lend: ts.FunctionLikeDeclaration,
  release: ts.FunctionLikeDeclaration,
): boolean {
  const owner = receiver(call);
  const [one, other] = [memberOf(lend), memberOf(release)];
  if (!owner || !isStable(owner) || !one || !other || one.parent !== other.parent) return false;
  const isStatic = (member: ts.Node): boolean =>
    (ts.getCombinedModifierFlags(member as ts.Declaration) & ts.ModifierFlags.Static) !== 0;
  const callee = strip(call.expression);
  const isOptional = call.questionDotToken || (ts.isPropertyAccessExpression(callee) && callee.questionDotToken);
  return isStatic(one) === isStatic(other) && !isOptional;
}

/** A `const` of its own, not one of several names or a fallback for another value. */
function isPlain({ acquisition, target, resource, guard, callback }: Held): boolean {
  if (!acquisition || !ts.isVariableStatement(acquisition) || guard !== undefined || callback) return false;
  const { declarations, flags } = acquisition.declarationList;
  return declarations.length === 1 && (flags & ts.NodeFlags.Const) !== 0 && declarations[0]?.name === target
    ? resource === target.text
    : false;
}

/** `if (!x) return;` comes next. */
function isGuarded(held: Held): boolean {
  const anchor = anchorOf(held, []);
  const before = anchor?.list.statements.indexOf(held.acquisition as ts.Statement) ?? -1;
  return anchor !== undefined && before >= 0 && anchor.from > before + 1;
}

/** Whether a mention of the resource neither keeps it nor gives it away. `strict`: nobody has followed the callees. */
function isOnlyUsed(use: ts.Identifier, strict: boolean): boolean {
  const node = unstrip(use);
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) return parent.expression === node;
  if (ts.isCallExpression(parent) && parent.expression !== node) return !strict || isSettled(parent);
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isIfStatement(parent)) return true;
  return ts.isBinaryExpression(parent) && /^[!=]==?$/.test(parent.operatorToken.getText());
}

function isSettled(node: ts.Node): boolean {
  if (!ts.isExpression(node)) return false;
  const { parent } = unstrip(node);
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent);
}
