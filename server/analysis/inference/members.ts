import ts from 'typescript';
import { binaryKinds, walkKinds } from '../syntax/nodes.ts';
import type { Inference } from './inference.ts';
import { awaited, type Known, libraryType, staticsOf } from './known.ts';
import { fromType } from './types.ts';

/** What is known of `owner.name`. */
export function memberOf(inference: Inference, owner: Known, name: string): Known | undefined {
  switch (owner.kind) {
    case 'library':
      return libraryMember(inference, owner, name);
    case 'instance':
      return classMember(inference, owner.class, name, false);
    case 'class':
      return classMember(inference, owner.class, name, true);
    case 'object':
      return objectMember(inference, owner.object, name);
    case 'module':
      return moduleMember(inference, owner, name);
    case 'typed':
      return typeMember(inference, owner.type, name);
    case 'function':
      return functionMember(inference, owner.function, name);
    default:
      return undefined;
  }
}

function libraryMember(
  inference: Inference,
  owner: Extract<Known, { kind: 'library' }>,
  name: string,
): Known | undefined {
  const { model, shape } = owner;
  if ('namespace' in shape) {
    if (Object.hasOwn(shape.namespace, name)) {
      const member = shape.namespace[name];
      return member && { kind: 'library', model, shape: member };
    }
    // `require('x').default` and `ns.default` of a CommonJS module are the module itself.
    if (name === 'default') return owner;
    // What a CommonJS module exports is its default export, with that one's members.
    const { default: whole } = shape.namespace;
    return whole && !('namespace' in whole) ? libraryMember(inference, { ...owner, shape: whole }, name) : undefined;
  }
  const type = libraryType(owner) ?? staticsOf(owner);
  const member = type && inference.models.member(type, name);
  return member && { kind: 'library', model, shape: member };
}

function moduleMember(
  inference: Inference,
  owner: Extract<Known, { kind: 'module' }>,
  name: string,
): Known | undefined {
  const known = inference.exported(owner.unit, name);
  if (known || name === 'default') return known;
  // `require('./db').pool` where `module.exports` is an instance or object.
  const whole = owner.unit.exports.named.has('default') ? inference.exported(owner.unit, 'default') : undefined;
  return whole && whole.kind !== 'module' ? memberOf(inference, whole, name) : undefined;
}

/** A field, method, accessor or parameter property of a class, or of the classes it extends. */
function classMember(
  inference: Inference,
  node: ts.ClassLikeDeclaration,
  name: string,
  isStatic: boolean,
): Known | undefined {
  for (const member of node.members) {
    const known = inference.guarded(member, `member ${name}`, () => declaredMember(inference, member, name, isStatic));
    if (known) return known;
  }
  return (isStatic ? undefined : assignedField(inference, node, name)) ?? inherited(inference, node, name, isStatic);
}

function declaredMember(
  inference: Inference,
  member: ts.ClassElement,
  name: string,
  isStatic: boolean,
): Known | undefined {
  if (ts.isConstructorDeclaration(member)) {
    const property = member.parameters.find((p) => ts.isParameterPropertyDeclaration(p, member) && isNamed(p, name));
    return property && ts.isIdentifier(property.name) ? inference.declared(property.name) : undefined;
  }
  const memberIsStatic =
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member)?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword) ?? false);
  if (memberIsStatic !== isStatic || !isNamed(member, name)) return undefined;
  if (ts.isMethodDeclaration(member)) return { kind: 'function', function: member };
  if (ts.isGetAccessor(member)) return inference.returned(member);
  if (!ts.isPropertyDeclaration(member)) return undefined;
  const type = member.type ?? ts.getJSDocType(member);
  return (type && fromType(inference, type)) ?? (member.initializer && inference.evaluate(member.initializer));
}

/** `this.pool = new Pool()` in a constructor or method. */
function assignedField(inference: Inference, node: ts.ClassLikeDeclaration, name: string): Known | undefined {
  for (const { right } of fieldAssignments(node, name)) {
    const known = inference.evaluate(right);
    if (known) return known;
  }
  return undefined;
}

const assignmentsByField = new WeakMap<ts.ClassLikeDeclaration, ReadonlyMap<string, readonly ts.BinaryExpression[]>>();

/** All assignments `this.<name> = …` in a class. */
export function fieldAssignments(node: ts.ClassLikeDeclaration, name: string): readonly ts.BinaryExpression[] {
  let fields = assignmentsByField.get(node);
  if (!fields) {
    fields = readFields(node);
    assignmentsByField.set(node, fields);
  }
  return fields.get(name) ?? [];
}

function readFields(node: ts.ClassLikeDeclaration): ReadonlyMap<string, readonly ts.BinaryExpression[]> {
  const fields = new Map<string, ts.BinaryExpression[]>();
  walkKinds(node.getSourceFile(), binaryKinds, (inner) => {
    if (inner.pos < node.members.pos || node.members.end < inner.end) return;
    if (!ts.isBinaryExpression(inner) || inner.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const { left } = inner;
    if (!ts.isPropertyAccessExpression(left) || left.expression.kind !== ts.SyntaxKind.ThisKeyword) return;
    const known = fields.get(left.name.text);
    if (known) known.push(inner);
    else fields.set(left.name.text, [inner]);
  });
  return fields;
}

function inherited(
  inference: Inference,
  node: ts.ClassLikeDeclaration,
  name: string,
  isStatic: boolean,
): Known | undefined {
  const base = node.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (!base) return undefined;
  return inference.guarded(base, `inherited ${name}`, () => {
    const known = inference.evaluate(base.expression);
    if (known?.kind === 'class') return classMember(inference, known.class, name, isStatic);
    if (known?.kind === 'library' && 'class' in known.shape && !isStatic) {
      return memberOf(inference, { ...known, shape: { value: known.shape.class } }, name);
    }
    return undefined;
  });
}

function objectMember(inference: Inference, node: ts.ObjectLiteralExpression, name: string): Known | undefined {
  return inference.guarded(node, `member ${name}`, () => writtenMember(inference, node, name));
}

function writtenMember(inference: Inference, node: ts.ObjectLiteralExpression, name: string): Known | undefined {
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = awaited(inference.evaluate(property.expression));
      const known = spread && memberOf(inference, spread, name);
      if (known) return known;
    } else if (isNamed(property, name)) {
      if (ts.isPropertyAssignment(property)) return inference.evaluate(property.initializer);
      if (ts.isShorthandPropertyAssignment(property)) return inference.evaluate(property.name);
      if (ts.isMethodDeclaration(property)) return { kind: 'function', function: property };
      if (ts.isGetAccessor(property)) return inference.returned(property);
    }
  }
  // `const db = {}; db.pool = new Pool();`
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined;
  const binding = inference.program.unitOf(node).scopes.bindingOf(parent.name);
  return binding && inference.assignedProperty(binding, name);
}

/** `query.promise = …` of a function that has a name. */
function functionMember(inference: Inference, node: ts.FunctionLikeDeclaration, name: string): Known | undefined {
  const { parent } = node;
  const declaring = ts.isVariableDeclaration(parent) ? parent.name : node.name;
  if (!declaring || !ts.isIdentifier(declaring)) return undefined;
  const binding = inference.program.unitOf(node).scopes.bindingOf(declaring);
  return binding && inference.assignedProperty(binding, name);
}

function typeMember(
  inference: Inference,
  node: ts.InterfaceDeclaration | ts.TypeLiteralNode,
  name: string,
): Known | undefined {
  return inference.guarded(node, `member ${name}`, () => {
    for (const member of node.members) {
      if (!isNamed(member, name)) continue;
      if (ts.isPropertySignature(member)) return member.type && fromType(inference, member.type);
      if (ts.isMethodSignature(member)) return { kind: 'signature', returns: member.type };
    }
    if (!ts.isInterfaceDeclaration(node)) return undefined;
    for (const base of node.heritageClauses?.flatMap((clause) => [...clause.types]) ?? []) {
      const known = fromType(inference, base);
      const member = known && memberOf(inference, known, name);
      if (member) return member;
    }
    return undefined;
  });
}

function isNamed(node: { readonly name?: ts.Node | undefined }, name: string): boolean {
  const own = node.name;
  return (
    own !== undefined &&
    (ts.isIdentifier(own) || ts.isPrivateIdentifier(own) || ts.isStringLiteralLike(own)) &&
    own.text === name
  );
}
