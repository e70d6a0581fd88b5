import ts from 'typescript';
import type { LibraryModel, WaitShape } from '../resources/model.ts';
import { isFunctionLiteral, memberName, receiver, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Call } from './sites.ts';

/**
 * Whether a call on something that nobody can tell is one of the library's all the same: the file imports the library,
 * and the one parameter of the call's handler is used as only the library's answer is.
 */
export function isShaped(unit: SourceUnit, call: Call, { modules }: LibraryModel, shape: WaitShape): boolean {
  if (!ts.isCallExpression(call) || !receiver(call)) return false;
  const imported = Object.keys(modules).some((name) => new RegExp(`['"](?:node:)?${name}['"]`).test(unit.text));
  const handler = call.arguments.at(-1);
  const fn = handler && strip(handler);
  if (!imported || !fn || !isFunctionLiteral(fn) || fn.parameters.length !== 1) return false;
  const [parameter] = fn.parameters;
  const answer = parameter && ts.isIdentifier(parameter.name) ? unit.scopes.bindingOf(parameter.name) : undefined;
  return (answer?.references ?? []).some(({ parent }) => {
    const name = ts.isPropertyAccessExpression(parent) ? memberName(parent) : undefined;
    if (name === undefined) return false;
    if (shape.members.includes(name)) return true;
    const [event] = ts.isCallExpression(parent.parent) ? parent.parent.arguments : [];
    return name === 'on' && event !== undefined && ts.isStringLiteralLike(event) && shape.events.includes(event.text);
  });
}
