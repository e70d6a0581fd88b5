import ts from 'typescript';
import type { TargetResolver } from '../inference/callees.ts';
import type { Inference } from '../inference/inference.ts';
import { calleeName, functionName, isAsync, isFunctionLiteral, receiver, strip, walk } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Callees } from './effects.ts';
import { Fixpoint } from './fixpoint.ts';
import type { Graphs } from './graphs.ts';
import type { Obligation, Origin } from './obligation.ts';
import { findSites, obligationAt } from './sites.ts';
import { solve } from './solve.ts';
import type { Carry } from './state.ts';

type Call = ts.CallExpression | ts.NewExpression;

/** What a function of the project acquires on behalf of its caller. */
interface Acquiring {
  readonly obligation: Obligation;
  /** How its result carries the resource, or which callback receives it. */
  readonly result: { readonly carry: Carry } | { readonly parameter: number; readonly argument: number };
}

/** Finds every acquisition of a file: by a library's model, and through functions of the project that hand one on. */
export class Acquirers {
  readonly #inference: Inference;
  readonly #targets: TargetResolver;
  readonly #graphs: Graphs;
  readonly #callees: Callees;
  readonly #names = new Set<string>();
  readonly #direct = new WeakMap<SourceUnit, readonly Obligation[]>();
  readonly #acquiring = new Fixpoint<readonly Acquiring[]>([], (a, b) => a.length === b.length);
  readonly #ids = new WeakMap<ts.Node, number>();
  #nextId = 0;

  constructor(inference: Inference, targets: TargetResolver, graphs: Graphs, callees: Callees) {
    this.#inference = inference;
    this.#targets = targets;
    this.#graphs = graphs;
    this.#callees = callees;
  }

  /** Names of functions that acquire and hand on, of all files learned from so far. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Takes over what another engine has learned. */
  know(names: Iterable<string>): void {
    for (const name of names) this.#names.add(name);
  }

  /**
   * Learns the names of the file's functions that acquire and hand on, until nothing is added.
   * @returns all such names of the file, for other files to look for.
   */
  learn(unit: SourceUnit): readonly string[] {
    const found = new Set<string>();
    for (let added = true; added; ) {
      added = false;
      for (const { site } of this.obligations(unit)) {
        const root = this.#graphs.rootOf(site);
        if (ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root) || ts.isClassLike(root)) continue;
        const name = functionName(root);
        if (name === undefined || found.has(name) || this.#acquires(root).length === 0) continue;
        found.add(name);
        added ||= !this.#names.has(name);
        this.#names.add(name);
      }
    }
    return [...found].sort();
  }

  /** All acquisitions of the file, in source order. */
  obligations(unit: SourceUnit): readonly Obligation[] {
    const direct = this.#directOf(unit);
    const derived = this.#derivedIn(unit.file, new Set(direct.map((o) => o.site)));
    return [...direct, ...derived].sort((a, b) => a.site.getStart() - b.site.getStart());
  }

  #directOf(unit: SourceUnit): readonly Obligation[] {
    let direct = this.#direct.get(unit);
    if (!direct) {
      direct = findSites(this.#inference, unit).flatMap((site) => obligationAt(site, this.#targets) ?? []);
      this.#direct.set(unit, direct);
    }
    return direct;
  }

  #derivedIn(node: ts.Node, direct: ReadonlySet<Call>): readonly Obligation[] {
    const found: Obligation[] = [];
    if (this.#names.size === 0) return found;
    walk(node, (inner) => {
      if (!ts.isCallExpression(inner) || direct.has(inner)) return;
      const name = calleeName(inner)?.text;
      if (name === undefined || !this.#names.has(name)) return;
      const target = this.#targets.resolve(inner);
      if (target?.kind !== 'function') return;
      for (const { obligation, result } of this.#acquires(target.function)) {
        const origin = originOf(inner, result);
        if (origin) found.push({ ...obligation, origin, site: inner, acquirer: receiver(inner), through: name });
      }
    });
    return found;
  }

  #acquires(root: ts.FunctionLikeDeclaration): readonly Acquiring[] {
    if (!root.body || ('asteriskToken' in root && root.asteriskToken)) return [];
    return this.#acquiring.solve(String(this.#idOf(root)), () => this.#compute(root));
  }

  #compute(root: ts.FunctionLikeDeclaration): readonly Acquiring[] {
    const unit = this.#inference.program.unitOf(root);
    const direct = this.#directOf(unit);
    const candidates = [...direct, ...this.#derivedIn(root, new Set(direct.map((o) => o.site)))];
    const found: Acquiring[] = [];
    for (const obligation of candidates) {
      if (obligation.origin.via === 'parameters' || this.#graphs.rootOf(obligation.site) !== root) continue;
      const question = { ...obligation, graph: this.#graphs.of(root) };
      for (const { to, carry, calledBack } of solve(this.#inference.program, question, this.#callees).handovers) {
        if (to === 'caller' && carry) {
          found.push({ obligation, result: { carry: { ...carry, promised: carry.promised || isAsync(root) } } });
        } else if (calledBack) found.push({ obligation, result: calledBack });
      }
    }
    return found.slice(0, 1);
  }

  #idOf(node: ts.Node): number {
    let id = this.#ids.get(node);
    if (id === undefined) {
      id = this.#nextId++;
      this.#ids.set(node, id);
    }
    return id;
  }
}

function originOf(call: ts.CallExpression, result: Acquiring['result']): Origin | undefined {
  if ('carry' in result) return { via: 'value', site: call, carry: result.carry };
  const callback = call.arguments[result.parameter];
  const literal = callback && strip(callback);
  if (!literal || !isFunctionLiteral(literal)) return undefined;
  const error = result.argument > 0 ? 0 : undefined;
  const parameters = {
    resource: result.argument,
    carry: { path: [], promised: false, role: 'resource' },
    error,
    releaser: undefined,
  } as const;
  return { via: 'parameters', function: literal, parameters };
}
