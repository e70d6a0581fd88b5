import ts from 'typescript';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Inference } from './inference.ts';
import { awaited, type Known, promised } from './known.ts';
import { memberOf } from './members.ts';

/** Types that stand for their first argument as far as members are concerned. */
const transparent = new Set(['NonNullable', 'Readonly', 'Partial', 'Required', 'Pick', 'Omit']);

/** Collections, and which of their type arguments their elements have. */
export const elementArgument: Readonly<Record<string, number | undefined>> = {
  Array: 0,
  ReadonlyArray: 0,
  Set: 0,
  ReadonlySet: 0,
  Map: 1,
  ReadonlyMap: 1,
  WeakMap: 1,
  Record: 1,
};

export function collection(of: Known | undefined): Known | undefined {
  return of && { kind: 'collection', of };
}

/** What is known of a value of an annotated type. */
export function fromType(inference: Inference, node: ts.TypeNode): Known | undefined {
  return inference.guarded(node, 'type', () => {
    if (ts.isTypeReferenceNode(node)) return fromReference(inference, node.typeName, node.typeArguments);
    if (ts.isExpressionWithTypeArguments(node)) {
      return ts.isIdentifier(node.expression)
        ? fromReference(inference, node.expression, node.typeArguments)
        : undefined;
    }
    if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) {
      return first(node.types, (type) => fromType(inference, type));
    }
    if (ts.isParenthesizedTypeNode(node)) return fromType(inference, node.type);
    if (ts.isArrayTypeNode(node)) return collection(fromType(inference, node.elementType));
    if (ts.isTypeOperatorNode(node)) return fromType(inference, node.type);
    if (ts.isTypeLiteralNode(node)) return fromLiteral(inference, node);
    if (ts.isFunctionTypeNode(node)) return { kind: 'signature', returns: node.type };
    if (ts.isTypeQueryNode(node)) return fromQuery(inference, node.exprName);
    if (ts.isImportTypeNode(node)) return fromImport(inference, node);
    if (ts.isJSDocNullableType(node) || ts.isJSDocNonNullableType(node))
      return fromType(inference, node.type as ts.TypeNode);
    return undefined;
  });
}

/** `{ [name: string]: Pool }` is a collection, any other literal a type with members. */
function fromLiteral(inference: Inference, node: ts.TypeLiteralNode): Known | undefined {
  const [member] = node.members;
  const isIndexed = node.members.length === 1 && member && ts.isIndexSignatureDeclaration(member);
  return isIndexed ? collection(fromType(inference, member.type)) : { kind: 'typed', type: node };
}

function fromReference(
  inference: Inference,
  name: ts.EntityName,
  args: ts.NodeArray<ts.TypeNode> | undefined,
): Known | undefined {
  const [argument] = args ?? [];
  const element = ts.isIdentifier(name) ? args?.[elementArgument[name.text] ?? -1] : undefined;
  if (element) return collection(fromType(inference, element));
  if (ts.isIdentifier(name) && argument) {
    if (name.text === 'Promise' || name.text === 'PromiseLike') return promised(fromType(inference, argument));
    if (name.text === 'Awaited') return awaited(fromType(inference, argument));
    if (transparent.has(name.text)) return fromType(inference, argument);
    if (name.text === 'ReturnType') {
      const target = fromType(inference, argument);
      return target && inference.result(target);
    }
    if (name.text === 'InstanceType') return instance(fromType(inference, argument));
  }
  return instance(entity(inference, name));
}

function fromQuery(inference: Inference, name: ts.EntityName): Known | undefined {
  if (ts.isIdentifier(name)) {
    const binding = inference.program.unitOf(name).scopes.lookup(name.text, name);
    return binding ? inference.binding(binding) : inference.global(name.text);
  }
  if (ts.isIdentifier(name.left) && name.left.text === 'globalThis') return inference.global(name.right.text);
  const owner = fromQuery(inference, name.left);
  return owner && memberOf(inference, owner, name.right.text);
}

function fromImport(inference: Inference, node: ts.ImportTypeNode): Known | undefined {
  if (!ts.isLiteralTypeNode(node.argument) || !ts.isStringLiteral(node.argument.literal)) return undefined;
  const unit = inference.program.unitOf(node);
  const path: string[] = [];
  for (let name = node.qualifier; name; name = ts.isIdentifier(name) ? undefined : name.left) {
    path.unshift(ts.isIdentifier(name) ? name.text : name.right.text);
  }
  let known = inference.module(unit, node.argument.literal.text, '*');
  for (const part of path) known = known && memberOf(inference, known, part);
  return node.isTypeOf ? known : instance(known);
}

/** What a type's name refers to: a class, a library's type, an interface or alias of the project. */
function entity(inference: Inference, name: ts.EntityName): Known | undefined {
  if (!ts.isIdentifier(name)) {
    const owner = entity(inference, name.left);
    return owner && memberOf(inference, owner, name.right.text);
  }
  const unit = inference.program.unitOf(name);
  const binding = unit.scopes.lookup(name.text, name);
  if (!binding) return fromTypedef(inference, unit, name.text) ?? inference.global(name.text);
  for (const { parent } of binding.declarations) {
    const known = declaredType(inference, parent);
    if (known) return known;
  }
  return inference.binding(binding);
}

/** `@typedef {import('pg').Pool} Pool` anywhere in the file. */
function fromTypedef(inference: Inference, unit: SourceUnit, name: string): Known | undefined {
  for (const statement of [...unit.file.statements, unit.file.endOfFileToken]) {
    // The public accessors look at the last comment before a statement only.
    const docs = (statement as { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? [];
    for (const tag of docs.flatMap((doc) => [...(doc.tags ?? [])])) {
      if (!ts.isJSDocTypedefTag(tag) || tag.name?.text !== name) continue;
      const type = tag.typeExpression;
      if (type && ts.isJSDocTypeExpression(type)) return fromType(inference, type.type);
    }
  }
  return undefined;
}

/** The value of a type declared by an interface or alias. */
export function declaredType(inference: Inference, node: ts.Node): Known | undefined {
  if (ts.isInterfaceDeclaration(node)) return { kind: 'typed', type: node };
  return ts.isTypeAliasDeclaration(node) ? fromType(inference, node.type) : undefined;
}

/** A class named in type position means its instances; so does a library's type. */
function instance(known: Known | undefined): Known | undefined {
  if (known?.kind === 'class') return { kind: 'instance', class: known.class };
  if (known?.kind === 'library') {
    const { model, shape } = known;
    if ('class' in shape) return { kind: 'library', model, shape: { value: shape.class } };
    if ('type' in shape) return { kind: 'library', model, shape: { value: shape.type } };
  }
  return known;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
