import ts from 'typescript';
import { calleeName, contains, isFunctionLiteral, receiver, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** Calls by which whoever holds what ends something ends it. */
const ending =
  /^(?:_|#)?(?:dispose|clean|clear|cancel|close|end|stop|destroy|unsubscribe|unlisten|tear_?down|release|free|off|forEach|map|abort|remove)/i;
/** Calls that take what ends something to keep it. */
const keeping: ReadonlySet<string> = new Set(['push', 'add', 'unshift', 'register', 'defer', 'use']);
/** Calls that run what they are given when something happens: what they return ends that, not the timer. */
const listening =
  /^(?:on|once|then|catch|finally|\w*[lL]istener|subscribe|set(?:Timeout|Interval|Immediate)|nextTick)$/;

/**
 * The names behind which code clears a timer for whoever disposes of them: the list of
 * `list.push(Disposable.create(() => clearTimeout(timer)))`, the variable of `cleanup = { dispose() { clearTimeout(timer) } }`.
 */
export function carriersOf(clears: readonly ts.Node[], start: ts.Node): readonly ts.Expression[] {
  return clears.flatMap((clear) => {
    const fn = functionAround(clear);
    const carrier = fn && !contains(fn, start) ? carrierOf(fn) : undefined;
    return carrier ? [carrier] : [];
  });
}

/** Whether a call disposes of what one of the carriers holds: `disposeAll(list)`, `cleanup?.dispose()`, `cleanup()`. */
export function endsCarried(
  call: ts.CallExpression | ts.NewExpression,
  carriers: readonly ts.Expression[],
  unit: SourceUnit,
): boolean {
  if (carriers.length === 0 || !ts.isCallExpression(call)) return false;
  const isCarrier = (node: ts.Expression | undefined): boolean =>
    node !== undefined && carriers.some((it) => isSame(it, strip(node), unit));
  if (isCarrier(call.expression)) return true;
  if (!ending.test(calleeName(call)?.text ?? '')) return false;
  return isCarrier(receiver(call)) || call.arguments.some(isCarrier);
}

function functionAround(node: ts.Node): ts.Node | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (isFunctionLiteral(current)) return current;
    if (ts.isMethodDeclaration(current)) return ts.isObjectLiteralExpression(current.parent) ? current : undefined;
    if (ts.isFunctionLike(current) || ts.isSourceFile(current)) return undefined;
  }
  return undefined;
}

/** Follows a function outward through what is made of it to the name that keeps that. */
function carrierOf(fn: ts.Node): ts.Expression | undefined {
  let current = ts.isMethodDeclaration(fn) ? fn.parent : fn;
  for (;;) {
    const whole = unstrip(current as ts.Expression);
    const { parent } = whole;
    if (ts.isPropertyAssignment(parent) || ts.isArrayLiteralExpression(parent)) {
      current = ts.isPropertyAssignment(parent) ? parent.parent : parent;
    } else if (ts.isVariableDeclaration(parent)) {
      return ts.isIdentifier(parent.name) ? parent.name : undefined;
    } else if (ts.isBinaryExpression(parent)) {
      const isKept = parent.right === whole && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      return isKept ? strip(parent.left) : undefined;
    } else if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      const name = calleeName(parent)?.text ?? '';
      if (parent.expression === whole || listening.test(name)) return undefined;
      const holder = ts.isCallExpression(parent) ? receiver(parent) : undefined;
      if (holder && keeping.has(name)) return strip(holder);
      current = parent;
    } else return undefined;
  }
}

function isSame(carrier: ts.Expression, node: ts.Expression, { scopes }: SourceUnit): boolean {
  if (!ts.isIdentifier(carrier)) return ts.isPropertyAccessExpression(carrier) && carrier.getText() === node.getText();
  const binding = ts.isIdentifier(node) && node.text === carrier.text ? scopes.bindingOf(carrier) : undefined;
  return binding !== undefined && scopes.bindingOf(node as ts.Identifier) === binding;
}
