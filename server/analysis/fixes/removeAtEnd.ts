import ts from 'typescript';
import type { ObjectEnd } from '../contexts/objectEnds.ts';
import { boundFunction, handlerLiteral, type Registration } from '../contexts/registrations.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { contains, enclosingClass, strip } from '../syntax/tree.ts';
import { insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import { newListenerName, removalCall } from './listenerName.ts';
import { readsLocals } from './oneReference.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Keeps the listener in a field, and removes it first of all where the object or the round ends. */
export function removeAtEnd(file: FileAnalysis, registration: Registration, end: ObjectEnd): FixPlan | undefined {
  const { unit } = file;
  const { handler, event, emitter } = registration;
  const place = placeOf(registration, end);
  const literal = handlerLiteral(handler) ?? boundFunction(handler);
  if (!place || !literal || !ts.isStringLiteralLike(event) || readsLocals(file, emitter, place.owner)) return undefined;
  if (ts.isFunctionExpression(literal)) return undefined;
  const name = newListenerName(event.text);
  if (place.owner.members.some((it) => it.name?.getText() === name)) return undefined;
  if (readsLocals(file, handler, place.owner)) return undefined;
  const rewriter = new Rewriter();
  declare(file, rewriter, registration, `${name} = ${handler.getText()}`);
  rewriter.replace(handler.getStart(), handler.end, `this.${name}`);
  const style = styleOf(unit.file);
  const line = removalCall(registration, `this.${name}`) + style.end;
  insertFirst({ rewriter, file: unit.file, style }, place.body, 0, [line]);
  return { title: `Remove it in \`${end.method.getText()}\``, safety: 'suggestion', edits: rewriter.edits() };
}

/** Registers with a signal of the object that its end aborts: for event targets, and functions that need locals. */
export function registerWithSignal(
  file: FileAnalysis,
  registration: Registration,
  end: ObjectEnd,
): FixPlan | undefined {
  const { unit } = file;
  const { api, options, handler } = registration;
  const place = placeOf(registration, end);
  // A controller aborts one time: the next round would add nothing.
  if (!place || api !== 'target' || end.kind === 'round') return undefined;
  if (place.owner.members.some((it) => it.name?.getText() === 'listeners')) return undefined;
  const value = options && strip(options);
  const rewriter = new Rewriter();
  const given = 'signal: this.listeners.signal';
  if (!value) rewriter.insert(handler.end, `, { ${given} }`);
  else if (ts.isObjectLiteralExpression(value) && value.properties.length > 0)
    rewriter.insert((value.properties.at(-1) as ts.Node).end, `, ${given}`);
  else return undefined;
  declare(file, rewriter, registration, 'listeners = new AbortController()');
  const style = styleOf(unit.file);
  insertFirst({ rewriter, file: unit.file, style }, place.body, 0, [`this.listeners.abort()${style.end}`]);
  return { title: 'Register with a `signal` of the object', safety: 'suggestion', edits: rewriter.edits() };
}

function placeOf(
  { call }: Registration,
  { method }: ObjectEnd,
): { readonly owner: ts.ClassLikeDeclaration; readonly body: ts.Block } | undefined {
  const owner = enclosingClass(call);
  const member = method.parent;
  return owner && ts.isMethodDeclaration(member) && member.body ? { owner, body: member.body } : undefined;
}

/** A field before the member that registers. */
function declare({ unit }: FileAnalysis, rewriter: Rewriter, { call }: Registration, text: string): void {
  const owner = enclosingClass(call) as ts.ClassLikeDeclaration;
  const member = owner.members.find((it) => contains(it, call)) as ts.ClassElement;
  const lines = new Lines(unit.text);
  const { newline, end } = styleOf(unit.file);
  const modifiers = /\.[cm]?tsx?$/.test(unit.path) ? 'private readonly ' : '';
  const indent = lines.indentAt(member.getStart());
  rewriter.insert(lines.start(member.getStart()), `${indent}${modifiers}${text}${end}${newline}${newline}`);
}
