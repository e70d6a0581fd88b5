import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { isFunctionLiteral, memberName, strip } from '../syntax/tree.ts';
import { type Captures, functionFor } from './captures.ts';
import { elementOf, partOf } from './parts.ts';
import { type Carry, isResource, itsReleaser, type State, somewhereInside } from './state.ts';

const promiseCombinators = new Set(['all', 'allSettled', 'any', 'race']);

/** The place a variable, `this.x` or `x.y` path stands for; `undefined` for anything computed. */
export function placeOf(program: Program, node: ts.Expression): string | undefined {
  const expression = strip(node);
  if (ts.isIdentifier(expression)) {
    const binding = program.unitOf(expression).scopes.bindingOf(expression);
    return binding && `#${binding.id}`;
  }
  if (expression.kind === ts.SyntaxKind.ThisKeyword) return 'this';
  const name = memberName(expression);
  if (name === undefined) return undefined;
  const owner = placeOf(program, (expression as ts.PropertyAccessExpression).expression);
  return owner && `${owner}.${name}`;
}

/** Tells how expressions carry the tracked resource in a state. */
export class Values {
  readonly #program: Program;
  readonly #releaseNames: ReadonlySet<string>;
  readonly #fluent: readonly string[];
  readonly #captures: Captures;

  constructor(program: Program, releaseNames: ReadonlySet<string>, fluent: readonly string[], captures: Captures) {
    this.#program = program;
    this.#releaseNames = releaseNames;
    this.#fluent = fluent;
    this.#captures = captures;
  }

  /** How the expression's value carries the resource, if it does. */
  of(node: ts.Expression, state: State): Carry | undefined {
    if (state.phase === 'before') return undefined;
    const expression = strip(node);
    const temp = state.temps.get(expression);
    if (temp) return temp;
    if (ts.isIdentifier(expression)) return this.#identifier(expression, state);
    if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression)) {
      return this.#access(expression, state);
    }
    if (ts.isConditionalExpression(expression)) {
      return this.of(expression.whenTrue, state) ?? this.of(expression.whenFalse, state);
    }
    if (ts.isBinaryExpression(expression)) return this.#binary(expression, state);
    if (ts.isObjectLiteralExpression(expression)) return this.#object(expression, state);
    if (ts.isArrayLiteralExpression(expression)) return this.#array(expression, state);
    if (ts.isCallExpression(expression)) return this.#call(expression, state);
    if (ts.isNewExpression(expression)) return this.#proxied(expression, state);
    if (ts.isArrowFunction(expression) || ts.isFunctionExpression(expression)) return this.#closure(expression, state);
    return undefined;
  }

  /** Whether the value is the resource itself, which no literal is: what lies inside need not be looked at. */
  isResource(node: ts.Expression, state: State): boolean {
    if (state.phase === 'before') return false;
    const expression = strip(node);
    const temp = state.temps.get(expression);
    if (temp) return isResource(temp);
    if (ts.isIdentifier(expression)) return isResource(state.places.get(placeOf(this.#program, expression) ?? ''));
    const isLiteral =
      ts.isObjectLiteralExpression(expression) ||
      ts.isArrayLiteralExpression(expression) ||
      ts.isArrowFunction(expression) ||
      ts.isFunctionExpression(expression);
    return !isLiteral && isResource(this.of(expression, state));
  }

  /** Like `of`, for a value that outlives the function: a function that closes over the resource keeps it. */
  kept(node: ts.Expression, state: State): Carry | undefined {
    const carry = this.of(node, state);
    if (carry || state.phase === 'before') return carry;
    const closure = functionBehind(this.#program, strip(node));
    return closure && this.#captures.of(closure, state, this) !== 'none' ? somewhereInside : undefined;
  }

  #identifier(node: ts.Identifier, state: State): Carry | undefined {
    const binding = this.#program.unitOf(node).scopes.bindingOf(node);
    if (!binding) return undefined;
    const carry = state.places.get(`#${binding.id}`) ?? holding(`#${binding.id}.`, state);
    if (carry) return carry;
    // `const clean = () => file?.close()`, which may stand before the acquisition.
    const closure = functionFor(this.#program, node);
    return closure?.body && this.#closure(closure, state);
  }

  /** A function that releases what it closes over is a releaser. */
  #closure(node: ts.FunctionLikeDeclaration, state: State): Carry | undefined {
    return !isGenerator(node) && this.#captures.of(node, state, this) === 'releases' ? itsReleaser : undefined;
  }

  #access(node: ts.PropertyAccessExpression | ts.ElementAccessExpression, state: State): Carry | undefined {
    const place = placeOf(this.#program, node);
    const placed = place === undefined ? undefined : state.places.get(place);
    if (placed) return placed;
    const owner = this.of(node.expression, state);
    if (!owner || owner.role === 'releaser') return undefined;
    // `clients[i]` is one of the clients.
    if (owner.path[0] === '*' && owner.role === 'resource' && ts.isElementAccessExpression(node))
      return elementOf(owner);
    return partOf(owner, memberName(node) ?? elementIndex(node), this.#releaseNames);
  }

  #binary(node: ts.BinaryExpression, state: State): Carry | undefined {
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.BarBarToken:
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarEqualsToken:
      case ts.SyntaxKind.QuestionQuestionEqualsToken:
        return this.of(node.left, state) ?? this.of(node.right, state);
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.CommaToken:
      case ts.SyntaxKind.EqualsToken:
        return this.of(node.right, state);
      default:
        return undefined;
    }
  }

  /** An object literal: where the resource sits in it, and which of its functions release it. */
  #object(node: ts.ObjectLiteralExpression, state: State): Carry | undefined {
    let found: Carry | undefined;
    const releasers: string[] = [];
    for (const property of node.properties) {
      const { key, carry } = this.#property(property, state);
      if (carry?.role === 'releaser' && carry.path.length === 0) releasers.push(key);
      else if (carry && (!found || found.path[0] === '*')) found = carry;
    }
    if (releasers.length === 0) return found;
    return found ? { ...found, releasers } : { ...somewhereInside, releasers };
  }

  #property(
    property: ts.ObjectLiteralElementLike,
    state: State,
  ): { readonly key: string; readonly carry: Carry | undefined } {
    if (ts.isSpreadAssignment(property)) {
      const carry = this.of(property.expression, state);
      return { key: '*', carry: carry && carry.path.length === 0 ? somewhereInside : carry };
    }
    const key = ts.isIdentifier(property.name) || ts.isStringLiteral(property.name) ? property.name.text : '*';
    if (ts.isMethodDeclaration(property) || ts.isAccessor(property)) return { key, carry: this.#kept(property, state) };
    const value = ts.isPropertyAssignment(property) ? strip(property.initializer) : property.name;
    if (isFunctionLiteral(value)) return { key, carry: this.#kept(value, state) };
    const carry = this.kept(value, state);
    return { key, carry: carry?.role === 'resource' ? { ...carry, path: [key, ...carry.path] } : carry };
  }

  /** A function kept in an object: one that closes over the resource keeps it alive. */
  #kept(node: ts.FunctionLikeDeclaration, state: State): Carry | undefined {
    const capture = this.#captures.of(node, state, this);
    if (capture === 'releases' && !isGenerator(node)) return itsReleaser;
    return capture === 'none' ? undefined : somewhereInside;
  }

  #array(node: ts.ArrayLiteralExpression, state: State): Carry | undefined {
    let found: Carry | undefined;
    const releasers: string[] = [];
    for (const [index, element] of node.elements.entries()) {
      const carry = this.of(ts.isSpreadElement(element) ? element.expression : element, state);
      if (carry?.role === 'releaser') releasers.push(String(index));
      else if (carry)
        found ??= { ...carry, path: ts.isSpreadElement(element) ? ['*'] : [String(index), ...carry.path] };
    }
    return releasers.length > 0 ? { ...(found ?? somewhereInside), releasers } : found;
  }

  /** A proxy stands for its target. */
  #proxied(node: ts.NewExpression, state: State): Carry | undefined {
    const [target] = node.arguments ?? [];
    return target && ts.isIdentifier(node.expression) && node.expression.text === 'Proxy'
      ? this.of(target, state)
      : undefined;
  }

  #call(node: ts.CallExpression, state: State): Carry | undefined {
    const callee = strip(node.expression);
    if (!ts.isPropertyAccessExpression(callee)) return undefined;
    const [first] = node.arguments;
    if (ts.isIdentifier(callee.expression) && callee.expression.text === 'Promise' && first) {
      const carry = this.of(first, state);
      if (callee.name.text === 'resolve') return carry && { ...carry, promised: true };
      if (promiseCombinators.has(callee.name.text)) {
        if (callee.name.text === 'race' || callee.name.text === 'any')
          return carry && { ...carry, path: carry.path.slice(1), promised: true };
        return carry && { ...carry, promised: true };
      }
    }
    if (ts.isIdentifier(callee.expression) && callee.expression.text === 'Object') {
      for (const argument of node.arguments) {
        const carry = this.of(argument, state);
        if (carry) return carry;
      }
    }
    if (this.#fluent.includes(callee.name.text)) {
      const carry = this.of(callee.expression, state);
      if (isResource(carry)) return carry;
    }
    // A disposable stack's new owner.
    if (callee.name.text === 'move' && node.arguments.length === 0) {
      const carry = this.of(callee.expression, state);
      return carry?.path[0] === '*' ? carry : undefined;
    }
    if (callee.name.text === 'bind') {
      const carry = this.of(callee.expression, state);
      return carry?.role === 'releaser' ? carry : undefined;
    }
    return undefined;
  }
}

/** A call of it runs nothing yet: who takes what it yields ends the resource. */
const isGenerator = (node: ts.FunctionLikeDeclaration): boolean =>
  'asteriskToken' in node && node.asteriskToken !== undefined;

/** A function literal, or the function of the project that a name was declared with. */
function functionBehind(program: Program, node: ts.Expression): ts.FunctionLikeDeclaration | undefined {
  if (isFunctionLiteral(node)) return node;
  if (!ts.isIdentifier(node)) return undefined;
  for (const { parent } of program.unitOf(node).scopes.bindingOf(node)?.declarations ?? []) {
    if (ts.isFunctionDeclaration(parent)) return parent;
    const value = ts.isVariableDeclaration(parent) && parent.initializer ? strip(parent.initializer) : undefined;
    if (value && isFunctionLiteral(value)) return value;
  }
  return undefined;
}

/** What an object carries of which a property was given the resource: `options.body = stream`. */
function holding(prefix: string, { places }: State): Carry | undefined {
  for (const [place, carry] of places) {
    if (place.startsWith(prefix) && carry.role === 'resource')
      return { ...carry, path: [...place.slice(prefix.length).split('.'), ...carry.path] };
  }
  return undefined;
}

function elementIndex(node: ts.Expression): string | undefined {
  return ts.isElementAccessExpression(node) && ts.isNumericLiteral(node.argumentExpression)
    ? node.argumentExpression.text
    : undefined;
}
