import ts from 'typescript';
import { leavesFunction } from '../syntax/leaving.ts';
import { calleeName, contains, enclosingRoot, isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import type { Handle } from './handles.ts';
import type { Settlement } from './settling.ts';
import { isTimerName, type Timer } from './timers.ts';

/** Whether a timer cannot be running where its promise is settled: it was not started there, or has fired before. */
export function isNeverPending(settlement: Settlement, timer: Timer, handle: Handle | undefined): boolean {
  return (
    isBeforeStart(settlement, timer) ||
    isOtherArm(settlement, timer.call) ||
    isOtherBranch(settlement, timer.call) ||
    isCaughtBefore(settlement, timer.call) ||
    isLaterDeadline(settlement, timer) ||
    (handle !== undefined && isOtherTurn(settlement, timer, handle))
  );
}

/** `if (native) { setTimeout(…); return; } other(() => resolve())`, and the branches of one `if`: the one or the other. */
function isOtherBranch({ node }: Settlement, start: ts.Node): boolean {
  const root = enclosingRoot(start);
  for (let current = start; current !== root && current.parent; current = current.parent) {
    const { parent } = current;
    if (!ts.isIfStatement(parent) || parent.expression === current || contains(current, node)) continue;
    if (contains(parent, node)) return !contains(parent.expression, node);
    if (node.pos > parent.end && contains(root, node) && leavesFunction(current as ts.Statement)) return true;
  }
  return false;
}

/** `.then(() => { …; setTimeout(…); child.on(…); }).catch(reject)`, where nothing behind the start throws or waits. */
function isCaughtBefore({ node }: Settlement, start: ts.Node): boolean {
  const callback = enclosingRoot(start);
  if (!isFunctionLiteral(callback) || !ts.isBlock(callback.body)) return false;
  const then = unstrip(callback).parent;
  if (!ts.isCallExpression(then) || calleeName(then)?.text !== 'then') return false;
  const access = unstrip(then).parent;
  const link = ts.isPropertyAccessExpression(access) ? unstrip(access).parent : undefined;
  if (!link || !ts.isCallExpression(link) || calleeName(link)?.text !== 'catch') return false;
  if (!link.arguments.some((argument) => contains(argument, node))) return false;
  const { statements } = callback.body;
  const at = statements.findIndex((statement) => contains(statement, start));
  return at >= 0 && statements.slice(at + 1).every(isHarmless);
}

/** A function that is declared, or a listener that is added. */
function isHarmless(statement: ts.Statement): boolean {
  if (ts.isFunctionDeclaration(statement)) return true;
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.every(
      ({ initializer }) => !initializer || isHarmlessValue(strip(initializer)),
    );
  }
  const call = ts.isExpressionStatement(statement) ? strip(statement.expression) : undefined;
  return !!call && ts.isCallExpression(call) && /^(?:on|once|add\w*Listener)$/.test(calleeName(call)?.text ?? '');
}

/** A function, something that has a name, or another timer that is started. */
function isHarmlessValue(value: ts.Expression): boolean {
  if (isFunctionLiteral(value) || ts.isLiteralExpression(value) || ts.isIdentifier(value)) return true;
  if (ts.isPropertyAccessExpression(value)) return isHarmlessValue(value.expression);
  return ts.isCallExpression(value) && isTimerName(calleeName(value)?.text ?? '');
}

/** In the same function as the start, and before it. */
function isBeforeStart({ call, closures: [innermost] }: Settlement, timer: Timer): boolean {
  return call !== undefined && innermost === enclosingRoot(timer.call) && call.pos < timer.call.pos;
}

/** `work().then(resolve).catch(() => { setTimeout(…) })`, and the two handlers of one `.then()`: the one or the other. */
function isOtherArm({ node }: Settlement, start: ts.Node): boolean {
  for (let current = start; current.parent; current = current.parent) {
    if (!isFunctionLiteral(current)) continue;
    const whole = unstrip(current);
    const link = whole.parent;
    if (!ts.isCallExpression(link)) continue;
    const name = calleeName(link)?.text;
    const [onFulfilled] = link.arguments;
    const other = name !== 'then' ? undefined : onFulfilled === whole ? link.arguments[1] : onFulfilled;
    if (other && other !== whole && contains(other, node)) return true;
    const isRejection = name === 'catch' ? onFulfilled === whole : name === 'then' && link.arguments[1] === whole;
    if (isRejection && isFulfilledBefore(link, node)) return true;
  }
  return false;
}

/** Whether a handler of success stands earlier in the chain. */
function isFulfilledBefore(link: ts.CallExpression, node: ts.Node): boolean {
  for (let current = link; ; ) {
    const callee = strip(current.expression);
    const before = ts.isPropertyAccessExpression(callee) ? strip(callee.expression) : undefined;
    if (!before || !ts.isCallExpression(before)) return false;
    const [handler] = before.arguments;
    if (calleeName(before)?.text === 'then' && handler && contains(handler, node)) return true;
    current = before;
  }
}

/** In the callback of a second deadline that is armed afterwards, for as long: the first one fires before. */
function isLaterDeadline({ node }: Settlement, { call }: Timer): boolean {
  const delay = call.arguments[1]?.getText();
  for (let current: ts.Node = node; current.parent; current = current.parent) {
    const armed = isFunctionLiteral(current) ? unstrip(current).parent : undefined;
    if (!armed || !ts.isCallExpression(armed) || calleeName(armed)?.text !== 'setTimeout' || armed === call) continue;
    const isSame = armed.arguments.some((argument) => argument.getText() === delay);
    if (isSame && armed.pos > call.end && enclosingRoot(armed) === enclosingRoot(call)) return true;
  }
  return false;
}

/** In the callback of another timer that the same name keeps, where the later of the two starts behind a clear of the first. */
function isOtherTurn({ node }: Settlement, { call, keeping }: Timer, handle: Handle): boolean {
  for (let current: ts.Node = node; current.parent; current = current.parent) {
    const armed = isFunctionLiteral(current) ? unstrip(current).parent : undefined;
    if (!armed || !ts.isCallExpression(armed) || armed === call || calleeName(armed)?.text !== 'setTimeout') continue;
    const { parent } = unstrip(armed);
    const target = ts.isVariableDeclaration(parent)
      ? parent.name
      : ts.isBinaryExpression(parent)
        ? parent.left
        : parent;
    const isDeclared = keeping.by === 'name' && keeping.binding.declarations.some((it) => it === target);
    if (!isDeclared && !handle.is(target)) continue;
    const later = armed.pos > call.pos ? armed : call;
    return handle.clears.some((it) => it.node.pos < later.pos && enclosingRoot(it.node) === enclosingRoot(later));
  }
  return false;
}
