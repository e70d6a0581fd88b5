import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { accessKinds, walkKinds } from '../syntax/nodes.ts';
import type { TextTest } from '../syntax/program.ts';
import { strip, unstrip, walk } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { carriersOf, endsCarried } from './carriers.ts';
import { keysOf } from './listedKeys.ts';
import { type HandleUse, type Timer, useOf } from './timers.ts';

/** Only a file that clears timers has functions that clear one. */
const clears: TextTest = { text: (text) => /\bclear(?:Timeout|Interval|Immediate)\b/.test(text) };

/** One place where a handle is used, other than the one where the timer is started. */
export interface HandleReference {
  readonly node: ts.Expression;
  readonly use: HandleUse;
}

/** Everything a file does with the handle of one timer, by the name that keeps it. */
export class Handle {
  readonly references: readonly HandleReference[];
  readonly #semantics: Semantics;
  readonly #timer: Timer;
  readonly #unit: SourceUnit;
  #carriers: readonly ts.Expression[] | undefined;

  constructor(timer: Timer, unit: SourceUnit, semantics: Semantics) {
    this.#semantics = semantics;
    this.#timer = timer;
    this.#unit = unit;
    this.references = mentions(timer, unit)
      .map((node) => ({ node, use: useOf(node) }))
      .filter(({ node }) => !isOwnTarget(node, timer));
  }

  get clears(): readonly HandleReference[] {
    return this.references.filter(({ use }) => use.kind === 'clear');
  }

  /** Whether somebody else may have got hold of it. */
  get escapes(): boolean {
    return this.references.some(({ use }) => use.kind === 'escape');
  }

  get isUnref(): boolean {
    return this.references.some(({ use }) => use.kind === 'unref');
  }

  /** Whether the node is the handle itself. */
  is(node: ts.Node): boolean {
    const inner = ts.isExpression(node) ? strip(node) : node;
    return this.references.some((reference) => reference.node === inner);
  }

  /** The project's function that a name stands for. */
  functionNamed(name: ts.Expression): ts.FunctionLikeDeclaration | undefined {
    return this.#semantics.targets.functionOf(name);
  }

  /** Whether a call clears the timer: itself, or the function of the project that it runs. */
  isClearedBy(call: ts.CallExpression | ts.NewExpression, depth = 2): boolean {
    if (this.references.some(({ use }) => use.kind === 'clear' && use.call === call)) return true;
    if (depth === 0 || this.clears.length === 0) return false;
    this.#carriers ??= carriersOf(
      this.clears.map(({ node }) => node),
      this.#timer.call,
    );
    if (endsCarried(call, this.#carriers, this.#unit)) return true;
    const target = this.#semantics.targets.resolve(call, clears)?.function;
    return target !== undefined && target !== this.#timer.callback && this.isClearedIn(target, depth - 1);
  }

  /** Whether a function clears the timer when it runs, or arranges for it. */
  isClearedIn(fn: ts.Node, depth = 2): boolean {
    if (this.clears.some(({ node }) => fn.pos <= node.pos && node.end <= fn.end)) return true;
    if (depth === 0 || this.clears.length === 0) return false;
    let cleared = false;
    walk(fn, (node) => {
      if (!cleared && ts.isCallExpression(node)) cleared = this.isClearedBy(node, depth - 1);
    });
    return cleared;
  }
}

function isOwnTarget(node: ts.Expression, { keeping }: Timer): boolean {
  return 'target' in keeping && keeping.target === node;
}

function mentions({ keeping }: Timer, unit: SourceUnit): readonly ts.Expression[] {
  if (keeping.by === 'name') return keeping.binding.references;
  if (keeping.by !== 'member') return [];
  return [...membersNamed(keeping.name, unit), ...elementsOf(keeping.target.expression, unit)];
}

/** `for (const name in this.timers) clearTimeout(this.timers[name])`: what is done with all that the handle is kept beside. */
function elementsOf(holder: ts.Expression, unit: SourceUnit): readonly ts.Expression[] {
  const kept = strip(holder);
  if (!ts.isPropertyAccessExpression(kept)) return [];
  return membersNamed(kept.name.text, unit).flatMap((it) => {
    const { parent } = unstrip(it);
    if (it === kept || it.getText() !== kept.getText()) return [];
    if (ts.isElementAccessExpression(parent) && parent.expression === unstrip(it))
      return ts.isStringLiteralLike(strip(parent.argumentExpression)) ? [] : [parent];
    // `Object.values(this.timers)`: whoever goes through them may clear each.
    return ts.isCallExpression(parent) && parent.arguments.includes(unstrip(it)) ? [it] : [];
  });
}

const byFile = new WeakMap<ts.SourceFile, ReadonlyMap<string, readonly ts.Expression[]>>();

/**
 * All places of a file that name a property, whatever the object: `self.timer` and `this.timer` are mostly the same.
 * A destructured property or one that is written as text counts, too: it escapes.
 */
function membersNamed(name: string, unit: SourceUnit): readonly ts.Expression[] {
  let known = byFile.get(unit.file);
  if (!known) {
    const found = new Map<string, ts.Expression[]>();
    const add = (key: string, node: ts.Expression): void => {
      const list = found.get(key);
      if (list) list.push(node);
      else found.set(key, [node]);
    };
    walkKinds(unit.file, accessKinds, (node) => {
      if (ts.isPropertyAccessExpression(node)) add(node.name.text, node);
      else if (ts.isElementAccessExpression(node)) for (const key of keysOf(node, unit)) add(key, node);
      else if (ts.isBindingElement(node)) {
        const key = node.propertyName ?? node.name;
        if (ts.isIdentifier(key) && ts.isObjectBindingPattern(node.parent)) add(key.text, key);
      }
    });
    byFile.set(unit.file, found);
    known = found;
  }
  return known.get(name) ?? [];
}
