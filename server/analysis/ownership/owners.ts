import ts from 'typescript';
import { calleeName, some, strip, unstrip, walk } from '../syntax/tree.ts';
import { methodNames } from './discharges.ts';
import type { Release } from './obligation.ts';

/** Methods and functions that keep a handler. */
export const registrations: ReadonlySet<string> = new Set([
  ...['on', 'once', 'addListener', 'prependListener', 'addEventListener', 'subscribe', 'setInterval'],
]);

/** The members of a class that give back what a field holds, by themselves or by calling each other. */
export function releasersOf(owner: ts.ClassLikeDeclaration, release: Release): readonly string[] {
  const found = new Map<ts.ClassElement, string>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    const known = new Set(found.values());
    for (const member of owner.members) {
      if (!found.has(member) && releasesField(member, known, release)) found.set(member, nameOf(member));
    }
  }
  return [...found.values()];
}

function nameOf(member: ts.ClassElement): string {
  if (ts.isConstructorDeclaration(member)) return 'constructor';
  return member.name?.getText() ?? '';
}

function releasesField(member: ts.ClassElement, known: ReadonlySet<string>, release: Release): boolean {
  const names = methodNames(release);
  let found = false;
  walk(member, (inner) => {
    if (!ts.isCallExpression(inner)) return;
    const callee = strip(inner.expression);
    if (!ts.isPropertyAccessExpression(callee)) return;
    const { text } = callee.name;
    const owner = strip(callee.expression);
    const onField = ts.isPropertyAccessExpression(owner);
    const given = inner.arguments.some((a) => ts.isPropertyAccessExpression(strip(a)));
    found ||= onField && names.has(text);
    found ||= given && release.discharges.some((d) => d.by === 'acquirer' && d.name === text);
    found ||= owner.kind === ts.SyntaxKind.ThisKeyword && known.has(text);
  });
  return found;
}

const reading = /^(?:on|once|addListener|pipe|pipeTo|pipeThrough|resume|read|getReader|forEach|toArray)$/;

/**
 * Whether methods of the object read to its end what its constructor keeps of a parameter, or give that to others: `new
 * Chain([this.source, …])`, `this.source.on('data', …)`, `for await (const line of this.source)`.
 */
export function consumesField(owner: ts.ClassLikeDeclaration, parameter: ts.ParameterDeclaration | undefined): boolean {
  const field = parameter && fieldOf(owner, parameter);
  if (field === undefined) return false;
  return owner.members.some((member) =>
    some(member, (node) => {
      if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
      if (node.name.text !== field) return false;
      const use = unstrip(node);
      const { parent } = use;
      if (ts.isArrayLiteralExpression(parent) || ts.isForOfStatement(parent)) return true;
      if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.arguments?.includes(use) ?? false;
      return ts.isPropertyAccessExpression(parent) && reading.test(parent.name.text);
    }),
  );
}

/**
 * Whether the object lives on without whoever made it: one of its methods hands it, or a method of it, to something that calls
 * it again and again, as `client.on('message', this.handle.bind(this))` does.
 */
export function listensItself(owner: ts.ClassLikeDeclaration): boolean {
  return some(owner, (node) => {
    if (!ts.isCallExpression(node) || !registrations.has(calleeName(node)?.text ?? '')) return false;
    return node.arguments.some((it) => some(it, ({ kind }) => kind === ts.SyntaxKind.ThisKeyword));
  });
}

/** The field that a constructor's parameter is kept in. */
function fieldOf(owner: ts.ClassLikeDeclaration, parameter: ts.ParameterDeclaration): string | undefined {
  if (!ts.isIdentifier(parameter.name)) return undefined;
  const { text } = parameter.name;
  if (ts.isParameterPropertyDeclaration(parameter, parameter.parent)) return text;
  let field: string | undefined;
  walk(owner, (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const target = strip(node.left);
    const value = strip(node.right);
    if (!ts.isIdentifier(value) || value.text !== text || !ts.isPropertyAccessExpression(target)) return;
    if (target.expression.kind === ts.SyntaxKind.ThisKeyword) field = target.name.text;
  });
  return field;
}
