import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { calleeName, enclosingRoot, isAssignment, isFunctionLiteral, strip, walk } from '../syntax/tree.ts';
import type { Discharges } from './discharges.ts';
import type { Callees } from './effects.ts';
import type { Release } from './obligation.ts';
import { Reading } from './reading.ts';
import { holdingsKey, type State } from './state.ts';
import { placeOf, type Values } from './values.ts';

/**
 * What a function does with a resource that it closes over: releases it, settles a promise with it, lets it go somewhere
 * else, only uses it, or does not mention it.
 */
export type Capture = 'releases' | 'settles' | 'escapes' | 'uses' | 'none';

const rank: Readonly<Record<Capture, number>> = { none: 0, uses: 1, escapes: 2, settles: 3, releases: 4 };

/** `resolve(socket)`, `deferred.resolve(socket)` */
const resolves = /^_?(resolve|fulfill?)\w*$/;

/** Classifies closures by what they do with places that carry the resource. */
export class Captures {
  readonly #program: Program;
  readonly #discharges: Discharges;
  readonly #release: Release;
  readonly #callees: Callees;
  readonly #active = new Set<ts.Node>();
  /** Whether a function that is being looked at was met again. */
  #isCut = false;
  readonly #provisional = new Set<ts.Node>();
  /** By what the paths hold: most states of a path differ in other things. */
  readonly #answers = new Map<string, Map<ts.Node, Capture>>();
  #state: State | undefined;
  #known = new Map<ts.Node, Capture>();
  #reading: Reading | undefined;

  constructor(program: Program, discharges: Discharges, release: Release, callees: Callees) {
    this.#program = program;
    this.#discharges = discharges;
    this.#release = release;
    this.#callees = callees;
  }

  /** What ends the obligation without a call. */
  reading(values: Values): Reading {
    this.#reading ??= new Reading(this.#program, this.#discharges, values);
    return this.#reading;
  }

  of(node: ts.FunctionLikeDeclaration, state: State, values: Values): Capture {
    if (!node.body || state.places.size === 0) return 'none';
    if (this.#state !== state) {
      this.#state = state;
      this.#known = this.#knownIn(holdingsKey(state));
    }
    const known = this.#known;
    const answer = known.get(node);
    if (answer !== undefined) return answer;
    if (this.#active.has(node)) {
      this.#isCut = true;
      return 'none';
    }
    this.#active.add(node);
    const strongest = this.#strongestIn(node.body, state, values);
    this.#active.delete(node);
    // Inside of a cycle an answer lacks what the function that was begun with does itself: it serves that one only.
    if (this.#active.size === 0 && this.#isCut) {
      this.#isCut = false;
      for (const provisional of this.#provisional) known.delete(provisional);
      this.#provisional.clear();
    } else if (this.#isCut) this.#provisional.add(node);
    known.set(node, strongest);
    return strongest;
  }

  #knownIn(holdings: string): Map<ts.Node, Capture> {
    let known = this.#answers.get(holdings);
    if (!known) {
      known = new Map();
      this.#answers.set(holdings, known);
    }
    return known;
  }

  #strongestIn(body: ts.Node, state: State, values: Values): Capture {
    let strongest: Capture = 'none';
    walk(body, (inner) => {
      if (strongest === 'releases') return;
      if (this.reading(values).takesOver(inner, state) || this.reading(values).reads(inner, state)) {
        strongest = 'releases';
        return;
      }
      const found =
        ts.isCallExpression(inner) || ts.isNewExpression(inner)
          ? this.#call(inner, state, values)
          : this.#mention(inner, state, values);
      if (rank[found] > rank[strongest]) strongest = found;
    });
    return strongest;
  }

  #call(call: ts.CallExpression | ts.NewExpression, state: State, values: Values): Capture {
    if (ts.isCallExpression(call) && this.#discharges.meaning(call, values, state) === 'discharge') return 'releases';
    let strongest: Capture = 'none';
    for (const [index, argument] of (call.arguments ?? []).entries()) {
      const carry = values.of(argument, state);
      if (!carry || carry.role === 'result') continue;
      const effect =
        carry.role === 'releaser' ? 'releases' : this.#callees.effect(call, index, carry, this.#release).kind;
      const escapes: Capture = resolves.test(calleeName(call)?.text ?? '') ? 'settles' : 'escapes';
      const found: Capture = effect === 'releases' ? 'releases' : effect === 'borrows' ? 'uses' : escapes;
      if (rank[found] > rank[strongest]) strongest = found;
    }
    return strongest;
  }

  #mention(node: ts.Node, state: State, values: Values): Capture {
    if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return 'none';
    const place = placeOf(this.#program, node);
    if (place === undefined || !state.places.has(place)) return this.#through(node, state, values);
    let current: ts.Node = node;
    while (strip(current.parent as ts.Expression) === node) current = current.parent;
    return goesOn(current, current.parent) ? 'escapes' : 'uses';
  }

  /** What a local function does that this one mentions. */
  #through(node: ts.Expression, state: State, values: Values): Capture {
    const fn = ts.isIdentifier(node) ? functionFor(this.#program, node) : undefined;
    return fn && !ts.isSourceFile(enclosingRoot(fn)) ? this.of(fn, state, values) : 'none';
  }
}

/** Whether the value travels further from where it is mentioned. Arguments of calls are judged with the call. */
function goesOn(node: ts.Node, parent: ts.Node): boolean {
  return (
    ts.isReturnStatement(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isYieldExpression(parent) ||
    (ts.isVariableDeclaration(parent) && parent.initializer === node) ||
    (ts.isBinaryExpression(parent) && parent.right === node && isAssignment(parent.operatorToken.kind)) ||
    (ts.isArrowFunction(parent) && parent.body === node)
  );
}

/** The function that an argument is, or that a constant name stands for. */
export function functionFor(program: Program, node: ts.Expression): ts.FunctionLikeDeclaration | undefined {
  if (isFunctionLiteral(node)) return node;
  const binding = ts.isIdentifier(node) ? program.unitOf(node).scopes.bindingOf(node) : undefined;
  const [declared] = binding?.declarations ?? [];
  if (!binding || !declared || binding.writes.length > 0 || binding.declarations.length > 1) return undefined;
  const { parent } = declared;
  if (ts.isFunctionDeclaration(parent)) return parent;
  const value = ts.isVariableDeclaration(parent) && parent.initializer ? strip(parent.initializer) : undefined;
  return value && isFunctionLiteral(value) ? value : undefined;
}
