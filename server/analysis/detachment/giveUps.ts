import ts from 'typescript';
import {
  calleeName,
  contains,
  enclosingRoot,
  isAssignment,
  isAsync,
  isFunctionLiteral,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** Why a timer whose handle nobody keeps is superfluous as soon as other work is over. */
export interface GiveUp {
  /** `guard`: it asks whether the work is over · `deadline`: it reports a timeout · `flag`: it tells a function that ends before · `abort`: it aborts it. */
  readonly by: 'guard' | 'deadline' | 'flag' | 'abort';
  /** What shows it. */
  readonly evidence: ts.Node;
}

/** A shorter time of grace hurts nobody. */
const shortest = 10_000;

/** A dropped one-shot timer that only gives up work which is mostly over before it fires. */
export function giveUpOf(timer: Timer, unit: SourceUnit): GiveUp | undefined {
  const own = callbackLiteral(timer);
  const root = enclosingRoot(timer.call);
  if (timer.delay !== undefined && timer.delay < shortest) return undefined;
  if (!own?.body || timer.keeping.by !== 'nobody' || ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root))
    return undefined;
  return guarded(own.body) ?? reporting(own.body) ?? flagOnly(own, root, unit) ?? aborting(own, root, unit);
}

const givingUp = /^(?:kill|abort|destroy|terminate|reject|fail|disconnect)$/;

/** `() => { if (!isDone()) child.kill(); }` */
function guarded(body: ts.ConciseBody): GiveUp | undefined {
  const [only, another] = ts.isBlock(body) ? body.statements : [];
  if (!only || another || !ts.isIfStatement(only) || only.elseStatement) return undefined;
  const condition = strip(only.expression);
  if (!ts.isPrefixUnaryExpression(condition) || condition.operator !== ts.SyntaxKind.ExclamationToken) return undefined;
  let gives = false;
  walk(only.thenStatement, (node) => {
    if (ts.isCallExpression(node) && givingUp.test(calleeName(node)?.text ?? '')) gives = true;
  });
  return gives ? { by: 'guard', evidence: only.expression } : undefined;
}

const timeoutText = /time[ds]?[\s_-]*out|ETIMEDOUT/i;
const writing = /^(?:log|debug|info|warn|error|trace|fatal|verbose)$|^print/i;
const logger = /\b(?:console|log|logger|debug)\b/i;

/** `() => subject.error('Timed out')`, `() => callback(new TimeoutError())`: told to somebody, not only written down. */
function reporting(body: ts.ConciseBody): GiveUp | undefined {
  let evidence: ts.Node | undefined;
  walk(body, (node) => {
    if (evidence || !ts.isCallExpression(node)) return;
    const callee = strip(node.expression);
    const object = ts.isPropertyAccessExpression(callee) ? callee.expression.getText() : '';
    if (logger.test(object) || (object === '' && writing.test(calleeName(node)?.text ?? ''))) return;
    if (isTimeout(node)) evidence = node;
  });
  return evidence && { by: 'deadline', evidence };
}

function isTimeout({ expression, arguments: args }: ts.CallExpression): boolean {
  const name = calleeName({ expression } as ts.CallExpression)?.text ?? '';
  const tells = /^(?:reject|fail|error|cb|callback|done|next|on_?err(?:or)?|raise\w*|emit|finish|settle)$/i.test(name);
  return (
    tells && args.some((argument) => /^(?:new|['"`])/.test(argument.getText()) && timeoutText.test(argument.getText()))
  );
}

/** `() => { expired = true; }` for a function that waits for something else and then ends. */
function flagOnly(
  own: ts.FunctionLikeDeclaration,
  root: ts.FunctionLikeDeclaration,
  unit: SourceUnit,
): GiveUp | undefined {
  const expression = soleExpression(own);
  if (!expression || !isAsync(root)) return undefined;
  if (!ts.isBinaryExpression(expression) || !isAssignment(expression.operatorToken.kind)) return undefined;
  const flag = strip(expression.left);
  const binding = ts.isIdentifier(flag) ? unit.scopes.bindingOf(flag) : undefined;
  if (!binding || !ts.isIdentifier(flag) || !contains(root, binding.scope.node)) return undefined;
  const reads = binding.references.filter((it) => !binding.writes.includes(it));
  if (reads.length === 0 || !reads.every((read) => isReadInTime(read, root))) return undefined;
  return { by: 'flag', evidence: reads[0] as ts.Node };
}

/** Read while the function runs, and not to wait for the timer itself. */
function isReadInTime(read: ts.Identifier, root: ts.Node): boolean {
  for (let current: ts.Node = read; current !== root; current = current.parent) {
    const { parent } = current;
    const isCondition = (ts.isWhileStatement(parent) || ts.isDoStatement(parent)) && parent.expression === current;
    if (isCondition && !/&&/.test(parent.expression.getText())) return false;
    if (isFunctionLiteral(current)) {
      const call = unstrip(current).parent;
      if (!ts.isCallExpression(call) || !ts.isAwaitExpression(unstrip(call).parent)) return false;
    } else if (ts.isFunctionLike(current)) return false;
  }
  return true;
}

/** `setTimeout(() => controller.abort(), 5000)` for a controller of this function whose signal something awaited gets. */
function aborting(
  own: ts.FunctionLikeDeclaration,
  root: ts.FunctionLikeDeclaration,
  unit: SourceUnit,
): GiveUp | undefined {
  const call = isAsync(root) ? soleExpression(own) : undefined;
  if (!call || !ts.isCallExpression(call) || calleeName(call)?.text !== 'abort') return undefined;
  const callee = strip(call.expression);
  const controller = ts.isPropertyAccessExpression(callee) ? strip(callee.expression) : undefined;
  const binding = controller && ts.isIdentifier(controller) ? unit.scopes.bindingOf(controller) : undefined;
  const declaration = binding?.declarations[0]?.parent;
  if (!binding || !declaration || !ts.isVariableDeclaration(declaration) || enclosingRoot(declaration) !== root)
    return undefined;
  if (declaration.initializer?.getText().startsWith('new AbortController') !== true) return undefined;
  const awaited = binding.references.find((it) => isAwaitedArgument(it, root));
  return awaited && { by: 'abort', evidence: awaited };
}

/** All that a callback does. */
function soleExpression({ body }: ts.FunctionLikeDeclaration): ts.Expression | undefined {
  if (!body || !ts.isBlock(body)) return body && strip(body);
  const [only, another] = body.statements;
  return only && !another && ts.isExpressionStatement(only) ? strip(only.expression) : undefined;
}

function isAwaitedArgument(reference: ts.Identifier, root: ts.Node): boolean {
  const access = reference.parent;
  if (!ts.isPropertyAccessExpression(access) || access.name.text !== 'signal') return false;
  for (let current: ts.Node = access; current !== root; current = current.parent) {
    if (ts.isAwaitExpression(current)) return true;
    if (ts.isFunctionLike(current)) return false;
  }
  return false;
}
