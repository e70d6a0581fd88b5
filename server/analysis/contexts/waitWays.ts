import ts from 'typescript';
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
} from '../syntax/tree.ts';
import { isCalledAtOnce, takerOf } from './calledBack.ts';
import type { Contexts } from './contexts.ts';
import { areExclusive } from './exclusive.ts';
import { eventText, type Registration, registrationAt } from './registrations.ts';
import { functionOf, type Removal, sameEmitter } from './removals.ts';

const endings = /^(?:close|end|destroy|disconnect|terminate|kill|quit|abort)$/;

/** Where a wait is over by something else than a listener or a timer; `undefined` where nothing else ends it well. */
export function otherWay(
  semantics: Semantics,
  registration: Registration,
  executor: ts.ArrowFunction | ts.FunctionExpression,
): ts.Node | undefined {
  const { scopes } = semantics.program.unitOf(executor);
  const handler = functionOf(semantics, registration.handler);
  // A failure of the emitter is waited for beside everything else; what waits for a result goes on after failures only.
  const isForFailure = /^error$/i.test(eventText(registration));
  const settlers = executor.parameters.slice(0, isForFailure ? 2 : 1);
  for (const { name } of settlers) {
    const references = ts.isIdentifier(name) ? (scopes.bindingOf(name)?.references ?? []) : [];
    const found = references.find(
      (it) =>
        it.pos > registration.call.end &&
        !(handler && contains(handler, it)) &&
        !isInCatch(it, executor) &&
        !areExclusive(it, registration.call) &&
        isOwnWay(it, executor),
    );
    if (found) return found;
  }
  return undefined;
}

/** Called by the executor itself, or by a callback that it gives to something else than an emitter or a timer. */
function isOwnWay(settler: ts.Identifier, executor: ts.Node): boolean {
  const direct = takerOf(settler);
  if (direct && isListening(direct.call)) return false;
  for (let root = enclosingRoot(settler); root !== executor; root = enclosingRoot(root)) {
    if (!isFunctionLiteral(root)) return false;
    const taker = takerOf(root);
    if (!taker ? !isCalledAtOnce(root) : isListening(taker.call)) return false;
  }
  return true;
}

function isListening(call: ts.CallExpression | ts.NewExpression): boolean {
  if (ts.isNewExpression(call)) return false;
  const name = calleeName(call)?.text ?? '';
  return registrationAt(call) !== undefined || /^(?:set(?:Timeout|Interval|Immediate)|catch|off|remove\w*)$/.test(name);
}

function isInCatch(node: ts.Node, within: ts.Node): boolean {
  for (let current = node; current !== within; current = current.parent) {
    if (ts.isCatchClause(current)) return true;
  }
  return false;
}

/** Whether the function that waits is called again for another piece of work: with what comes with the call, or repeatedly. */
export function waitsForEach(contexts: Contexts, { call }: Registration, executor: ts.Node): boolean {
  let root = enclosingRoot(executor);
  while (isFunctionLiteral(root) && (isCalledAtOnce(root) || takerOf(root)) && !ts.isSourceFile(root)) {
    root = enclosingRoot(unstrip(root));
  }
  if (ts.isFunctionLike(root) && 'parameters' in root && root.parameters.length > 0) return true;
  return contexts.repeated.of(call) !== undefined;
}

/** Whether a listener goes on listening after it has settled the promise: nothing in it takes it away or ends the emitter. */
export function listensOn(semantics: Semantics, { once, handler, emitter }: Registration): boolean {
  if (once) return false;
  const fn = functionOf(semantics, handler);
  return !fn?.body || !some(fn.body, (node) => endsListening(node, emitter));
}

function endsListening(node: ts.Node, emitter: ts.Expression): boolean {
  const callee = ts.isCallExpression(node) ? strip(node.expression) : undefined;
  if (!callee) return false;
  if (!ts.isPropertyAccessExpression(callee))
    return /^(?:off|un|remove|clean|clear|dispose|teardown)/i.test(callee.getText());
  if (/^(?:off|un|remove|clean|dispose|teardown)/i.test(callee.name.text)) return true;
  return endings.test(callee.name.text) && sameEmitter(callee.expression, emitter);
}

/**
 * Whether a removal of all listeners has to do with the wait: it stands in the same function, in one that is called there,
 * or in one that calls it. What an object takes away when it begins or ends comes before or after all waits.
 */
export function isOfWait({ call }: Registration, removal: Removal): boolean {
  if (removal.handler) return true;
  const [wait, other] = [outermost(call), outermost(removal.call)];
  return wait === other || mentions(wait, other) || mentions(other, wait);
}

/** The method or function of the module around a node. */
function outermost(node: ts.Node): ts.Node {
  let found = enclosingRoot(node);
  for (let root = found; !ts.isSourceFile(root) && !ts.isClassLike(found.parent); root = enclosingRoot(root))
    found = root;
  return found;
}

function mentions(node: ts.Node, other: ts.Node): boolean {
  const name = ts.isFunctionLike(other) ? functionName(other) : undefined;
  return name !== undefined && new RegExp(`\\b${name}\\b`).test(node.getText());
}
