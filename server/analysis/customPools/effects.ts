import ts from 'typescript';
import { readIn, updateKinds } from '../syntax/nodes.ts';
import { initialOf } from '../syntax/scopes.ts';
import { isAssignment, isRoot, memberName, receiver, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** What a function does to a state that several functions share: a free list, a set of what is lent, a count, a flag. */
export interface Effect {
  readonly kind: 'in' | 'out' | 'raise' | 'lower';
  /** The same for all functions that share the state. */
  readonly key: string;
  /** The state as written. */
  readonly state: string;
  readonly node: ts.Node;
  /** What goes in or comes out, as far as it is written. */
  readonly value: ts.Expression | undefined;
  /** The method or function that has the effect, be it in a callback. */
  readonly by: ts.FunctionLikeDeclaration;
}

const puts = new Set(['push', 'unshift', 'add', 'set']);
const takes = new Set(['pop', 'shift', 'delete', 'splice']);
/** Flags of an element that say that it is lent. */
const lent = /^_?(?:is_?)?(?:in_?use|busy|used|taken|acquired|leased|borrowed|checked_?out|locked|claimed|reserved)$/i;

/** The effects of a file's functions on shared state, by function. */
export function effectsOf(unit: SourceUnit): readonly Effect[] {
  return readIn(unit.file, updateKinds, effectAt).flatMap(({ kind, node, object, value }) => {
    const shared = sharedState(unit, object);
    return shared ? { kind, node, value, state: object.getText(), ...shared } : [];
  });
}

interface Found {
  readonly kind: Effect['kind'];
  readonly node: ts.Node;
  readonly object: ts.Expression;
  readonly value: ts.Expression | undefined;
}

function effectAt(node: ts.Node): Found | undefined {
  if (ts.isCallExpression(node)) return callEffect(node);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const object = strip(node.operand);
    if (node.operator === ts.SyntaxKind.PlusPlusToken) return { kind: 'raise', node, object, value: undefined };
    return node.operator === ts.SyntaxKind.MinusMinusToken
      ? { kind: 'lower', node, object, value: undefined }
      : undefined;
  }
  if (!ts.isBinaryExpression(node) || !isAssignment(node.operatorToken.kind)) return undefined;
  const object = strip(node.left);
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.PlusEqualsToken) return { kind: 'raise', node, object, value: undefined };
  if (kind === ts.SyntaxKind.MinusEqualsToken) return { kind: 'lower', node, object, value: undefined };
  // `this.lent = this.lent.filter((each) => each !== item)`
  const right = strip(node.right);
  if (ts.isCallExpression(right) && memberName(strip(right.expression)) === 'filter') {
    const filtered = receiver(right);
    if (filtered?.getText() === object.getText()) return { kind: 'out', node, object, value: undefined };
  }
  return undefined;
}

function callEffect(node: ts.CallExpression): Found | undefined {
  const object = receiver(node);
  const name = memberName(strip(node.expression));
  if (!object || name === undefined) return undefined;
  if (puts.has(name))
    return { kind: 'in', node, object: strip(object), value: node.arguments.at(name === 'set' ? 0 : -1) };
  if (takes.has(name))
    return { kind: 'out', node, object: strip(object), value: name === 'delete' ? node.arguments[0] : undefined };
  return undefined;
}

/** The flag of an element: `slot.inUse = true`. */
export function flagEffect(
  node: ts.Node,
): { readonly node: ts.Node; readonly lent: boolean; readonly flag: string; readonly of: ts.Expression } | undefined {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const flag = memberName(node.left);
  const access = node.left;
  if (flag === undefined || !ts.isPropertyAccessExpression(access) || !lent.test(flag)) return undefined;
  if (access.expression.kind === ts.SyntaxKind.ThisKeyword) return undefined;
  const { kind } = strip(node.right);
  if (kind !== ts.SyntaxKind.TrueKeyword && kind !== ts.SyntaxKind.FalseKeyword) return undefined;
  return { node, lent: kind === ts.SyntaxKind.TrueKeyword, flag, of: access.expression };
}

/** A state outside of the functions that use it: a field, or a variable around them, or one of the lists that it keeps by key. */
function sharedState(unit: SourceUnit, object: ts.Expression): Pick<Effect, 'key' | 'by'> | undefined {
  const path: string[] = [];
  let base = listInMap(object) ?? listInMap(madeWith(unit, object)) ?? object;
  if (base !== object) path.unshift('*');
  while (ts.isPropertyAccessExpression(base)) {
    path.unshift(base.name.text);
    base = strip(base.expression);
  }
  if (base.kind === ts.SyntaxKind.ThisKeyword) {
    const method = methodAround(base);
    return method && path.length > 0 ? { key: `${method.parent.pos}.${path.join('.')}`, by: method } : undefined;
  }
  if (!ts.isIdentifier(base)) return undefined;
  const binding = unit.scopes.bindingOf(base);
  const scope = binding?.scope.node;
  const by = scope && functionIn(scope, object);
  if (!binding || !by || binding.kind === 'parameter' || binding.kind === 'import') return undefined;
  return { key: `#${binding.id}.${path.join('.')}`, by };
}

/** `this.free` of `this.free.get(host)`, `this.free.get(host) ?? []` and `this.free[host]`. */
function listInMap(node: ts.Expression | undefined): ts.Expression | undefined {
  if (!node) return undefined;
  if (ts.isElementAccessExpression(node)) return strip(node.expression);
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isDefault = kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
    return isDefault ? listInMap(strip(node.left)) : undefined;
  }
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return undefined;
  const map = receiver(node);
  return map && memberName(strip(node.expression)) === 'get' ? strip(map) : undefined;
}

/** What a `const` of a function was made with. */
function madeWith(unit: SourceUnit, node: ts.Expression): ts.Expression | undefined {
  const binding = ts.isIdentifier(node) ? unit.scopes.bindingOf(node) : undefined;
  return binding?.writes.length === 0 ? initialOf(binding) : undefined;
}

/** The method of a class or object literal that `this` belongs to. */
export function methodAround(node: ts.Node): (ts.FunctionLikeDeclaration & { readonly parent: ts.Node }) | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (ts.isArrowFunction(current)) {
      // A field that holds an arrow function is a method.
      if (ts.isPropertyDeclaration(current.parent) && ts.isClassLike(current.parent.parent)) return current;
    } else if (ts.isFunctionLike(current) && 'body' in current) {
      const { parent } = current;
      const isMember = ts.isClassLike(parent) || ts.isObjectLiteralExpression(parent);
      return isMember ? (current as ts.FunctionLikeDeclaration) : undefined;
    }
  }
  return undefined;
}

/** The outermost function around a node that stands inside a scope; `undefined` when the node belongs to the scope itself. */
function functionIn(scope: ts.Node, node: ts.Node): ts.FunctionLikeDeclaration | undefined {
  let outermost: ts.FunctionLikeDeclaration | undefined;
  for (let current = node.parent; current && current !== scope; current = current.parent) {
    if (isRoot(current) && ts.isFunctionLike(current)) outermost = current;
  }
  return outermost;
}
