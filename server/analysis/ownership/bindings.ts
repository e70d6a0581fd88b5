import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { partOf } from './parts.ts';
import { type Carry, type State, withPlace } from './state.ts';
import { placeOf } from './values.ts';

/** What binding names needs to know. */
export interface BindingContext {
  readonly program: Program;
  /** Methods of the resource that give it back. */
  readonly releaseNames: ReadonlySet<string>;
}

/** Gives the names of a pattern their part of the value. */
export function bindName(context: BindingContext, state: State, name: ts.BindingName, carry: Carry | undefined): State {
  if (ts.isIdentifier(name)) {
    const place = placeOf(context.program, name);
    return place === undefined ? state : withPlace(state, place, carry);
  }
  let result = state;
  for (const [index, element] of name.elements.entries()) {
    if (!ts.isBindingElement(element)) continue;
    const key = ts.isArrayBindingPattern(name) ? String(index) : propertyName(element);
    const part = carry && (element.dotDotDotToken ? restOf(carry) : partOf(carry, key, context.releaseNames));
    result = bindName(context, result, element.name, part);
  }
  return result;
}

export function bindParameter(
  context: BindingContext,
  state: State,
  parameter: ts.ParameterDeclaration,
  carry: Carry,
): State {
  return bindName(context, state, parameter.name, carry);
}

/** The plain names a parameter introduces, as conditions spell them. */
export function parameterPlaces(parameter: ts.ParameterDeclaration): readonly string[] {
  return ts.isIdentifier(parameter.name) ? [parameter.name.text] : [];
}

function propertyName(element: ts.BindingElement): string | undefined {
  const key = element.propertyName ?? element.name;
  return ts.isIdentifier(key) || ts.isStringLiteral(key) ? key.text : undefined;
}

/** `...rest` of an object or array that keeps the resource keeps it too. */
function restOf(carry: Carry): Carry | undefined {
  return carry.path.length === 0 ? undefined : carry;
}
