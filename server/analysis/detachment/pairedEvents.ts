import ts from 'typescript';
import type { Repetition } from '../contexts/repeated.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  isFunctionLiteral,
  memberName,
  receiver,
  some,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { Handle } from './handles.ts';
import type { Timer } from './timers.ts';

/** Events that come by turns: the second one before the first one comes again. */
const turns: readonly (readonly [string, string])[] = [
  ...([
    ['mouseenter', 'mouseleave'],
    ['mouseover', 'mouseout'],
    ['mousedown', 'mouseup'],
  ] as const),
  ...([
    ['pointerenter', 'pointerleave'],
    ['pointerdown', 'pointerup'],
    ['touchstart', 'touchend'],
  ] as const),
  ...([
    ['focus', 'blur'],
    ['focusin', 'focusout'],
    ['dragstart', 'dragend'],
    ['play', 'pause'],
  ] as const),
  ...([
    ['open', 'close'],
    ['connect', 'disconnect'],
    ['connected', 'disconnected'],
  ] as const),
];

/**
 * Whether what starts an interval cannot start it a second time while the first one runs: its event comes by turns with one
 * that clears it, or comes once, or the code first asks for what it sets when it starts it.
 */
export function comesByTurns({ region }: Repetition, timer: Timer, handle: Handle): boolean {
  return isAnsweredOnce(region) || isPaired(region, handle) || isAskedFirst(timer);
}

/** `chats.download(id).subscribe((chat) => …)`: what a request makes tells one answer. */
function isAnsweredOnce(listener: ts.Node): boolean {
  const call = isFunctionLiteral(listener) ? unstrip(listener).parent : undefined;
  if (!call || !ts.isCallExpression(call) || calleeName(call)?.text !== 'subscribe') return false;
  let source = receiver(call) && strip(receiver(call) as ts.Expression);
  while (source && ts.isCallExpression(source) && calleeName(source)?.text === 'pipe') {
    const inner = receiver(source);
    source = inner && strip(inner);
  }
  return source !== undefined && ts.isCallExpression(source) && requests.test(calleeName(source)?.text ?? '');
}

/** How a method is called that asks for something, once. */
const requests =
  /^(?:get|post|put|patch|delete|head|request|fetch|load|download|upload|send|create|add|update|save|remove|submit|search|find|query|check|verify|login|register)(?:[A-Z]\w*)?$/;

function isPaired(listener: ts.Node, handle: Handle): boolean {
  const call = isFunctionLiteral(listener) ? unstrip(listener).parent : undefined;
  const event = call && ts.isCallExpression(call) ? eventOf(call) : undefined;
  const other = turns.find(([first]) => first === event)?.[1];
  if (!call || !other) return false;
  return some(enclosingRoot(call), (node) => {
    if (!ts.isCallExpression(node) || eventOf(node) !== other) return false;
    return node.arguments.some((argument) => {
      const fn = strip(argument);
      const target = isFunctionLiteral(fn) ? fn : handle.functionNamed(fn);
      return target !== undefined && handle.isClearedIn(target);
    });
  });
}

function eventOf({ arguments: [event] }: ts.CallExpression): string | undefined {
  return event && ts.isStringLiteralLike(event) ? event.text : undefined;
}

/** `if (!this.state.left) { this.setState({ left: 3 }); this.timer = setInterval(…); }` */
function isAskedFirst({ call }: Timer): boolean {
  const root = enclosingRoot(call);
  for (let current: ts.Node = call; current !== root; current = current.parent) {
    const { parent } = current;
    if (!ts.isIfStatement(parent) || parent.thenStatement !== current) continue;
    const condition = strip(parent.expression);
    const asked =
      ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken
        ? nameOf(condition.operand)
        : undefined;
    if (asked !== undefined && some(current, (node) => contains(root, node) && sets(node, asked))) return true;
  }
  return false;
}

const nameOf = (node: ts.Expression): string | undefined => {
  const inner = strip(node);
  return ts.isIdentifier(inner) ? inner.text : memberName(inner);
};

function sets(node: ts.Node, name: string): boolean {
  if (ts.isPropertyAssignment(node)) return node.name.getText() === name && isGiven(node.initializer);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
  return nameOf(node.left) === name && isGiven(node.right);
}

const isGiven = (value: ts.Expression): boolean => !/^(?:null|undefined|false|0|''|"")$/.test(value.getText());
