import ts from 'typescript';
import { type Callable, type Subject, subjectOf } from '../semantics/referenceSubject.ts';
import type { Program } from '../syntax/program.ts';
import { strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** A function, method or class, and what others have to say to reach it. */
export interface NamedCode {
  readonly node: ts.Node;
  readonly kind: 'local' | 'export' | 'member';
  readonly names: readonly string[];
  /** The class of a method. */
  readonly holder?: ts.ClassLikeDeclaration;
  readonly isPrivate?: boolean;
}

/** `undefined`: it has no name, or nobody has to say it. */
export function namedCode(program: Program, node: Callable): NamedCode | undefined {
  const subject = subjectOf(program, node);
  if (!subject || isDecorated(node)) return undefined;
  if (subject.member !== undefined) return memberCode(subject, subject.member);
  const own = subject.binding === undefined ? [] : [subject.binding.name];
  const names = [...new Set([...own, ...subject.exported])];
  return { node, kind: subject.exported.length > 0 ? 'export' : 'local', names };
}

function memberCode({ node, holder }: Subject, member: string): NamedCode | undefined {
  const named = { node, kind: 'member', names: [member.replace(/^#/, '')] } as const;
  if (!holder) return isOfPrototype(node) ? named : undefined;
  if (ts.isObjectLiteralExpression(holder)) {
    const isModule = ts.isBinaryExpression(holder.parent) && isModuleExports(holder.parent.left);
    return isModule ? { node, kind: 'export', names: [member] } : undefined;
  }
  const element = ts.isClassLike(node.parent) ? node : node.parent;
  if (isDecorated(element) || isDecorated(holder)) return undefined;
  const isPrivate =
    member.startsWith('#') || (ts.getCombinedModifierFlags(element as ts.Declaration) & ts.ModifierFlags.Private) !== 0;
  return { ...named, holder, isPrivate };
}

/** `Client.prototype.execute = function () {}` */
function isOfPrototype({ parent }: ts.Node): boolean {
  const object = ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left) && parent.left.expression;
  return object !== false && ts.isPropertyAccessExpression(object) && object.name.text === 'prototype';
}

function isModuleExports(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.getText() === 'module.exports';
}

const isDecorated = (node: ts.Node): boolean => ts.canHaveDecorators(node) && (ts.getDecorators(node)?.length ?? 0) > 0;

/** Whether a token only tells the module what to export. */
export function isExporting(token: ts.Node): boolean {
  const { parent } = token;
  if (ts.isExportSpecifier(parent) || ts.isExportAssignment(parent)) return true;
  const property = ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent) ? parent : undefined;
  const isName = ts.isPropertyAccessExpression(parent) && parent.name === token;
  const value = property ? property.parent : isName ? parent : token;
  const assignment = value.parent;
  if (!ts.isBinaryExpression(assignment) || assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
  const left = strip(assignment.left);
  return isModuleExports(left) || (ts.isPropertyAccessExpression(left) && isExportsObject(left.expression));
}

const isExportsObject = (node: ts.Expression): boolean =>
  isModuleExports(node) || (ts.isIdentifier(node) && node.text === 'exports');

/** Whether others have a part in the file: it imports or exports something. */
export function isPartOfProgram({ exports, file }: SourceUnit): boolean {
  return exports.named.size > 0 || exports.stars.length > 0 || file.statements.some(ts.isImportDeclaration);
}
