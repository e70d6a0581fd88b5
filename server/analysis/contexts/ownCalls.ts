import ts from 'typescript';
import { occurrences } from '../semantics/occurrences.ts';
import { areRelated } from '../semantics/related.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, isFunctionLiteral, strip, unstrip, walk } from '../syntax/tree.ts';
import { isTestFile } from './places.ts';

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

/**
 * The calls of a method within its class, those of tests aside; `undefined` where others may call it: somebody else than a
 * class of its own says the name.
 */
export function callsInClass(
  { inference, program }: Semantics,
  { name, parent: owner }: ts.MethodDeclaration,
): readonly ts.CallExpression[] | undefined {
  if (!ts.isClassLike(owner)) return undefined;
  const { host } = program;
  const word = name.getText();
  const calls: ts.CallExpression[] = [];
  for (const path of host.mentioning(owner.getSourceFile().fileName, word) ?? [undefined]) {
    if (path !== undefined && isTestFile(host, path)) continue;
    const unit = path === undefined ? undefined : program.unit(path);
    if (!unit) return undefined;
    for (const token of occurrences(unit, word)) {
      if (ts.isMethodDeclaration(token.parent) && token.parent.name === token) continue;
      const call = callOnThis(token);
      const caller = call && ts.findAncestor(call, ts.isClassLike);
      if (!call || !caller) return undefined;
      if (caller === owner) calls.push(call);
      else if (areRelated(inference, owner, caller)) return undefined;
    }
  }
  return calls;
}

/** `this.connect()` by the name that it says. */
function callOnThis(token: ts.Node): ts.CallExpression | undefined {
  const access = token.parent;
  if (!ts.isPropertyAccessExpression(access) || access.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  const call = unstrip(access).parent;
  return ts.isCallExpression(call) && calleeName(call) === token ? call : undefined;
}
