import ts from 'typescript';
import { visit, visitName } from './expressions.ts';
import type { Flow } from './flow.ts';
import { visitStatements } from './statements.ts';
import { hasModifier } from './syntax.ts';

/**
 * Builds what defining a class runs: decorators, the heritage expression, computed names with the methods as closures,
 * then static initialisers and blocks in order. Instance initialisers belong to the constructor's graph.
 */
export function visitClass(flow: Flow, node: ts.ClassLikeDeclaration): void {
  visitDecorators(flow, node);
  for (const clause of node.heritageClauses ?? []) {
    if (clause.token !== ts.SyntaxKind.ExtendsKeyword) continue;
    for (const type of clause.types) visit(flow, type.expression);
  }
  for (const element of node.members) {
    visitDecorators(flow, element);
    visitName(flow, element.name);
    if (flow.reachable && isMethodWithBody(element)) flow.add('closure', element);
  }
  for (const element of node.members) {
    if (ts.isClassStaticBlockDeclaration(element)) visitStatements(flow, element.body.statements);
    else if (ts.isPropertyDeclaration(element) && isStatic(element)) initialiseProperty(flow, element);
  }
}

/** Builds the initialisers of instance properties where the root, a constructor, runs them. */
export function initialiseInstance(flow: Flow): void {
  const owner = ts.isClassLike(flow.root) ? flow.root : flow.root.parent;
  if (!owner || !ts.isClassLike(owner)) return;
  for (const element of owner.members) {
    if (ts.isPropertyDeclaration(element) && !isStatic(element)) initialiseProperty(flow, element);
  }
}

function initialiseProperty(flow: Flow, property: ts.PropertyDeclaration): void {
  if (property.initializer === undefined) return;
  visit(flow, property.initializer);
  if (flow.reachable) flow.add('bind', property);
}

/** In a derived class instance properties come into being when `super()` returns. */
export function isDerived(node: ts.Node | undefined): boolean {
  if (!node || !ts.isClassLike(node)) return false;
  return node.heritageClauses?.some((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword) ?? false;
}

function visitDecorators(flow: Flow, node: ts.Node): void {
  if (!ts.canHaveDecorators(node)) return;
  for (const decorator of ts.getDecorators(node) ?? []) visit(flow, decorator.expression);
}

function isMethodWithBody(element: ts.ClassElement): boolean {
  return (
    (ts.isMethodDeclaration(element) || ts.isAccessor(element) || ts.isConstructorDeclaration(element)) &&
    element.body !== undefined
  );
}

function isStatic(element: ts.PropertyDeclaration): boolean {
  return hasModifier(element, ts.SyntaxKind.StaticKeyword);
}
