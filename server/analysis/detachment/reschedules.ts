import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  functionName,
  isFunctionLiteral,
  some,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** The function that a timer runs again and that starts the timer again on every way to its end, if it does. */
export function reschedules(timer: Timer, semantics: Semantics): ts.Node | undefined {
  const own = callbackLiteral(timer);
  for (let root: ts.Node = enclosingRoot(timer.call); !ts.isSourceFile(root); root = enclosingRoot(root)) {
    const name = functionName(root as ts.SignatureDeclaration);
    if (name !== undefined && runs(timer, own, name, root))
      return isUnconditional(timer, root, semantics) ? root : undefined;
    // Only a function that runs in place starts the timer as surely as the one around it.
    if (!isFunctionLiteral(root) || !ts.isCallExpression(unstrip(root).parent)) return undefined;
  }
  return undefined;
}

/** Whether a timer runs the function that starts it. */
export function runsItself(timer: Timer, root: ts.SignatureDeclaration): boolean {
  const name = functionName(root);
  return name !== undefined && runs(timer, callbackLiteral(timer), name, root);
}

/** Whether the timer's callback calls the function: `setTimeout(poll, …)`, `setTimeout(() => this.poll(), …)`. */
function runs({ callback }: Timer, own: ts.Node | undefined, name: string, root: ts.Node): boolean {
  if (!callback) return false;
  if (!own) {
    const expression = strip(callback);
    const bound = ts.isCallExpression(expression) && calleeName(expression)?.text === 'bind' ? expression : undefined;
    const target = bound ? strip((bound.expression as ts.PropertyAccessExpression).expression) : expression;
    return named(target, root) === name;
  }
  let found = false;
  walk(own, (node) => {
    if (!found && ts.isCallExpression(node))
      found = named(strip(node.expression), root) === name && !isGuarded(node, own);
  });
  return found;
}

/** The callback asks before it goes on: somebody can stop it. */
function isGuarded(node: ts.Node, own: ts.Node): boolean {
  for (let current = node.parent; current && current !== own; current = current.parent) {
    if (ts.isIfStatement(current) || ts.isConditionalExpression(current)) return true;
    const { kind } = (current as Partial<ts.BinaryExpression>).operatorToken ?? {};
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken) return true;
  }
  return some(own, (inner) => ts.isReturnStatement(inner) && inner.pos < node.pos);
}

function named(target: ts.Expression, root: ts.Node): string | undefined {
  if (ts.isIdentifier(target)) return ts.isMethodDeclaration(root) ? undefined : target.text;
  const isOwn = ts.isPropertyAccessExpression(target) && target.expression.kind === ts.SyntaxKind.ThisKeyword;
  return isOwn ? target.name.text : undefined;
}

/** Whether no path through the function reaches its end without the timer. */
function isUnconditional({ call }: Timer, root: ts.Node, semantics: Semantics): boolean {
  const holder = semantics.graphs.rootOf(call);
  if (!contains(root, holder)) return false;
  const graph = semantics.graphs.of(holder);
  // Inside a function of its own (`.then(() => setTimeout(…))` that is not part of the graph) nothing is sure.
  if (holder !== root) return false;
  const seen = new Set<FlowNode>([graph.entry]);
  const pending: FlowNode[] = [graph.entry];
  let reached = false;
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.syntax === call) {
      reached = true;
      continue;
    }
    if (node === graph.exit) return false;
    for (const { kind, to } of node.edges) {
      // A rejection that the function handles leads back to the timer or to its end: only ends without it count.
      if (kind === 'throw' && to === graph.thrown) continue;
      if (!seen.has(to)) {
        seen.add(to);
        pending.push(to);
      }
    }
  }
  return reached;
}
