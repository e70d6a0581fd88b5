import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { type Carry, type State, withPlace } from './state.ts';
import { placeOf } from './values.ts';

/** Gives the names of a pattern their part of the value. */
export function bindName(program: Program, state: State, name: ts.BindingName, carry: Carry | undefined): State {
  if (ts.isIdentifier(name)) {
    const place = placeOf(program, name);
    return place === undefined ? state : withPlace(state, place, carry);
  }
  let result = state;
  for (const [index, element] of name.elements.entries()) {
    if (!ts.isBindingElement(element)) continue;
    const key = ts.isArrayBindingPattern(name) ? String(index) : propertyName(element);
    result = bindName(program, result, element.name, carry && partOf(carry, key, element.dotDotDotToken !== undefined));
  }
  return result;
}

export function bindParameter(program: Program, state: State, parameter: ts.ParameterDeclaration, carry: Carry): State {
  return bindName(program, state, parameter.name, carry);
}

/** The plain names a parameter introduces, as conditions spell them. */
export function parameterPlaces(parameter: ts.ParameterDeclaration): readonly string[] {
  return ts.isIdentifier(parameter.name) ? [parameter.name.text] : [];
}

function propertyName(element: ts.BindingElement): string | undefined {
  const key = element.propertyName ?? element.name;
  return ts.isIdentifier(key) || ts.isStringLiteral(key) ? key.text : undefined;
}

function partOf(carry: Carry, key: string | undefined, rest: boolean): Carry | undefined {
  if (carry.promised || carry.role === 'releaser') return undefined;
  const [head, ...tail] = carry.path;
  if (rest) return head === undefined ? undefined : carry;
  if (head === undefined || key === undefined) return undefined;
  return head === key || head === '*' ? { ...carry, path: tail } : undefined;
}
