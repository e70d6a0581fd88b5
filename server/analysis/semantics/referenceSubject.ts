import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import type { Binding } from '../syntax/scopes.ts';
import { strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** A function or class whose uses are looked for. */
export type Callable = ts.FunctionLikeDeclaration | ts.ClassLikeDeclaration;

/** How the code reaches a function or class. */
export interface Subject {
  readonly node: Callable;
  readonly unit: SourceUnit;
  /** The class or object literal that it is a member of. */
  readonly holder: ts.ClassLikeDeclaration | ts.ObjectLiteralExpression | undefined;
  /** The name of the member. */
  readonly member: string | undefined;
  /** The name in its own file. */
  readonly binding: Binding | undefined;
  /** The names under which the file exports it. */
  readonly exported: readonly string[];
}

/** How `node` can be reached by name; `undefined` when it has none, like a function literal that is an argument. */
export function subjectOf(program: Program, node: Callable): Subject | undefined {
  if (ts.isConstructorDeclaration(node)) return subjectOf(program, node.parent);
  const unit = program.unitOf(node);
  const member = memberOf(node);
  if (member) return { node, unit, ...member, binding: undefined, exported: [] };
  const own = bindingOf(unit, node);
  const exported = [...unit.exports.named].flatMap(([name, what]) =>
    'node' in what && stands(unit, what.node, node, own) ? [name] : [],
  );
  if (!own && exported.length === 0) return undefined;
  return { node, unit, holder: undefined, member: undefined, binding: own, exported };
}

function memberOf(node: Callable): { holder: Subject['holder']; member: string } | undefined {
  const element = ts.isFunctionExpression(node) || ts.isArrowFunction(node) ? node.parent : node;
  const isElement =
    ts.isMethodDeclaration(element) ||
    ts.isAccessor(element) ||
    ts.isPropertyDeclaration(element) ||
    ts.isPropertyAssignment(element);
  if (isElement) {
    const { name, parent } = element;
    const holder = ts.isClassLike(parent) || ts.isObjectLiteralExpression(parent) ? parent : undefined;
    const text =
      ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
    return text === undefined ? undefined : { holder, member: text };
  }
  // `Pool.prototype.release = function () {}`, `pool.release = () => {}`
  if (ts.isBinaryExpression(element) && element.right === node && ts.isPropertyAccessExpression(element.left)) {
    const { left } = element;
    const ofModule = ts.isIdentifier(left.expression) && left.expression.text === 'exports';
    if (!ofModule && left.getText() !== 'module.exports') return { holder: undefined, member: left.name.text };
  }
  return undefined;
}

function bindingOf(unit: SourceUnit, node: Callable): Binding | undefined {
  const named = (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name ? node.name : undefined;
  if (named) return unit.scopes.bindingOf(named);
  let { parent } = node;
  // `const render = (module.exports = () => {})`
  while (ts.isParenthesizedExpression(parent) || isPlainAssignment(parent)) parent = parent.parent;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return unit.scopes.bindingOf(parent.name);
  return undefined;
}

/** `a = b` */
export function isPlainAssignment(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

/** Whether an exported node is the function, or the name of it. */
function stands(unit: SourceUnit, exported: ts.Node, node: Callable, own: Binding | undefined): boolean {
  const value = ts.isExpression(exported) ? strip(exported) : exported;
  if (value === node) return true;
  return ts.isIdentifier(value) && own !== undefined && unit.scopes.lookup(value.text, value) === own;
}

/** Whether two nodes are the same function: links make one file reachable under several paths. */
export function isSame(a: ts.Node, b: ts.Node): boolean {
  if (a === b) return true;
  if (a.pos !== b.pos || a.end !== b.end || a.kind !== b.kind) return false;
  const [one, other] = [a.getSourceFile(), b.getSourceFile()];
  return one.fileName !== other.fileName && one.text === other.text && baseName(one) === baseName(other);
}

function baseName({ fileName }: ts.SourceFile): string {
  return fileName.slice(fileName.lastIndexOf('/') + 1);
}
