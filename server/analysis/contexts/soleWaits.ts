import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  contains,
  enclosingClass,
  enclosingRoot,
  isFunctionLiteral,
  isNothing,
  isRoot,
  memberName,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { type Callable, usesOf } from './callSites.ts';
import type { Contexts } from './contexts.ts';
import { latchBetween } from './latches.ts';
import { isTestCode } from './places.ts';

/** How many callers are followed, one above the other. */
const maxDepth = 3;

/**
 * Whether each caller gives the function an emitter that it made for this one call: `const ws = await connect(); try {
 * await run(ws); } finally { ws.close(); }`. Emitter and listeners go together.
 */
export function isMadeByCallers(semantics: Semantics, parameter: ts.ParameterDeclaration, depth = 0): boolean {
  const fn = parameter.parent;
  if (depth > maxDepth || !('body' in fn)) return false;
  const calls = callsOf(semantics, fn as Callable);
  return (
    calls !== undefined &&
    calls.length > 0 &&
    calls.every((call) => {
      const argument = call.arguments?.[fn.parameters.indexOf(parameter)];
      return argument !== undefined && isMadeForCall(semantics, argument, call, depth);
    })
  );
}

/** All calls of a function; `undefined` where others may call it, too. */
function callsOf(semantics: Semantics, fn: Callable): readonly (ts.CallExpression | ts.NewExpression)[] | undefined {
  const local = usesOf(semantics, fn, false);
  if (!local.open) {
    const calls = local.uses.flatMap((it) => (it.kind === 'call' ? [it.call] : []));
    return calls.length === local.uses.length ? calls : undefined;
  }
  const uses = semantics.references.usesOf(fn);
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0) return undefined;
  const calls = uses.calls.filter(({ unit }) => !isTestCode(unit.path));
  return calls.every(({ certain }) => certain) ? calls.map(({ call }) => call) : undefined;
}

function isMadeForCall(semantics: Semantics, argument: ts.Expression, call: ts.Node, depth: number): boolean {
  const value = strip(argument);
  if (isMade(value)) return true;
  if (!ts.isIdentifier(value)) return false;
  const binding = semantics.program.unitOf(value).scopes.bindingOf(value);
  const [declared] = binding?.declarations ?? [];
  if (!binding || !declared || ts.isSourceFile(binding.scope.node)) return false;
  if (ts.isParameter(declared.parent)) return isMadeByCallers(semantics, declared.parent, depth + 1);
  if (!ts.isVariableDeclaration(declared.parent)) return false;
  const values = [declared.parent.initializer, ...binding.writes.map(assignedTo)].filter(
    (it): it is ts.Expression => it !== undefined && !isNothing(it),
  );
  return values.length > 0 && values.every((it) => isMade(strip(it)) && !isRunAgain(it, call));
}

function assignedTo(write: ts.Identifier): ts.Expression | undefined {
  const { parent } = write;
  return ts.isBinaryExpression(parent) && parent.left === write ? parent.right : undefined;
}

/** Made here, or by a function that is called for it. */
function isMade(value: ts.Expression): boolean {
  const inner = ts.isAwaitExpression(value) ? strip(value.expression) : value;
  if (ts.isNewExpression(inner)) return true;
  // `get…()` may hand out the same one again.
  return ts.isCallExpression(inner) && !/^(?:get|use|share|obtain|find|lookup)/i.test(nameOfCall(inner));
}

function nameOfCall({ expression }: ts.CallExpression): string {
  const callee = strip(expression);
  return ts.isIdentifier(callee) ? callee.text : (memberName(callee) ?? '');
}

/** Several turns of a loop, or several calls of a function inside, that wait on one emitter. */
function isRunAgain(made: ts.Node, call: ts.Node): boolean {
  for (let node = call.parent; node && !ts.isSourceFile(node); node = node.parent) {
    if (contains(node, made)) return false;
    if (ts.isIterationStatement(node, false) || ts.isFunctionLike(node)) return true;
  }
  return true;
}

/**
 * Whether an object that makes the emitter for itself waits on it one time: a private emitter of a task lives as long as
 * the task.
 */
export function isOwnForOneWait(
  semantics: Semantics,
  contexts: Contexts,
  emitter: ts.Expression,
  executor: ts.Node,
): boolean {
  const owner = enclosingClass(emitter);
  const node = strip(emitter);
  if (!owner || !ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return false;
  if (!isMadeWithObject(owner, node.name.text)) return false;
  const root = methodAround(executor);
  const uses = root ? semantics.references.usesOf(root) : 'unknown';
  if (uses === 'unknown' || uses.values.length > 0) return false;
  const calls = uses.calls.filter(({ unit }) => !isTestCode(unit.path));
  return calls.length === 1 && calls.every(({ call }) => contexts.repeatedInFile.of(call) === undefined);
}

/** `this.emitter = new Emitter()` in the constructor, or where the field stands. */
function isMadeWithObject(owner: ts.ClassLikeDeclaration, name: string): boolean {
  const initial = owner.members.find(
    (it): it is ts.PropertyDeclaration => ts.isPropertyDeclaration(it) && it.name.getText() === name,
  )?.initializer;
  const written = fieldAssignments(owner, name).filter(({ right }) => !isNothing(right));
  const values = [...(initial ? [initial] : []), ...written.map(({ right }) => right)].map(strip);
  return (
    values.length === 1 &&
    values.every(ts.isNewExpression) &&
    written.every(({ left }) => ts.isConstructorDeclaration(enclosingRoot(left)))
  );
}

/** The method whose code the executor is, with the callbacks in between. */
function methodAround(executor: ts.Node): Callable | undefined {
  let root = enclosingRoot(executor);
  while (isFunctionLiteral(root) && !ts.isClassLike(unstrip(root).parent)) root = enclosingRoot(unstrip(root).parent);
  return ts.isMethodDeclaration(root) ? root : undefined;
}

/** `if (this.read) throw …; this.read = true`, which nothing takes back: no object waits a second time. */
export function isHeldForGood(semantics: Semantics, call: ts.Node): boolean {
  const owner = enclosingClass(call);
  if (!owner) return false;
  for (let child = call; child !== owner; child = child.parent) {
    if (isRoot(child) && !isFunctionLiteral(child)) return false;
    const latch = latchBetween(semantics, child, child.parent, enclosingRoot(child));
    const [, field] = /^this\.(#?\w+)$/.exec(latch?.place ?? '') ?? [];
    const later =
      field === undefined ? [] : fieldAssignments(owner, field).filter(({ left }) => !isInConstructor(left));
    if (later.length > 0 && later.every(({ right }) => strip(right).kind === ts.SyntaxKind.TrueKeyword)) return true;
  }
  return false;
}

function isInConstructor(node: ts.Node): boolean {
  return ts.isConstructorDeclaration(enclosingRoot(node));
}
