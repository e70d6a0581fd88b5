import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  functionName,
  isFunctionLiteral,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { isCalledAtOnce, takerOf } from './calledBack.ts';
import type { Contexts } from './contexts.ts';
import { latchBetween } from './latches.ts';
import { lastNameOf } from './lifetimes.ts';
import { isTestFile } from './places.ts';
import type { Registration } from './registrations.ts';

/** Where an object is made for one call of a method, and handed something that lives on. */
export interface MadePerCall {
  readonly made: ts.NewExpression;
  /** What lives on, as the maker names it. */
  readonly kept: ts.Expression;
  /** The name of what is called. */
  readonly maker: string;
}

/** Names of what serves many objects, one after the other. */
const serving =
  /(?:bus|emitter|events?|hub|server|client|conn|connection|pool|v?host|broker|db|database|manager|registry|router|cluster|store)$/i;
/** What is called one time. */
const starting =
  /^_?(?:start|init|setup|boot|main$|configure|install|launch|listen|(?:open|connect|load|create|attach|bind|mount|register)(?:$|Server|App|Client|Pool|Connection|Db|Database|Socket|Transport))/i;
const keeping = /^(?:push|set|add|unshift|register|track|append|enqueue|attach)/;

/**
 * The object that a registration belongs to is made by a method which is called again and again, for the call only, and
 * listens to what the method's own object, or something around it, keeps.
 */
export function madePerCall(
  semantics: Semantics,
  contexts: Contexts,
  registration: Registration,
): MadePerCall | undefined {
  const root = enclosingRoot(registration.call);
  const owner = ts.isConstructorDeclaration(root) ? root.parent : root;
  if (ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root) || ts.isSourceFile(owner)) return undefined;
  if (!ts.isClassLike(owner) && !/^[A-Z]/.test(functionName(root) ?? '')) return undefined;
  const parameter = parameterBehind(semantics, registration.emitter, root);
  if (!parameter || !serving.test(parameter.name.getText())) return undefined;
  const uses = semantics.references.usesOf(owner as ts.ClassLikeDeclaration);
  if (uses === 'unknown') return undefined;
  for (const { call, certain, unit } of uses.calls) {
    if (!certain || !ts.isNewExpression(call) || isTestFile(semantics.program.host, unit.path)) continue;
    const kept = call.arguments?.[root.parameters.indexOf(parameter)];
    const maker = kept && makerOf(semantics, contexts, call);
    if (kept && maker !== undefined && livesOn(semantics, kept, enclosingRoot(call)) && isLetGo(semantics, call))
      return { made: call, kept, maker };
  }
  return undefined;
}

/** The parameter that an emitter is, or that the constructor keeps in the field. */
function parameterBehind(
  semantics: Semantics,
  emitter: ts.Expression,
  root: ts.FunctionLikeDeclaration,
): ts.ParameterDeclaration | undefined {
  const node = strip(emitter);
  if (ts.isIdentifier(node)) {
    const declared = semantics.program.unitOf(node).scopes.bindingOf(node)?.declarations[0]?.parent;
    return root.parameters.find((it) => it === declared);
  }
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  if (!ts.isConstructorDeclaration(root)) return undefined;
  const property = root.parameters.find(
    (it) => ts.isParameterPropertyDeclaration(it, root) && it.name.getText() === node.name.text,
  );
  const [assigned, another] = fieldAssignments(root.parent, node.name.text);
  if (property || !assigned || another || !contains(root, assigned)) return property;
  const value = strip(assigned.right);
  return ts.isIdentifier(value) ? root.parameters.find((it) => it.name.getText() === value.text) : undefined;
}

/** The name of the function that makes the object each time it is called; `undefined` where it may be called once only. */
function makerOf(semantics: Semantics, contexts: Contexts, made: ts.NewExpression): string | undefined {
  let root = enclosingRoot(made);
  for (let child: ts.Node = made; ; child = root, root = enclosingRoot(unstrip(root as ts.Expression))) {
    for (let node = child; node !== root; node = node.parent) {
      if (latchBetween(semantics, node, node.parent, root)) return undefined;
    }
    if (!isFunctionLiteral(root) || !(takerOf(root) || isCalledAtOnce(root))) break;
  }
  if (!ts.isFunctionLike(root) || ts.isConstructorDeclaration(root)) return undefined;
  const name = functionName(root);
  if (name === undefined || starting.test(name) || root.parameters.length === 0) return undefined;
  const uses = semantics.references.usesOf(root as ts.FunctionLikeDeclaration);
  if (uses === 'unknown' || uses.exposed) return name;
  const calls = uses.calls.filter(({ unit }) => !isTestFile(semantics.program.host, unit.path));
  const isCalledOnce = calls.every(
    ({ call }) =>
      ts.isSourceFile(enclosingRoot(call)) || isStart(call) || (calls.length < 2 && !isAgain(contexts, call)),
  );
  return isCalledOnce && uses.values.length === 0 ? undefined : name;
}

function isAgain(contexts: Contexts, call: ts.Node): boolean {
  return contexts.repeated.of(call) !== undefined;
}

function isStart(call: ts.Node): boolean {
  const root = enclosingRoot(call);
  return ts.isConstructorDeclaration(root) || (ts.isFunctionLike(root) && starting.test(functionName(root) ?? ''));
}

/** `this`, what usually holds it, a field of it, something of the module or of a function around. */
function livesOn(semantics: Semantics, value: ts.Expression, root: ts.Node): boolean {
  let base = strip(value);
  while (ts.isPropertyAccessExpression(base)) base = strip(base.expression);
  if (base.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (!ts.isIdentifier(base)) return false;
  if (/^_?(?:self|that|this)$/.test(base.text)) return true;
  const binding = semantics.program.unitOf(base).scopes.bindingOf(base);
  if (!binding) return false;
  return binding.kind !== 'import' && !contains(root, binding.scope.node) && serving.test(lastNameOf(value) ?? '');
}

/** Nobody but the caller keeps it: it is returned, handed to a callback, or only used. */
function isLetGo(semantics: Semantics, made: ts.Expression): boolean {
  const whole = unstrip(made);
  const { parent } = whole;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const binding = semantics.program.unitOf(parent).scopes.bindingOf(parent.name);
    return binding?.references.every((it) => it.parent === parent || !isKeptBy(it)) ?? false;
  }
  return !isKeptBy(whole) && !ts.isVariableDeclaration(parent);
}

function isKeptBy(value: ts.Expression): boolean {
  const { parent } = unstrip(value);
  if (ts.isBinaryExpression(parent)) return parent.right === value && !ts.isIdentifier(strip(parent.left));
  if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isArrayLiteralExpression(parent)) return true;
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
  const isArgument = parent.arguments?.includes(value) ?? false;
  return isArgument && (ts.isNewExpression(parent) || keeping.test(calleeName(parent)?.text ?? ''));
}
