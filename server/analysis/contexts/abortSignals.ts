import ts from 'typescript';
import { callersOf } from '../semantics/callers.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, enclosingRoot, isFunctionLiteral, isReturned, memberName, strip, unstrip } from '../syntax/tree.ts';
import { takerOf } from './calledBack.ts';
import { lastNameOf } from './lifetimes.ts';
import type { Registration } from './registrations.ts';

/**
 * Where an abort signal comes from: given by the caller (`parameter`, `option`), kept by the object (`field`), by the
 * module, or `own`: made for this piece of work, with which it dies.
 */
export interface SignalOrigin {
  readonly kind: 'parameter' | 'option' | 'field' | 'module' | 'own';
  /** The name under which it came in. */
  readonly declared: ts.Node | undefined;
  /** The parameter that it came in by. */
  readonly parameter?: ts.ParameterDeclaration;
}

/** Objects that stand for one request: their signal dies with it. */
const requests = /^(?:req|request|c|ctx|context|event|evt|e|raw)$/i;
const signalType = /\bAbortSignal\b/;

/** Whether a registration listens for the abort of an AbortSignal. */
export function isAbortListener(semantics: Semantics, { emitter, eventName, api }: Registration): boolean {
  if (eventName !== 'abort') return false;
  const name = lastNameOf(emitter);
  if (name !== undefined && /signal$/i.test(name)) return true;
  const base = strip(emitter);
  if (!ts.isIdentifier(base)) return false;
  const declared = semantics.program.unitOf(base).scopes.bindingOf(base)?.declarations[0]?.parent;
  const type = declared && (ts.isParameter(declared) || ts.isVariableDeclaration(declared)) ? declared.type : undefined;
  if (type) return signalType.test(type.getText());
  // `signals.forEach((s) => s.addEventListener('abort', f))`
  if (!declared || !ts.isParameter(declared) || api !== 'target') return false;
  const taker = takerOf(declared.parent as ts.Expression);
  const list = taker && strip(taker.call.expression);
  return (
    list !== undefined && ts.isPropertyAccessExpression(list) && /signals$/i.test(lastNameOf(list.expression) ?? '')
  );
}

/** Where the signal comes from; `undefined` when reading does not tell. */
export function originOf(semantics: Semantics, value: ts.Expression, depth = 0): SignalOrigin | undefined {
  if (depth > 8) return undefined;
  const node = strip(value);
  if (ts.isPropertyAccessExpression(node)) return ofProperty(semantics, node, depth);
  if (ts.isElementAccessExpression(node)) return ofObject(semantics, strip(node.expression), node, depth);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return { kind: 'own', declared: node };
  if (ts.isConditionalExpression(node)) return originOf(semantics, node.whenTrue, depth + 1);
  if (ts.isBinaryExpression(node)) return originOf(semantics, node.left, depth + 1);
  if (!ts.isIdentifier(node)) return undefined;
  const binding = semantics.program.unitOf(node).scopes.bindingOf(node);
  const [declared] = binding?.declarations ?? [];
  if (!binding || !declared) return undefined;
  if (binding.kind === 'import') return { kind: 'module', declared };
  for (const write of binding.kind === 'parameter' ? [] : binding.writes) {
    const { parent } = write;
    if (!ts.isBinaryExpression(parent) || parent.left !== write) continue;
    const found = originOf(semantics, parent.right, depth + 1);
    if (found) return found;
  }
  return ofDeclaration(semantics, declared, node, depth);
}

function ofDeclaration(
  semantics: Semantics,
  declared: ts.Identifier,
  node: ts.Identifier,
  depth: number,
): SignalOrigin | undefined {
  const { parent } = declared;
  if (ts.isParameter(parent)) return ofParameter(semantics, parent, declared, 'parameter', depth);
  if (ts.isVariableDeclaration(parent)) {
    if (ts.isSourceFile(enclosingRoot(parent)) && parent.initializer) return { kind: 'module', declared };
    return parent.initializer && originOf(semantics, parent.initializer, depth + 1);
  }
  if (!ts.isBindingElement(parent)) return undefined;
  const holder = outermostHolder(parent);
  if (ts.isParameter(holder)) return ofParameter(semantics, holder, declared, 'option', depth);
  const source = holder.initializer && strip(holder.initializer);
  if (!source || source === node) return undefined;
  return ofObject(semantics, source, declared, depth);
}

/**
 * Whether a signal that the code makes itself serves all calls of the function around a node: `queue.add = async (task) =>
 * …`, a member of an object that is returned, beside which the signal is made.
 */
export function servesCalls({ kind, declared }: SignalOrigin, node: ts.Node): boolean {
  const root = enclosingRoot(node);
  if (kind !== 'own' || !declared || contains(root, declared) || !ts.isFunctionLike(root)) return false;
  if (root.parameters.length === 0 || !contains(enclosingRoot(declared), root)) return false;
  const whole = isFunctionLiteral(root) ? unstrip(root) : root;
  const { parent } = whole;
  if (ts.isBinaryExpression(parent))
    return parent.right === whole && /^(?!on[a-z])\w+$/.test(memberName(strip(parent.left)) ?? '');
  const object = ts.isPropertyAssignment(parent) ? parent.parent : parent;
  return ts.isObjectLiteralExpression(object) && isReturned(object);
}

/** A parameter of a function that is called by its name; a callback's signal is made by whoever calls it back. */
function ofParameter(
  semantics: Semantics,
  parameter: ts.ParameterDeclaration,
  declared: ts.Node,
  kind: 'parameter' | 'option',
  depth: number,
): SignalOrigin | undefined {
  const fn = parameter.parent;
  if (!isFunctionLiteral(fn)) return { kind, declared, parameter };
  const taker = takerOf(fn);
  if (!taker) return isInArgument(fn) ? undefined : { kind, declared, parameter };
  // `signals.forEach((signal) => …)`: an element of what the caller gave.
  const list = strip(taker.call.expression);
  if (ts.isPropertyAccessExpression(list) && list.name.text === 'forEach')
    return originOf(semantics, list.expression, depth + 1);
  return undefined;
}

/** A function in an object that is handed to a call: `query({ queryFn: ({ signal }) => … })`. */
function isInArgument(fn: ts.Expression): boolean {
  for (let node: ts.Node = unstrip(fn).parent; node; node = node.parent) {
    if (ts.isPropertyAssignment(node) || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node))
      continue;
    return ts.isCallExpression(node) || ts.isNewExpression(node);
  }
  return false;
}

function ofProperty(semantics: Semantics, node: ts.PropertyAccessExpression, depth: number): SignalOrigin | undefined {
  return ofObject(semantics, strip(node.expression), node.name, depth);
}

/** The signal that is a property of an object. */
function ofObject(
  semantics: Semantics,
  object: ts.Expression,
  declared: ts.Node,
  depth: number,
): SignalOrigin | undefined {
  const name = lastNameOf(object);
  if (name !== undefined && requests.test(name)) return { kind: 'own', declared };
  let base = object;
  while (ts.isPropertyAccessExpression(base)) {
    base = strip(base.expression);
    // `request.signals.body.signal`
    if (ts.isIdentifier(base) && requests.test(base.text)) return { kind: 'own', declared };
  }
  if (base.kind === ts.SyntaxKind.ThisKeyword) return { kind: 'field', declared };
  if (ts.isPropertyAccessExpression(object) && requests.test(memberName(object) ?? ''))
    return { kind: 'own', declared };
  if (ts.isBinaryExpression(object)) return ofObject(semantics, strip(object.left), declared, depth);
  const found = originOf(semantics, base, depth + 1);
  return found?.kind === 'parameter' ? { ...found, kind: 'option', declared } : found;
}

function outermostHolder(element: ts.BindingElement): ts.ParameterDeclaration | ts.VariableDeclaration {
  let holder: ts.Node = element;
  while (!ts.isParameter(holder) && !ts.isVariableDeclaration(holder)) holder = holder.parent;
  return holder;
}

/** Whether every call of the function is seen, and makes a signal of its own for it. */
export function isGivenForOneCall(semantics: Semantics, { parameter }: SignalOrigin): boolean {
  const fn = parameter?.parent;
  if (!parameter || !fn) return false;
  const given = callersOf(semantics, fn)?.map(({ arguments: all }) => all?.[fn.parameters.indexOf(parameter)]);
  return (
    given?.every((argument) => {
      const value = argument && signalIn(strip(argument));
      return value === undefined ? !argument || ts.isObjectLiteralExpression(strip(argument)) : isOwn(semantics, value);
    }) ?? false
  );
}

function isOwn(semantics: Semantics, value: ts.Expression): boolean {
  return originOf(semantics, value)?.kind === 'own';
}

/** The signal among what a call is given, or its controller: the argument itself, or a property of the options. */
export function signalIn(argument: ts.Expression): ts.Expression | undefined {
  if (!ts.isObjectLiteralExpression(argument)) return argument;
  for (const property of argument.properties) {
    if (ts.isSpreadAssignment(property)) return property.expression;
    if (!/(?:signal|controller)$/i.test(property.name.getText())) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

/** Whether what a function makes is handed out or kept: its listener may be meant to live as long as that. */
export function escapes(semantics: Semantics, name: ts.Identifier, root: ts.Node): boolean {
  const binding = semantics.program.unitOf(name).scopes.bindingOf(name);
  if (!binding || !contains(root, binding.scope.node)) return false;
  return binding.references.some((it) => {
    const { parent } = unstrip(it);
    return (
      ts.isReturnStatement(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      (ts.isBinaryExpression(parent) &&
        parent.right === it &&
        parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
        !ts.isIdentifier(strip(parent.left)))
    );
  });
}
