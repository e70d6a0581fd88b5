import ts from 'typescript';
import type { TextEdit } from '../../edit.ts';
import { contains } from '../../syntax/tree.ts';

/** The member of a class or an object that a function is, be it by a field that holds an arrow function. */
export function memberOf(fn: ts.FunctionLikeDeclaration): ts.ClassElement | ts.ObjectLiteralElement | undefined {
  const member = ts.isPropertyDeclaration(fn.parent) || ts.isPropertyAssignment(fn.parent) ? fn.parent : fn;
  const { parent } = member;
  const isMember = parent !== undefined && (ts.isClassLike(parent) || ts.isObjectLiteralExpression(parent));
  return isMember ? (member as ts.ClassElement | ts.ObjectLiteralElement) : undefined;
}

/**
 * The edits after which the callers may call a member; `undefined` when that takes more than another modifier. A class
 * that writes `public` gets it written here, too.
 */
export function widened(fn: ts.FunctionLikeDeclaration, callers: readonly ts.Node[]): readonly TextEdit[] | undefined {
  const member = memberOf(fn);
  if (!member) return undefined;
  const owner = member.parent;
  if (!ts.isClassLike(owner) || callers.every((caller) => isInside(owner, caller))) return [];
  if (member.name && ts.isPrivateIdentifier(member.name)) return undefined;
  const hidden = modifiersOf(member).find(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );
  if (!hidden) return [];
  const start = hidden.getStart();
  const writesPublic = owner.members.some((each) =>
    modifiersOf(each).some(({ kind }) => kind === ts.SyntaxKind.PublicKeyword),
  );
  if (writesPublic) return [{ start, end: hidden.end, text: 'public' }];
  const space = /^\s*/.exec(owner.getSourceFile().text.slice(hidden.end))?.[0].length ?? 0;
  return [{ start, end: hidden.end + space, text: '' }];
}

const isInside = (owner: ts.Node, caller: ts.Node): boolean =>
  owner.getSourceFile() === caller.getSourceFile() && contains(owner, caller);

const modifiersOf = (member: ts.Node): readonly ts.Modifier[] =>
  (ts.canHaveModifiers(member) ? ts.getModifiers(member) : undefined) ?? [];
