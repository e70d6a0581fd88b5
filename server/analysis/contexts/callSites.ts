import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { memberKinds, walkKinds } from '../syntax/nodes.ts';
import { contains, enclosingClass, isFunctionLiteral, memberName, unstrip } from '../syntax/tree.ts';

/** Functions of the project as calls find them. */
export type Callable = ts.FunctionLikeDeclaration;

/** A place at which a function is mentioned: called there, or handed to somebody who calls it. */
export type Use =
  | { readonly kind: 'call'; readonly call: ts.CallExpression | ts.NewExpression }
  | { readonly kind: 'reference'; readonly node: ts.Expression };

export interface Uses {
  readonly uses: readonly Use[];
  /** Whether other files, or code nobody sees, may call it, too. */
  readonly open: boolean;
}

/** Where a function is used: in its own file, and with `across` in all others, as far as it is certain. */
export function usesOf(semantics: Semantics, fn: Callable, across: boolean): Uses {
  if (ts.isConstructorDeclaration(fn)) return constructionsOf(semantics, fn.parent, across);
  const everywhere = across ? usesAcross(semantics, fn) : undefined;
  if (everywhere) return everywhere;
  const method = methodOf(fn);
  if (method) return methodUses(method.owner, method.name, fn);
  const name = declaredName(fn);
  const binding = name && semantics.program.unitOf(fn).scopes.bindingOf(name);
  if (!binding) return { uses: [], open: true };
  return {
    uses: binding.references.filter((reference) => !binding.writes.includes(reference)).map(useOf),
    open: isExported(semantics, fn, name.text),
  };
}

function usesAcross(semantics: Semantics, node: Callable | ts.ClassLikeDeclaration): Uses | undefined {
  const found = semantics.references.usesOf(node);
  if (found === 'unknown') return undefined;
  const calls = found.calls.filter(({ certain }) => certain).map(({ call }): Use => ({ kind: 'call', call }));
  // Other mentions of a class construct nothing that could be seen.
  const others = ts.isClassLike(node) ? [] : found.values.filter(({ certain }) => certain);
  const values = others.flatMap(({ token }) => (ts.isIdentifier(token) ? [useOf(memberAccess(token))] : []));
  return { uses: [...calls, ...values], open: found.exposed };
}

/** `svc.start` where `start` is what is mentioned. */
function memberAccess(token: ts.Identifier): ts.Expression {
  return ts.isPropertyAccessExpression(token.parent) && token.parent.name === token ? token.parent : token;
}

/** Where a class is constructed. */
export function constructionsOf(semantics: Semantics, owner: ts.ClassLikeDeclaration, across: boolean): Uses {
  const everywhere = across ? usesAcross(semantics, owner) : undefined;
  if (everywhere) return everywhere;
  const name = owner.name ?? declaredName(owner);
  const binding = name && semantics.program.unitOf(owner).scopes.bindingOf(name);
  if (!binding) return { uses: [], open: true };
  const uses = binding.references.map(useOf).filter((use) => use.kind === 'call' && ts.isNewExpression(use.call));
  return { uses, open: isExported(semantics, owner, name.text) };
}

function useOf(reference: ts.Expression): Use {
  const whole = unstrip(reference);
  const { parent } = whole;
  if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === whole)
    return { kind: 'call', call: parent };
  return { kind: 'reference', node: whole };
}

interface Method {
  readonly owner: ts.ClassLikeDeclaration;
  readonly name: string;
}

/** The class and name of a method, or of a function that a field holds. */
export function methodOf(fn: Callable): Method | undefined {
  const holder = isFunctionLiteral(fn) ? unstrip(fn).parent : fn;
  if (!ts.isMethodDeclaration(holder) && !ts.isPropertyDeclaration(holder) && !ts.isAccessor(holder)) return undefined;
  if (!ts.isClassLike(holder.parent)) return undefined;
  const { name } = holder;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined;
  return { owner: holder.parent, name: name.text };
}

/** `this.name` in the class itself; others may call it unless it is private. */
function methodUses(owner: ts.ClassLikeDeclaration, name: string, fn: Callable): Uses {
  const uses: Use[] = [];
  const isOfClass = isInStatic(owner, fn);
  walkKinds(owner.getSourceFile(), memberKinds, (node) => {
    if (
      contains(owner, node) &&
      ts.isPropertyAccessExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ThisKeyword &&
      node.name.text === name &&
      enclosingClass(node) === owner &&
      isInStatic(owner, node) === isOfClass
    )
      uses.push(useOf(node));
  });
  return { uses, open: !isPrivate(owner, name) };
}

/** Whether `this` is the class itself there, and not one of its objects. */
function isInStatic(owner: ts.ClassLikeDeclaration, node: ts.Node): boolean {
  const member = owner.members.find((it) => contains(it, node));
  if (!member || ts.isClassStaticBlockDeclaration(member)) return member !== undefined;
  return (
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
  );
}

function isPrivate(owner: ts.ClassLikeDeclaration, name: string): boolean {
  if (name.startsWith('#')) return true;
  return owner.members.some(
    (member) =>
      member.name?.getText() === name &&
      ts.canHaveModifiers(member) &&
      (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false),
  );
}

/** The name that a function or class is bound to: its own, or that of the variable it initialises. */
export function declaredName(node: ts.Node): ts.Identifier | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name;
  if (!isFunctionLiteral(node) && !ts.isClassExpression(node)) return undefined;
  const { parent } = unstrip(node);
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
}

/** The names under which a file exports a function or class. */
export function exportedNames(semantics: Semantics, node: ts.Node): readonly string[] {
  const own = declaredName(node)?.text;
  const found: string[] = [];
  for (const [name, exported] of semantics.program.unitOf(node).exports.named) {
    if (!('node' in exported)) continue;
    const target = exported.node;
    if (target === node || (ts.isIdentifier(target) && target.text === own && own !== undefined)) found.push(name);
    else if (ts.isExpression(target) && memberName(target) === undefined && unstrip(target) === unstripped(node))
      found.push(name);
  }
  return found;
}

function unstripped(node: ts.Node): ts.Node {
  return isFunctionLiteral(node) || ts.isClassExpression(node) ? unstrip(node) : node;
}

function isExported(semantics: Semantics, node: ts.Node, name: string): boolean {
  if (exportedNames(semantics, node).length > 0) return true;
  // `module.exports = { start }` inside of something else, or `exports.start = start` in a function.
  const { exports } = semantics.program.unitOf(node);
  return exports.named.has(name);
}
