import ts from 'typescript';
import { boundFunction, handlerLiteral, type Registration } from '../contexts/registrations.ts';
import type { Removal } from '../contexts/removals.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { contains, enclosingClass, strip, unstrip, walk } from '../syntax/tree.ts';
import { insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import { newListenerName } from './listenerName.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Binds the method once, at the start of the constructor, and passes it to both calls. */
export function bindOnce(file: FileAnalysis, registration: Registration, removal: Removal): FixPlan | undefined {
  const { unit } = file;
  const inner = boundFunction(registration.handler);
  const method = inner && strip(inner);
  const owner = enclosingClass(registration.call);
  if (!owner || !method || !ts.isPropertyAccessExpression(method) || !removal.handler) return undefined;
  if (method.expression.kind !== ts.SyntaxKind.ThisKeyword || !contains(owner, removal.call)) return undefined;
  const binding = strip(registration.handler);
  if (!ts.isCallExpression(binding) || binding.arguments.length !== 1) return undefined;
  if (binding.arguments[0]?.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  const isMethod = owner.members.some((it) => ts.isMethodDeclaration(it) && it.name.getText() === method.name.text);
  if (!isMethod || ts.isPrivateIdentifier(method.name)) return undefined;
  const style = styleOf(unit.file);
  const rewriter = new Rewriter();
  const name = method.getText();
  for (const handler of [registration.handler, removal.handler])
    if (handler.getText() !== name) rewriter.replace(handler.getStart(), handler.end, name);
  const line = `${name} = ${name}.bind(this)${style.end}`;
  const maker = owner.members.find((it) => ts.isConstructorDeclaration(it) && it.body !== undefined);
  if (maker && ts.isConstructorDeclaration(maker) && maker.body) {
    const index = maker.body.statements.findIndex((it) => /^super\s*\(/.test(it.getText())) + 1;
    if (index === 0 && owner.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword))
      return undefined;
    insertFirst({ rewriter, file: unit.file, style }, maker.body, index, [line]);
  } else {
    const [first] = owner.members;
    if (!first || owner.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)) return undefined;
    const lines = new Lines(unit.text);
    const indent = lines.indentAt(first.getStart());
    const { newline, unit: deeper } = style;
    const text = `${indent}constructor() {${newline}${indent}${deeper}${line}${newline}${indent}}${newline}${newline}`;
    rewriter.insert(lines.start(first.getStart()), text);
  }
  return { title: 'Bind once, and pass it to both calls', safety: 'safe', edits: rewriter.edits() };
}

/** Makes the function a field of the object, and passes it to both calls; it may need nothing but `this`. */
export function nameInClass(file: FileAnalysis, registration: Registration, removal: Removal): FixPlan | undefined {
  const { unit } = file;
  const { call, handler, event } = registration;
  const literal = handlerLiteral(handler);
  const owner = enclosingClass(call);
  if (!owner || !literal || !ts.isArrowFunction(literal) || !removal.handler || !contains(owner, removal.call))
    return undefined;
  if (literal.getText() !== strip(removal.handler).getText() || !ts.isStringLiteralLike(event)) return undefined;
  const name = newListenerName(event.text);
  if (owner.members.some((it) => it.name?.getText() === name) || readsLocals(file, literal, owner)) return undefined;
  const member = owner.members.find((it) => contains(it, call)) as ts.ClassElement;
  const style = styleOf(unit.file);
  const lines = new Lines(unit.text);
  const indent = lines.indentAt(member.getStart());
  const rewriter = new Rewriter();
  const declared = `${indent}${isTyped(unit.path) ? 'private readonly ' : ''}${name} = ${literal.getText()}${style.end}`;
  rewriter.insert(lines.start(member.getStart()), declared + style.newline + style.newline);
  for (const it of [handler, removal.handler]) rewriter.replace(it.getStart(), it.end, `this.${name}`);
  return { title: 'Keep the listener, and pass it to both calls', safety: 'safe', edits: rewriter.edits() };
}

function isTyped(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

/** Whether an expression reads names that the methods of a class declare around it. */
export function readsLocals({ unit }: FileAnalysis, fn: ts.Node, owner: ts.Node): boolean {
  let found = false;
  walk(fn, (node) => {
    if (found || !ts.isIdentifier(node)) return;
    const scope = unit.scopes.bindingOf(node)?.scope.node;
    found = scope !== undefined && scope !== owner && contains(owner, scope) && !contains(fn, scope);
  });
  return found;
}

/** Passes the options of the registration to the removal, too. */
export function sameOptions(registration: Registration, removal: Removal): FixPlan | undefined {
  const { options } = registration;
  if (!removal.handler) return undefined;
  const rewriter = new Rewriter();
  const value = options && strip(options);
  const text =
    value && ts.isObjectLiteralExpression(value)
      ? `{ ${value.properties
          .filter((it) => it.name?.getText() === 'capture')
          .map((it) => it.getText())
          .join(', ')} }`
      : value?.getText();
  const given = removal.options && unstrip(removal.options);
  if (given) rewriter.replace(given.getStart(), given.end, text === undefined || text === '{  }' ? 'false' : text);
  else if (text !== undefined) rewriter.insert(removal.handler.end, `, ${text}`);
  else return undefined;
  return { title: 'Pass the same options to both calls', safety: 'safe', edits: rewriter.edits() };
}
