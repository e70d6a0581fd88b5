import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, enclosingClass, isNothing, memberName, receiver, strip, walk } from '../syntax/tree.ts';
import { lastNameOf } from './lifetimes.ts';

/**
 * Where an object has an emitter from: the `page`, the `module`, or `given` by who made the object; `shared` when it is
 * called as what serves many is called; a `field` that one round of work finds as it is.
 */
export type EmitterSource = 'page' | 'module' | 'given' | 'shared' | 'field';

const pages = new Set(['window', 'document', 'globalThis', 'self']);
/** Names of what serves many objects. */
const shared = /(?:bus|events?|hub|store|registry|dispatcher|broker|mediator|manager)$/i;
/** Fields that hold what an object was given. */
const options =
  /^[_#]*(?:options?|opts|config(?:uration)?|props|settings|params|deps|dependencies|components|services|context|ctx|init)$/;

/** The source of an emitter that a method of a class uses; `undefined`: the object made it, or nobody knows. */
export function sourceOf(semantics: Semantics, emitter: ts.Expression): EmitterSource | undefined {
  const source = resolve(semantics, emitter, 0);
  return source === 'given' && shared.test(lastNameOf(emitter) ?? '') && !isPartOfGiven(semantics, emitter)
    ? 'shared'
    : source;
}

/** `broker.bus`: a part of an object that was given ends with it, and that object may be the maker of this one. */
function isPartOfGiven(semantics: Semantics, emitter: ts.Expression): boolean {
  const node = strip(emitter);
  if (!ts.isPropertyAccessExpression(node)) return false;
  const base = strip(node.expression);
  if (base.kind === ts.SyntaxKind.ThisKeyword) return false;
  return !options.test(lastNameOf(base) ?? '') && resolve(semantics, base, 0) === 'given';
}

function resolve(semantics: Semantics, value: ts.Expression, depth: number): EmitterSource | undefined {
  const node = strip(value);
  if (depth > 6) return undefined;
  if (ts.isIdentifier(node)) return named(semantics, node, depth);
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const base = strip(node.expression);
  if (base.kind === ts.SyntaxKind.ThisKeyword) return field(semantics, node, depth);
  if (ts.isPropertyAccessExpression(base) && strip(base.expression).kind === ts.SyntaxKind.ThisKeyword) {
    if (options.test(base.name.text)) return 'given';
  }
  const whole = resolve(semantics, base, depth + 1);
  return whole === 'field' ? undefined : whole;
}

function named(semantics: Semantics, node: ts.Identifier, depth: number): EmitterSource | undefined {
  const binding = semantics.program.unitOf(node).scopes.bindingOf(node);
  const [declared] = binding?.declarations ?? [];
  if (!binding) return pages.has(node.text) ? 'page' : undefined;
  if (!declared) return undefined;
  if (binding.kind === 'import') return 'module';
  if (ts.isSourceFile(binding.scope.node)) return binding.writes.length > 0 ? undefined : 'module';
  let holder: ts.Node = declared.parent;
  while (ts.isBindingElement(holder) || ts.isObjectBindingPattern(holder)) holder = holder.parent;
  if (ts.isParameter(holder)) return isOfMember(holder) ? 'given' : undefined;
  if (!ts.isVariableDeclaration(holder) || !holder.initializer || binding.writes.length > 0) return undefined;
  return resolve(semantics, holder.initializer, depth + 1);
}

/** A parameter of a constructor or method; that of a callback comes from whoever calls back. */
function isOfMember({ parent }: ts.ParameterDeclaration): boolean {
  return ts.isConstructorDeclaration(parent) || ts.isMethodDeclaration(parent);
}

function field(semantics: Semantics, node: ts.PropertyAccessExpression, depth: number): EmitterSource | undefined {
  const owner = enclosingClass(node);
  if (!owner) return undefined;
  const name = node.name.text;
  if (isParameterProperty(owner, name)) return 'given';
  const declaration = owner.members.find((it) => ts.isPropertyDeclaration(it) && it.name.getText() === name);
  const initial = declaration && ts.isPropertyDeclaration(declaration) ? declaration.initializer : undefined;
  const values = [...(initial ? [initial] : []), ...fieldAssignments(owner, name).map(({ right }) => right)].filter(
    (it) => !isNothing(strip(it)),
  );
  const sources = values.map((it) => ofValue(semantics, it, depth));
  const [first] = sources;
  return first !== undefined && sources.every((it) => it === first) ? first : 'field';
}

/** `options.bus`, `options.bus ?? shared`, `config.getEvents()`, `inject(Events)`. */
function ofValue(semantics: Semantics, value: ts.Expression, depth: number): EmitterSource | undefined {
  const node = strip(value);
  if (ts.isCallExpression(node)) {
    const callee = strip(node.expression);
    if (ts.isIdentifier(callee) && callee.text === 'inject') return 'given';
    const base = receiver(node);
    if (!base || !/^(?:get[A-Z]|getInstance$)/.test(memberName(callee) ?? '')) return undefined;
    return resolve(semantics, base, depth + 1);
  }
  return resolve(semantics, node, depth + 1);
}

function isParameterProperty(owner: ts.ClassLikeDeclaration, name: string): boolean {
  const maker = owner.members.find((it) => ts.isConstructorDeclaration(it));
  return (
    maker?.parameters.some((it) => ts.isParameterPropertyDeclaration(it, maker) && it.name.getText() === name) ?? false
  );
}

/** The place among the arguments of a constructor at which an object is given the emitter. */
export function placeGiven(semantics: Semantics, emitter: ts.Expression): number {
  const owner = enclosingClass(emitter);
  const maker = owner?.members.find((it) => ts.isConstructorDeclaration(it));
  if (!owner || !maker) return -1;
  const node = strip(emitter);
  const isField = ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
  const [written, another] = isField ? fieldAssignments(owner, node.name.text) : [];
  const value = isField && written && !another ? strip(written.right) : node;
  return maker.parameters.findIndex((it) => {
    if (isField && ts.isParameterPropertyDeclaration(it, maker) && it.name.getText() === node.name.text) return true;
    if (!ts.isIdentifier(value) || !ts.isIdentifier(it.name)) return false;
    const { scopes } = semantics.program.unitOf(value);
    return scopes.bindingOf(value)?.declarations[0] === it.name;
  });
}

/** Where a method keeps what it is given: `this.workers.set(name, worker)`, `this.worker = worker`. */
export function keptIn(method: ts.Node, emitter: ts.Expression): string | undefined {
  const name = strip(emitter);
  if (!ts.isIdentifier(name)) return undefined;
  let found: string | undefined;
  walk(method, (node) => {
    if (found !== undefined || !ts.isIdentifier(node) || node.text !== name.text || contains(emitter, node)) return;
    const { parent } = node;
    if (ts.isBinaryExpression(parent) && parent.right === node) found = fieldName(parent.left);
    if (!ts.isCallExpression(parent) || !parent.arguments.includes(node)) return;
    const callee = strip(parent.expression);
    if (ts.isPropertyAccessExpression(callee) && /^(?:set|add|push|unshift)$/.test(callee.name.text))
      found = fieldName(callee.expression);
  });
  return found;
}

function fieldName(place: ts.Expression): string | undefined {
  let node = strip(place);
  while (ts.isElementAccessExpression(node)) node = strip(node.expression);
  if (!ts.isPropertyAccessExpression(node) || strip(node.expression).kind !== ts.SyntaxKind.ThisKeyword)
    return undefined;
  return node.name.text;
}
