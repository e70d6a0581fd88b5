import ts from 'typescript';
import type { FlowGraph, FlowNode } from '../controlFlow/graph.ts';
import type { Program } from '../syntax/program.ts';
import { enclosingRoot, strip, walk } from '../syntax/tree.ts';
import { canonical, literalTruth, operands, textOf } from './predicates.ts';
import type { Relevance } from './relevance.ts';

/** More correlated conditions than this make the number of paths explode; the rest is treated as independent. */
const maxTracked = 10;

/** The conditions that more than one branch of the graph asks about, directly or through a constant's definition. */
export function correlated(program: Program, graph: FlowGraph, relevance: Relevance): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const relevant = new Set<string>();
  let guards = false;
  const seen = new Set<ts.Node>();
  const count = (key: string, weight: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + weight);
    if (guards) relevant.add(key);
  };
  const add = (node: ts.Expression, test: FlowNode['test'], depth: number): void => {
    const condition = test === 'truthy' ? canonical(node) : { key: `${textOf(node)}==null`, negated: false };
    if (!condition) return;
    count(condition.key, 1);
    const compared = strip(node);
    if (ts.isBinaryExpression(compared))
      for (const side of [compared.left, compared.right]) count(`${textOf(side)}==null`, 1);
    const name = condition.key.replace(/==null$/, '');
    count(name, name === condition.key ? 0 : 1);
    count(`${name}==null`, name === condition.key ? 1 : 0);
    const expression = strip(node);
    if (!ts.isIdentifier(expression) || depth >= 2) return;
    const binding = program.unitOf(expression).scopes.bindingOf(expression);
    // A flag: its assignments are as good as branches.
    for (const write of binding?.writes ?? []) if (isLiteralWrite(write)) count(expression.text, 1);
    const declaration = binding?.declarations[0]?.parent;
    if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return;
    count(expression.text, 1);
    if (literalTruth(strip(declaration.initializer)) === undefined)
      for (const operand of operands(declaration.initializer)) add(operand, 'truthy', depth + 1);
  };
  for (const { kind, syntax, test } of graph.nodes) {
    if (kind !== 'branch' || test === 'next' || test === 'case' || !ts.isExpression(syntax) || seen.has(syntax))
      continue;
    seen.add(syntax);
    const decided = guarded(syntax);
    guards = relevance.acquires(decided) || relevance.releases(decided) || relevance.passes(decided);
    add(syntax, test, 0);
    const condition = test === 'truthy' && isOwnLoopTest(program, syntax, relevance) ? canonical(syntax) : undefined;
    if (condition) count(condition.key, 1);
  }
  // Conditions around an acquisition or release first: the others only matter through them.
  const repeated = [...counts]
    .filter(([, n]) => n > 1)
    .sort(([a, n], [b, m]) => Number(relevant.has(b)) - Number(relevant.has(a)) || m - n);
  return new Set(repeated.slice(0, maxTracked).map(([key]) => key));
}

/**
 * Whether the condition is asked once more for every round that acquires, of local names that nobody else writes: on a
 * `continue` that leaves them as they are the loop goes on.
 */
function isOwnLoopTest(program: Program, condition: ts.Expression, relevance: Relevance): boolean {
  let whole: ts.Node = condition;
  while (ts.isParenthesizedExpression(whole.parent) || isConjunction(whole.parent)) whole = whole.parent;
  const { parent: loop } = whole;
  const isTest =
    (ts.isWhileStatement(loop) || ts.isDoStatement(loop)) && loop.expression === whole
      ? true
      : ts.isForStatement(loop) && loop.condition === whole;
  if (!isTest || !relevance.acquires(loop)) return false;
  const root = enclosingRoot(loop);
  let own = true;
  walk(condition, (inner) => {
    if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) own = false;
    if (!ts.isIdentifier(inner)) return;
    const binding = program.unitOf(inner).scopes.bindingOf(inner);
    own &&= binding?.writes.every((write) => enclosingRoot(write) === root) ?? false;
  });
  return own;
}

const isConjunction = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;

/** The statement or expression that a condition decides about. */
export function guarded(condition: ts.Node): ts.Node {
  let current = condition;
  while (
    ts.isExpression(current) &&
    current.parent &&
    ts.isExpression(current.parent) &&
    !ts.isCallExpression(current.parent)
  )
    current = current.parent;
  return ts.isIfStatement(current.parent) ? current.parent : current;
}

function isLiteralWrite(node: ts.Identifier): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) && literalTruth(strip(parent.right)) !== undefined;
}
