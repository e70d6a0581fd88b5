import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import type { Binding } from '../syntax/scopes.ts';
import { calleeName, isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { constantOf } from './constants.ts';
import { originOf } from './origins.ts';

/** Who keeps the handle of a timer. */
export type Keeping =
  /** Nobody: it can never be cleared. */
  | { readonly by: 'nobody' }
  /** Nobody, but it does not keep the process alive. */
  | { readonly by: 'nobody, unref' }
  /** A variable; `target` is the identifier that receives it. */
  | { readonly by: 'name'; readonly binding: Binding; readonly target: ts.Identifier }
  /** A property: `this.timer`, `ref.current`. */
  | { readonly by: 'member'; readonly name: string; readonly target: ts.PropertyAccessExpression }
  /** Passed on, returned or put somewhere: somebody else's. */
  | { readonly by: 'somebody' };

/** A call of `setTimeout` or `setInterval`. */
export interface Timer {
  readonly call: ts.CallExpression;
  readonly kind: 'timeout' | 'interval';
  readonly callback: ts.Expression | undefined;
  readonly ownCallback: Callback | undefined;
  /** Milliseconds, where they are a constant. */
  readonly delay: number | undefined;
  readonly keeping: Keeping;
}

const kinds: Readonly<Record<string, Timer['kind'] | undefined>> = { setTimeout: 'timeout', setInterval: 'interval' };

export const isTimerName = (name: string): boolean => Object.hasOwn(kinds, name);

/** The timer that a call starts, if it starts one. */
export function timerOf(call: ts.CallExpression, unit: SourceUnit, program: Program): Timer | undefined {
  const name = calleeName(call)?.text ?? '';
  const kind = isTimerName(name) ? kinds[name] : undefined;
  if (!kind) return undefined;
  const origin = originOf(call.expression, unit);
  if (!origin || (origin.module !== undefined && origin.module !== 'timers') || origin.name !== name) return undefined;
  const [callback, wait] = call.arguments;
  const delay = wait === undefined ? 0 : constantOf(wait, program);
  return { call, kind, callback, ownCallback: ownCallbackOf(callback, unit), delay, keeping: keepingOf(call, unit) };
}

function keepingOf(call: ts.CallExpression, unit: SourceUnit): Keeping {
  let whole = unstrip(call);
  let unref = false;
  for (let next = chained(whole); next; next = chained(whole)) {
    if (next.unref) unref = true;
    whole = next.whole;
  }
  const { parent } = whole;
  if (isDropped(whole)) return { by: unref ? 'nobody, unref' : 'nobody' };
  if (unref) return { by: 'somebody' };
  if (ts.isVariableDeclaration(parent) && parent.initializer === whole && ts.isIdentifier(parent.name)) {
    const binding = unit.scopes.bindingOf(parent.name);
    return binding ? { by: 'name', binding, target: parent.name } : { by: 'somebody' };
  }
  if (ts.isPropertyDeclaration(parent)) return { by: 'somebody' };
  if (!ts.isBinaryExpression(parent) || parent.right !== whole || !isPlainAssignment(parent)) return { by: 'somebody' };
  const target = strip(parent.left);
  if (ts.isPropertyAccessExpression(target)) return { by: 'member', name: target.name.text, target };
  const binding = ts.isIdentifier(target) ? unit.scopes.bindingOf(target) : undefined;
  return binding && ts.isIdentifier(target) ? { by: 'name', binding, target } : { by: 'somebody' };
}

const isPlainAssignment = ({ operatorToken }: ts.BinaryExpression): boolean =>
  operatorToken.kind === ts.SyntaxKind.EqualsToken;

/** `timer.unref()`, `timer?.unref?.()`, `Number(timer)`: the same timer. */
function chained(whole: ts.Expression): { readonly whole: ts.Expression; readonly unref: boolean } | undefined {
  const { parent } = whole;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === whole) {
    const call = unstrip(parent).parent;
    const { text } = parent.name;
    if (!ts.isCallExpression(call) || (text !== 'unref' && text !== 'ref')) return undefined;
    return { whole: unstrip(call), unref: text === 'unref' };
  }
  const isNumber =
    ts.isCallExpression(parent) && ts.isIdentifier(parent.expression) && parent.expression.text === 'Number';
  if (isNumber || (ts.isConditionalExpression(parent) && parent.condition !== whole)) {
    return { whole: unstrip(parent as ts.Expression), unref: false };
  }
  return undefined;
}

/** Whether nobody receives the value of an expression. */
export function isDropped(whole: ts.Expression): boolean {
  const { parent } = whole;
  if (ts.isExpressionStatement(parent)) return true;
  if (ts.isVoidExpression(parent)) return isDropped(unstrip(parent));
  if (ts.isBinaryExpression(parent) && parent.right === whole && isLogical(parent)) return isDropped(unstrip(parent));
  if (ts.isConditionalExpression(parent) && parent.condition !== whole) return isDropped(unstrip(parent));
  return ts.isArrowFunction(parent) && parent.body === whole && ignoresResult(parent);
}

const isLogical = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
  kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;

/** Callees that throw away what their callback returns. */
const ignoring: ReadonlySet<string> = new Set([
  ...['on', 'once', 'addListener', 'addEventListener', 'forEach', 'setTimeout', 'setInterval', 'setImmediate'],
  ...['nextTick', 'queueMicrotask', 'requestAnimationFrame'],
]);

/** Whether whoever calls the literal does nothing with what it returns. */
function ignoresResult(literal: ts.ArrowFunction): boolean {
  const { parent } = unstrip(literal);
  if (ts.isNewExpression(parent)) return ts.isIdentifier(parent.expression) && parent.expression.text === 'Promise';
  return ts.isCallExpression(parent) && ignoring.has(calleeName(parent)?.text ?? '');
}

const clearing: ReadonlySet<string> = new Set(['clearTimeout', 'clearInterval', 'clearImmediate']);

/** What happens to the handle where a reference of it stands. */
export type HandleUse =
  | { readonly kind: 'clear'; readonly call: ts.CallExpression }
  | { readonly kind: 'unref' }
  /** A comparison, a test, a call of `refresh()`: the handle stays where it is. */
  | { readonly kind: 'look' }
  | { readonly kind: 'write' }
  /** Passed on, copied or returned. */
  | { readonly kind: 'escape' };

/** What an expression that reads or writes a handle does with it. */
export function useOf(reference: ts.Expression): HandleUse {
  const whole = unstrip(reference);
  const { parent } = whole;
  if (ts.isCallExpression(parent) && parent.arguments[0] === whole) {
    const name = calleeName(parent)?.text ?? '';
    if (clearing.has(name)) return { kind: 'clear', call: parent };
  }
  if (ts.isPropertyAccessExpression(parent) && parent.expression === whole) return methodUse(parent);
  if (ts.isElementAccessExpression(parent) && parent.expression === whole) {
    return /\bdispose\b/.test(parent.argumentExpression.getText())
      ? { kind: 'clear', call: parent.parent as ts.CallExpression }
      : { kind: 'escape' };
  }
  if (ts.isBinaryExpression(parent)) return binaryUse(parent, whole);
  if (ts.isPrefixUnaryExpression(parent) || ts.isTypeOfExpression(parent)) return { kind: 'look' };
  const isTest =
    (ts.isIfStatement(parent) && parent.expression === whole) ||
    (ts.isConditionalExpression(parent) && parent.condition === whole) ||
    (ts.isWhileStatement(parent) && parent.expression === whole);
  return isTest ? { kind: 'look' } : { kind: 'escape' };
}

function methodUse(access: ts.PropertyAccessExpression): HandleUse {
  const call = unstrip(access).parent;
  if (!ts.isCallExpression(call)) return { kind: 'look' };
  const { text } = access.name;
  if (text === 'close') return { kind: 'clear', call };
  return text === 'unref' ? { kind: 'unref' } : { kind: 'look' };
}

function binaryUse(binary: ts.BinaryExpression, whole: ts.Expression): HandleUse {
  const { kind } = binary.operatorToken;
  if (kind === ts.SyntaxKind.EqualsToken) return { kind: binary.left === whole ? 'write' : 'escape' };
  const compares = kind >= ts.SyntaxKind.EqualsEqualsToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken;
  if (compares) return { kind: 'look' };
  if (isLogical(binary)) {
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken && binary.left === whole) return { kind: 'look' };
    // `if (this.timeout && this.timer)`: what becomes of the whole decides.
    return useOf(binary);
  }
  return { kind: binary.left === whole ? 'write' : 'escape' };
}

type Callback = ts.FunctionExpression | ts.ArrowFunction | ts.FunctionDeclaration;

/** The function that a timer runs and nobody else does: written at the call, or under a name that only the timer uses. */
export function callbackLiteral({ ownCallback }: Timer): Callback | undefined {
  return ownCallback;
}

/** What is written as the callback, or named there and nowhere else. */
export function ownCallbackOf(callback: ts.Expression | undefined, { scopes }: SourceUnit): Callback | undefined {
  const expression = callback && unbound(strip(callback));
  if (!expression || isFunctionLiteral(expression)) return expression;
  const binding = ts.isIdentifier(expression) ? scopes.bindingOf(expression) : undefined;
  const [declaration, another] = binding?.declarations ?? [];
  if (!binding || !declaration || another || binding.writes.length > 0) return undefined;
  const uses = binding.references.filter((reference) => reference !== declaration);
  if (uses.some((use) => use !== expression)) return undefined;
  const { parent } = declaration;
  if (ts.isFunctionDeclaration(parent)) return parent;
  const initial = ts.isVariableDeclaration(parent) && parent.initializer ? strip(parent.initializer) : undefined;
  return initial && isFunctionLiteral(initial) ? initial : undefined;
}

/** `(function () { … }).bind(this)`: the function itself. */
function unbound(expression: ts.Expression): ts.Expression {
  if (!ts.isCallExpression(expression) || calleeName(expression)?.text !== 'bind') return expression;
  const callee = strip(expression.expression);
  const target = ts.isPropertyAccessExpression(callee) ? strip(callee.expression) : undefined;
  return target && isFunctionLiteral(target) ? target : expression;
}
