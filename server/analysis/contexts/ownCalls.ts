import ts from 'typescript';
import { isFunctionLiteral, strip, walk } from '../syntax/tree.ts';

/** Parts of a class with all methods that they call of the same object. */
export function withOwnCalls(owner: ts.ClassLikeDeclaration, parts: readonly ts.Node[]): readonly ts.Node[] {
  const found = new Set<ts.Node>(parts);
  for (const part of found) {
    walk(part, (node) => {
      if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return;
      const called = owner.members.find((it) => it.name?.getText() === node.name.text && bodyOf(it) !== undefined);
      if (called && ts.isCallExpression(node.parent) && node.parent.expression === node) found.add(called);
    });
  }
  return [...found];
}

/** The body of a method, or of a function that a field holds. */
export function bodyOf(member: ts.ClassElement): ts.Node | undefined {
  if (ts.isMethodDeclaration(member)) return member.body;
  if (!ts.isPropertyDeclaration(member) || !member.initializer) return undefined;
  const value = strip(member.initializer);
  return isFunctionLiteral(value) ? value.body : undefined;
}
