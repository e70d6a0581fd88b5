import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Program } from '../syntax/program.ts';
import { calleeName, isFunctionLiteral, strip, walk } from '../syntax/tree.ts';
import { correlated, guarded } from './correlation.ts';
import { asksSharedCount } from './counting.ts';
import type { Callees } from './effects.ts';
import { askedForRelease } from './exhaustion.ts';
import { fixedTruth } from './fixedMembers.ts';
import { withoutResult } from './missing.ts';
import type { Question } from './outcome.ts';
import {
  askedForNothing,
  askedForNumber,
  booleanOperand,
  canonical,
  comparisonWithZero,
  equalityOf,
  isNegative,
  isNullish,
  listCounted,
  literalTruth,
  operands,
  polarity,
  textOf,
  typeofOperand,
} from './predicates.ts';
import type { Relevance } from './relevance.ts';
import { type State, withFact } from './state.ts';
import { placeOf, type Values } from './values.ts';

/** Decides branches: by the resource itself being there, and by what earlier branches on the same path have fixed. */
export class Conditions {
  readonly #program: Program;
  readonly #values: Values;
  readonly #relevance: Relevance;
  readonly #callees: Callees;
  /** The resource is an object, no number or text. */
  readonly #isObject: boolean;
  readonly #onDisk: boolean;
  readonly #tracked: ReadonlySet<string>;
  /** What the resource was acquired from. */
  readonly #lender: string | undefined;

  constructor(program: Program, values: Values, question: Question, relevance: Relevance, callees: Callees) {
    const { graph, release, acquirer } = question;
    this.#lender = acquirer && textOf(acquirer);
    this.#program = program;
    this.#values = values;
    this.#relevance = relevance;
    this.#isObject = release.isObject;
    this.#onDisk = release.onDisk;
    this.#callees = callees;
    this.#tracked = correlated(program, graph, relevance);
  }

  /** Whether the branch's test holds in the state; `undefined` when both ways are open. */
  decide(node: FlowNode, state: State): boolean | undefined {
    const { syntax, test } = node;
    if (test === 'next') return this.#hasNext(syntax, state) ?? this.#runsOnce(syntax, state);
    if (test === 'case' || !ts.isExpression(syntax)) return undefined;
    if (test === 'truthy')
      return (
        this.#holds(syntax, state, 0) ??
        this.#hasFirst(syntax, state) ??
        this.#asksItself(syntax, state) ??
        this.#saysItIsClosed(syntax, state) ??
        this.#asksTheDisk(syntax, state) ??
        this.#isLastOfSeveral(syntax, state)
      );
    if (this.#isThere(syntax, state)) return false;
    return this.#fact(`${textOf(syntax)}==null`, state) ?? negate(this.#holdsAsFact(syntax, state));
  }

  /** The state after the branch took the way on which its test holds, or not. */
  assume(node: FlowNode, holds: boolean, state: State): State {
    const { syntax, test } = node;
    const isRound = test === 'next' ? this.#relevance.releases(syntax) : this.#hasFirst(syntax, state) === true;
    if (holds && isRound) return withFact(state, loopKey(syntax), true);
    if (test === 'next' || test === 'case' || !ts.isExpression(syntax)) return state;
    const condition = test === 'truthy' ? canonical(syntax) : { key: `${textOf(syntax)}==null`, negated: false };
    const learned =
      state.phase !== 'before' && test === 'truthy' ? withoutResult(this.#program, syntax, holds, state) : state;
    return condition && this.#tracked.has(condition.key)
      ? withFact(learned, condition.key, holds !== condition.negated)
      : learned;
  }

  /** Forgets what was fixed about the names of a pattern. */
  forget(target: ts.BindingName, state: State): State {
    if (ts.isIdentifier(target)) return forget(state, target.text);
    return target.elements.reduce(
      (result, element) => (ts.isBindingElement(element) ? this.forget(element.name, result) : result),
      state,
    );
  }

  /** Forgets what was fixed about what counts up or down, or is added to. */
  change(target: ts.Expression, state: State): State {
    return forget(state, textOf(target));
  }

  /** Forgets what was fixed about a name that is assigned, and learns from a literal. */
  assign(target: ts.BindingName | ts.Expression, value: ts.Expression | undefined, state: State): State {
    const name = ts.isObjectBindingPattern(target) || ts.isArrayBindingPattern(target) ? undefined : textOf(target);
    if (name === undefined) return state;
    let result = forget(state, name);
    const literal = value === undefined ? false : literalTruth(strip(value));
    if (literal !== undefined && this.#tracked.has(name)) result = withFact(result, name, literal);
    const nullish = value === undefined || isNullish(strip(value));
    const key = `${name}==null`;
    if (this.#tracked.has(key) && (nullish || literal !== undefined)) result = withFact(result, key, nullish);
    return result;
  }

  /** Whether the value carries the resource, or lent it, and so is neither nullish nor falsy. */
  #isThere(node: ts.Expression, state: State): boolean {
    if (state.phase !== 'before' && this.#lender === textOf(node)) return true;
    const carry = this.#values.of(node, state);
    return carry !== undefined && carry.role !== 'result';
  }

  /**
   * The states after a name received a value. A flag that is defined by another condition (`const own = !given`) splits
   * the path, so that both stay correlated even when the other one changes later.
   */
  define(target: ts.BindingName, value: ts.Expression | undefined, state: State): readonly State[] {
    const after = this.assign(target, value, state);
    if (!value || !ts.isIdentifier(target) || !this.#tracked.has(target.text) || after.facts.has(target.text))
      return [after];
    const truth = this.#holds(value, state, 0);
    if (truth !== undefined) return [withFact(after, target.text, truth)];
    for (const operand of operands(value)) {
      const key = canonical(operand)?.key;
      if (key === undefined || !this.#tracked.has(key)) continue;
      const split = [true, false].map((holds) => {
        const defined = this.#holds(value, withFact(state, key, holds), 0);
        return defined === undefined ? undefined : withFact(withFact(after, key, holds), target.text, defined);
      });
      if (split.every((s) => s !== undefined)) return split;
    }
    return [after];
  }

  /** `if (!client.released) client.release()`: while it is held, it says itself that it has to be released. */
  #asksItself(syntax: ts.Expression, state: State): boolean | undefined {
    const statement = guarded(syntax);
    if (state.phase === 'before' || !ts.isIfStatement(statement)) return undefined;
    if (!this.#relevance.releases(statement.thenStatement)) return undefined;
    const expression = strip(syntax);
    const asked = ts.isCallExpression(expression) ? strip(expression.expression) : expression;
    if (!ts.isPropertyAccessExpression(asked) || !this.#isThere(asked.expression, state)) return undefined;
    const isAsked = polarity(statement.expression, expression);
    // … and once it was given back it says that, too.
    return state.phase === 'released' ? negate(isAsked) : isAsked;
  }

  /** `if (page.isClosed()) throw …`: what is open says so. */
  #saysItIsClosed(syntax: ts.Expression, state: State): boolean | undefined {
    if (state.phase !== 'held') return undefined;
    const expression = strip(syntax);
    const isReleased = askedForRelease(expression);
    if (isReleased !== undefined) return !isReleased;
    const asked = ts.isCallExpression(expression) ? strip(expression.expression) : expression;
    if (!ts.isPropertyAccessExpression(asked) || !closedName.test(asked.name.text)) return undefined;
    return this.#values.isResource(asked.expression, state) ? false : undefined;
  }

  /** `await pathExists(directory)`: as long as nobody removed it, it is there. */
  #asksTheDisk(syntax: ts.Expression, state: State): true | undefined {
    if (!this.#onDisk || state.phase !== 'held') return undefined;
    const expression = strip(syntax);
    const call = ts.isAwaitExpression(expression) ? strip(expression.expression) : expression;
    if (!ts.isCallExpression(call) || !existence.test(calleeName(call)?.text ?? '')) return undefined;
    const [asked] = call.arguments;
    return asked && this.#values.isResource(asked, state) ? true : undefined;
  }

  /** `if (++finished === 2) finish()`: one of the callbacks that count together is the last one, and releases. */
  #isLastOfSeveral(syntax: ts.Expression, state: State): true | undefined {
    const statement = guarded(syntax);
    if (state.phase !== 'held' || !ts.isIfStatement(statement) || statement.elseStatement) return undefined;
    if (strip(statement.expression) !== strip(syntax) || !asksSharedCount(this.#program, syntax)) return undefined;
    let releases = this.#relevance.releases(statement.thenStatement);
    walk(statement.thenStatement, (inner) => {
      releases ||= ts.isCallExpression(inner) && this.#values.of(inner.expression, state)?.role === 'releaser';
    });
    return releases ? true : undefined;
  }

  /** Code that releases in a loop means a loop that runs: nobody counts on there being nothing to do. */
  #runsOnce(syntax: ts.Node, state: State): true | undefined {
    if (state.phase === 'before' || state.facts.has(loopKey(syntax))) return undefined;
    if (state.phase === 'released') return undefined;
    return this.#relevance.releases(syntax) && !this.#relevance.acquires(syntax) ? true : undefined;
  }

  #hasNext(syntax: ts.Node, state: State): boolean | undefined {
    // The collection holds the resource, so its first round takes place.
    if (ts.isForOfStatement(syntax)) {
      if (!this.#values.of(syntax.expression, state)) return undefined;
      const variable = ts.isVariableDeclarationList(syntax.initializer)
        ? syntax.initializer.declarations[0]?.name
        : undefined;
      const place = variable && ts.isIdentifier(variable) ? placeOf(this.#program, variable) : undefined;
      return place !== undefined && state.places.has(place) ? undefined : true;
    }
    const source = ts.isCallExpression(syntax) ? strip(syntax.expression) : undefined;
    if (!source || !ts.isPropertyAccessExpression(source) || !this.#values.of(source.expression, state))
      return undefined;
    const [literal] = (syntax as ts.CallExpression).arguments;
    const parameter =
      literal && isFunctionLiteral(strip(literal))
        ? (strip(literal) as ts.ArrowFunction).parameters[0]?.name
        : undefined;
    const place = parameter && ts.isIdentifier(parameter) ? placeOf(this.#program, parameter) : undefined;
    return place === undefined || state.places.has(place) ? undefined : true;
  }

  /** `for (let i = 0; i < clients.length; i++)`: the list holds the resource, so its first round takes place. */
  #hasFirst(syntax: ts.Node, state: State): true | undefined {
    const list = state.phase === 'before' ? undefined : listCounted(syntax);
    if (!list || state.facts.has(loopKey(syntax))) return undefined;
    return this.#values.of(list, state) ? true : undefined;
  }

  #holds(node: ts.Expression, state: State, depth: number): boolean | undefined {
    const expression = strip(node);
    if (this.#isThere(expression, state)) return true;
    const nothing = askedForNothing(expression);
    if (nothing && this.#isThere(nothing.asked, state)) return !nothing.outcome;
    if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.ExclamationToken) {
      return negate(this.#holds(expression.operand, state, depth));
    }
    const literal = literalTruth(expression) ?? fixedTruth(this.#program, expression);
    if (literal !== undefined) return literal;
    const known = this.#holdsAsFact(expression, state);
    if (known !== undefined) return known;
    if (ts.isBinaryExpression(expression)) return this.#binary(expression, state, depth);
    if (ts.isConditionalExpression(expression)) {
      const condition = this.#holds(expression.condition, state, depth);
      // `given ? given : made()`
      if (condition === undefined)
        return textOf(expression.condition) === textOf(expression.whenTrue) &&
          this.#holds(expression.whenFalse, state, depth)
          ? true
          : undefined;
      return this.#holds(condition ? expression.whenTrue : expression.whenFalse, state, depth);
    }
    const converted = booleanOperand(expression);
    if (converted) return this.#holds(converted, state, depth);
    const number = askedForNumber(expression);
    if (number && this.#isObject && this.#values.isResource(number, state)) return false;
    if (ts.isCallExpression(expression))
      return this.#handlesNothing(expression, state) ?? this.#isMade(expression, state);
    return ts.isIdentifier(expression) && depth < 3 ? this.#definition(expression, state, depth) : undefined;
  }

  /** `if (handle(error, callback)) return`: a handler of an error that is not there has nothing to do. */
  #handlesNothing(call: ts.CallExpression, state: State): false | undefined {
    const [first] = call.arguments;
    const name = first && ts.isIdentifier(first) ? first.text : undefined;
    return name !== undefined && state.facts.get(`${name}==null`) === true && errorName.test(name) ? false : undefined;
  }

  /** `const statement = build(); if (!statement) …`: what is always made is there. Asked only where it matters. */
  #isMade(call: ts.CallExpression, state: State): true | undefined {
    return state.phase === 'held' && this.#callees.makesObject(call) ? true : undefined;
  }

  #holdsAsFact(node: ts.Expression, state: State): boolean | undefined {
    const condition = canonical(node);
    if (!condition) return undefined;
    const fact = this.#fact(condition.key, state);
    if (fact !== undefined) return fact !== condition.negated;
    // What is nullish is not truthy.
    return this.#fact(`${condition.key}==null`, state) === true ? condition.negated : undefined;
  }

  #fact(key: string, state: State): boolean | undefined {
    const fact = state.facts.get(key);
    if (fact !== undefined || !key.endsWith('==null')) return fact;
    return state.facts.get(key.slice(0, -'==null'.length)) === true ? false : undefined;
  }

  #binary(node: ts.BinaryExpression, state: State, depth: number): boolean | undefined {
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken) {
      const decisive = operator === ts.SyntaxKind.BarBarToken;
      const left = this.#holds(node.left, state, depth);
      const right = this.#holds(node.right, state, depth);
      if (left === decisive || right === decisive) return decisive;
      return left === undefined || right === undefined ? undefined : !decisive;
    }
    // `fd >= 0` while the descriptor is open.
    const sign = comparisonWithZero(node);
    if (sign !== undefined && this.#isThere(node.left, state)) return sign;
    // Who asks what it is has made it of the kind that is asked for.
    if (operator === ts.SyntaxKind.InstanceOfKeyword)
      return this.#values.isResource(node.left, state) ? !errorClass.test(node.right.getText()) : undefined;
    const equality = equalityOf(operator);
    if (equality === undefined) return undefined;
    // `client !== undefined` while the client is held.
    const [subject, other] = isNullish(strip(node.left)) ? [node.right, node.left] : [node.left, node.right];
    if (isNullish(strip(other)) && this.#isThere(subject, state)) return !equality;
    // `fd !== -1` while the descriptor is open.
    if (isNegative(other) && this.#isThere(subject, state)) return !equality;
    // `client !== given` where nothing was given.
    for (const [held, missing] of [
      [node.left, node.right],
      [node.right, node.left],
    ] as const) {
      if (this.#isThere(held, state) && this.#holdsAsFact(missing, state) === false) return !equality;
    }
    // `connection !== this.shared`: what was just acquired is none of the others.
    if (this.#isOther(node.left, node.right, state) || this.#isOther(node.right, node.left, state)) return !equality;
    const type = typeofOperand(subject);
    if (type && ts.isStringLiteralLike(other) && this.#isThere(type, state))
      return (other.text === 'undefined' || (this.#isObject && primitives.has(other.text))) !== equality;
    return undefined;
  }

  /** Whether one side is the resource, and the other one the name of something else. */
  #isOther(held: ts.Expression, other: ts.Expression, state: State): boolean {
    const name = strip(other);
    if (!ts.isIdentifier(name) && !ts.isPropertyAccessExpression(name)) return false;
    return this.#values.isResource(held, state) && this.#values.of(name, state) === undefined;
  }

  /** `const own = !given`: as true as its initializer. */
  #definition(node: ts.Identifier, state: State, depth: number): boolean | undefined {
    const binding = this.#program.unitOf(node).scopes.bindingOf(node);
    const declaration = binding?.kind === 'const' ? binding.declarations[0]?.parent : undefined;
    if (!declaration || !ts.isVariableDeclaration(declaration) || declaration.name !== binding?.declarations[0])
      return undefined;
    const { initializer } = declaration;
    return initializer && isConstant(this.#program, initializer)
      ? this.#holds(initializer, state, depth + 1)
      : undefined;
  }
}

/** Whether nothing that the expression mentions is ever assigned again. */
function isConstant(program: Program, node: ts.Expression): boolean {
  let constant = true;
  walk(node, (inner) => {
    if (ts.isIdentifier(inner) && (program.unitOf(inner).scopes.bindingOf(inner)?.writes.length ?? 0) > 0)
      constant = false;
  });
  return constant;
}

/** What `typeof` says of no object. */
const primitives: ReadonlySet<string> = new Set(['number', 'string', 'boolean', 'bigint', 'symbol']);

const loopKey = (loop: ts.Node): string => `loop@${loop.pos}`;

const closedName = /^_?(is|was|has)?_?(closed|released|destroyed|disposed|ended|terminated|disconnected)$/i;

/** What is not acquired. */
const errorClass = /(?:Error|Exception|Promise)$/;

const errorName = /err|fail|^e\d*$/i;

const existence = /^(?:(?:path|file|dir|directory)?exists|isDirectory|isDir|dirExists)(?:Sync)?$/i;

const negate = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

function forget(state: State, name: string): State {
  const mentions = new RegExp(`(^|[^\\w$.])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}($|[^\\w$])`);
  const facts = new Map([...state.facts].filter(([key]) => !mentions.test(key)));
  return facts.size === state.facts.size ? state : { ...state, facts };
}
