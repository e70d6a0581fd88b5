import ts from 'typescript';
import { calledMethod, enclosingRoot, walk } from '../syntax/tree.ts';
import type { Call } from './sites.ts';

const stopping = /^(?:close|end|destroy|destroySoon|terminate)$/;
const listening = /^(?:on|once|addEventListener)$/;
const endings = /^(?:close|end|error)$/;

/** One connection and the one that is ended, or fed, by it. */
type Pair = readonly [from: string, to: string];

/**
 * Whether the socket carries on what another connection sends, and lives as long as that one: piped both ways, or each
 * ended when the other ends. How long they are silent is the business of those at the two ends.
 */
export function isForwarded(call: Call): boolean {
  const root = enclosingRoot(call);
  const pipes: Pair[] = [];
  const ends: Pair[] = [];
  walk(ts.isSourceFile(root) ? call : root, (node) => {
    const handled = handlerOf(node);
    if (handled) for (const to of stoppedIn(handled.handler)) ends.push([handled.from, to]);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const [target] = node.arguments;
    if (node.expression.name.text !== 'pipe' || !target) return;
    // `a.pipe(b).pipe(a)`: what is behind a pipe is what it leads to.
    const inner = node.expression.expression;
    const between = ts.isCallExpression(inner) && calledMethod(inner) === 'pipe' ? inner.arguments[0] : undefined;
    pipes.push([(between ?? inner).getText(), target.getText()]);
  });
  return isMutual(pipes) || isMutual(ends);
}

/** `client.on('close', () => …)`, `client.pipe(parser).on('end', () => …)`, `ws.onclose = () => …` */
function handlerOf(node: ts.Node): { readonly from: string; readonly handler: ts.Node } | undefined {
  if (ts.isCallExpression(node)) {
    const [event, handler] = node.arguments;
    if (!event || !handler || !ts.isStringLiteralLike(event) || !endings.test(event.text)) return undefined;
    return listening.test(calledMethod(node) ?? '') ? { from: baseOf(node), handler } : undefined;
  }
  if (!ts.isBinaryExpression(node) || !ts.isPropertyAccessExpression(node.left)) return undefined;
  const { name, expression } = node.left;
  return /^on(?:close|end|error)$/.test(name.text) ? { from: expression.getText(), handler: node.right } : undefined;
}

/** What a chain of calls starts with. */
function baseOf(node: ts.Expression): string {
  let base = node;
  while (ts.isCallExpression(base) && ts.isPropertyAccessExpression(base.expression)) base = base.expression.expression;
  return base.getText();
}

function stoppedIn(handler: ts.Node): readonly string[] {
  const found: string[] = [];
  walk(handler, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    if (stopping.test(node.expression.name.text)) found.push(node.expression.expression.getText());
  });
  return found;
}

function isMutual(pairs: readonly Pair[]): boolean {
  return pairs.some(([from, to]) => from !== to && pairs.some(([other, back]) => other === to && back === from));
}

/** Whether an accepted socket goes, in whatever it is wrapped, to whoever listens for connections. */
export function isHandedOver(call: Call): boolean {
  const root = enclosingRoot(call);
  const owner = ts.findAncestor(call, ts.isClassLike) ?? (ts.isSourceFile(root) ? call : root);
  return /\.emit\(\s*['"](?:\w*connect\w*|client|socket|session|peer|accept)['"]/i.test(owner.getText());
}

/** Whether a stream that goes on and on is piped into a request that an object keeps. */
export function isKeptOpen(call: Call): boolean {
  const { parent } = call;
  if (!ts.isBinaryExpression(parent) || parent.right !== call || !ts.isPropertyAccessExpression(parent.left))
    return false;
  const kept = parent.left.getText();
  const owner = ts.findAncestor(call, ts.isClassLike);
  return kept.startsWith('this.') && (owner?.getText().includes(`.pipe(${kept})`) ?? false);
}
