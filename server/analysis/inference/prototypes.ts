import ts from 'typescript';
import { binaryKinds, walkKinds } from '../syntax/nodes.ts';
import { isRoot, memberName } from '../syntax/tree.ts';

/**
 * Classes as they were written before there was a word for them: a function whose prototype gets methods. Their fields
 * are what `this.name = …` assigns in any of them, and the properties of the prototype itself.
 */
export function prototypeField(node: ts.Node, name: string): readonly ts.Expression[] {
  const owner = ownerOf(node);
  return (owner !== undefined && fieldsOf(node.getSourceFile()).get(owner)?.get(name)) || [];
}

type Fields = Map<string, Map<string, ts.Expression[]>>;

const known = new WeakMap<ts.SourceFile, Fields>();

/** The fields of a file's old classes, by class and name. */
function fieldsOf(file: ts.SourceFile): Fields {
  let fields = known.get(file);
  if (!fields) {
    fields = new Map();
    known.set(file, fields);
    if (/\bprototype\b/.test(file.text)) collect(file, fields);
  }
  return fields;
}

function collect(file: ts.SourceFile, fields: Fields): void {
  const add = (owner: string, name: string, value: ts.Expression): void => {
    const own = fields.get(owner) ?? new Map<string, ts.Expression[]>();
    fields.set(owner, own);
    own.set(name, [...(own.get(name) ?? []), value]);
  };
  walkKinds(file, binaryKinds, (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const { left, right } = node;
    if (!ts.isPropertyAccessExpression(left)) return;
    const name = left.name.text;
    if (left.expression.kind === ts.SyntaxKind.ThisKeyword) {
      const owner = ownerOf(left);
      if (owner !== undefined) add(owner, name, right);
      return;
    }
    const owner = prototypeOwner(left.expression);
    if (owner !== undefined) add(owner, name, right);
    else if (name === 'prototype' && ts.isIdentifier(left.expression) && ts.isObjectLiteralExpression(right)) {
      for (const property of right.properties) {
        if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name))
          add(left.expression.text, property.name.text, property.initializer);
      }
    }
  });
}

/** `Client` of `Client.prototype`. */
function prototypeOwner(node: ts.Expression): string | undefined {
  return memberName(node) === 'prototype' && ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)
    ? node.expression.text
    : undefined;
}

/** The old class of which `this` is an instance. */
function ownerOf(node: ts.Node): string | undefined {
  let fn: ts.Node = node;
  while (fn.parent && (!isRoot(fn) || ts.isArrowFunction(fn))) fn = fn.parent;
  if (ts.isFunctionDeclaration(fn)) return fn.name?.text;
  if (!ts.isFunctionExpression(fn) && !ts.isMethodDeclaration(fn)) return undefined;
  const { parent } = fn;
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name) ? parent.name.text : undefined;
  if (ts.isBinaryExpression(parent) && parent.right === fn && ts.isPropertyAccessExpression(parent.left))
    return prototypeOwner(parent.left.expression);
  const object = ts.isPropertyAssignment(parent) ? parent.parent : ts.isMethodDeclaration(fn) ? parent : undefined;
  const assigned = object && ts.isObjectLiteralExpression(object) ? object.parent : undefined;
  return assigned && ts.isBinaryExpression(assigned) && ts.isPropertyAccessExpression(assigned.left)
    ? assigned.left.name.text === 'prototype' && ts.isIdentifier(assigned.left.expression)
      ? assigned.left.expression.text
      : undefined
    : undefined;
}
