import ts from 'typescript';
import type { GraphRoot } from '../controlFlow/graph.ts';
import { mayLendPromise } from '../customPools/exchange.ts';
import type { CustomLends } from '../customPools/lends.ts';
import { type LentDuty, lentDuty } from '../customPools/lentObligation.ts';
import type { TargetResolver } from '../inference/callees.ts';
import type { Inference } from '../inference/inference.ts';
import type { Graphs } from '../semantics/graphs.ts';
import { callsIn } from '../syntax/nodes.ts';
import {
  calleeName,
  functionName,
  isAsync,
  isFunctionLiteral,
  receiver,
  someInFunction,
  strip,
  walkFunction,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { Fixpoint } from './fixpoint.ts';
import type { Obligation, Origin } from './obligation.ts';
import { obligationAt } from './origins.ts';
import type { CalledBack } from './outcome.ts';
import { isNullish } from './predicates.ts';
import { findSites, mocking } from './sites.ts';
import type { Solver } from './solver.ts';
import { type Carry, itself } from './state.ts';

type Call = ts.CallExpression | ts.NewExpression;

/** What a function of the project acquires on behalf of its caller. */
interface Acquiring {
  readonly obligation: LentDuty;
  /** How its result carries the resource, or which callback receives it. */
  readonly result: { readonly carry: Carry } | CalledBack;
}

/** The acquisitions of a file that a library's model knows. */
interface Direct {
  readonly obligations: readonly Obligation[];
  readonly byRoot: ReadonlyMap<GraphRoot, readonly Obligation[]>;
  readonly sites: ReadonlySet<Call>;
}

/** Finds every acquisition of a file: by a library's model, and through functions of the project that hand one on. */
export class Acquirers {
  readonly #inference: Inference;
  readonly #targets: TargetResolver;
  readonly #graphs: Graphs;
  readonly #solver: Solver;
  readonly #lends: CustomLends;
  readonly #names = new Set<string>();
  readonly #direct = new WeakMap<SourceUnit, Direct>();
  /** All of a file, and how many names were known when they were found. */
  readonly #all = new WeakMap<SourceUnit, { readonly names: number; readonly obligations: readonly Obligation[] }>();
  readonly #acquiring = new Fixpoint<readonly Acquiring[]>([], (a, b) => a.length === b.length);
  readonly #ids = new WeakMap<ts.Node, number>();
  #nextId = 0;

  constructor(inference: Inference, targets: TargetResolver, graphs: Graphs, solver: Solver, lends: CustomLends) {
    this.#inference = inference;
    this.#targets = targets;
    this.#graphs = graphs;
    this.#solver = solver;
    this.#lends = lends;
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
   * @returns words for other files to look for: such names, and for a default export the name of the module.
   */
  learn(unit: SourceUnit): readonly string[] {
    const found = new Set<string>();
    const add = (name: string): boolean => {
      found.add(name);
      const isNew = !this.#names.has(name);
      this.#names.add(name);
      return isNew;
    };
    for (const lend of this.#lends.of(unit).keys()) add(functionName(lend) ?? 'default');
    for (let added = true; added; ) {
      added = false;
      for (const { site } of this.obligations(unit)) {
        const root = this.#graphs.rootOf(site);
        if (ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root) || ts.isClassLike(root)) continue;
        const name = functionName(root) ?? 'default';
        if (found.has(name) || this.#acquires(root).length === 0) continue;
        if (add(name)) added = true;
      }
    }
    for (const alias of aliases(unit, this.#names)) add(alias);
    return [...found].map((name) => (name === 'default' ? moduleName(unit.path) : name)).sort();
  }

  /** All acquisitions of the file, in source order. */
  obligations(unit: SourceUnit): readonly Obligation[] {
    const known = this.#all.get(unit);
    const names = this.#names.size;
    if (known?.names === names) return known.obligations;
    const { obligations: direct, sites } = this.#directOf(unit);
    const obligations = [...direct, ...this.#derivedIn(unit, unit.file, sites)].sort(
      (a, b) => a.site.getStart() - b.site.getStart(),
    );
    // While they are found, a name may be learned that leads to more of them.
    this.#all.set(unit, { names, obligations });
    return obligations;
  }

  #directOf(unit: SourceUnit): Direct {
    let direct = this.#direct.get(unit);
    if (!direct) {
      const obligations = findSites(this.#inference, unit).flatMap(
        (site) => obligationAt(site, unit, this.#targets) ?? [],
      );
      const byRoot = new Map<GraphRoot, Obligation[]>();
      for (const obligation of obligations) {
        const root = this.#graphs.rootOf(obligation.site);
        const others = byRoot.get(root);
        if (others) others.push(obligation);
        else byRoot.set(root, [obligation]);
      }
      direct = { obligations, byRoot, sites: new Set(obligations.map((o) => o.site)) };
      this.#direct.set(unit, direct);
    }
    return direct;
  }

  #derivedIn(unit: SourceUnit, root: ts.Node, direct: ReadonlySet<Call>): readonly Obligation[] {
    const { file } = unit;
    const found: Obligation[] = [];
    if (this.#names.size === 0) return found;
    const isMocked = mocking(unit);
    for (const inner of callsIn(file)) {
      if (inner.pos < root.pos || root.end < inner.end || !ts.isCallExpression(inner) || direct.has(inner)) continue;
      const callee = calleeName(inner);
      if (!callee || !this.#mayAcquire(callee)) continue;
      const name = callee.text;
      const target = this.#targets.resolve(inner);
      if (target?.kind !== 'function') continue;
      if (mayLend(target.function, inner)) continue;
      for (const { obligation, result } of this.#acquires(target.function)) {
        const origin = originOf(inner, result, this.#graphs);
        if (origin && !isMocked(obligation.model))
          found.push({ ...obligation, origin, site: inner, acquirer: receiver(inner), through: name, isLent: false });
      }
    }
    return found;
  }

  /** Whether the name, or the one under which it was imported, is known for functions that acquire. */
  #mayAcquire(callee: ts.Identifier | ts.PrivateIdentifier): boolean {
    if (this.#names.has(callee.text)) return true;
    if (!ts.isIdentifier(callee)) return false;
    const declaration = this.#inference.program.unitOf(callee).scopes.bindingOf(callee)?.declarations[0]?.parent;
    if (!declaration) return false;
    if (ts.isImportClause(declaration)) return this.#names.has('default');
    return ts.isImportSpecifier(declaration) && this.#names.has(declaration.propertyName?.text ?? '');
  }

  #acquires(root: ts.FunctionLikeDeclaration): readonly Acquiring[] {
    if (!root.body || ('asteriskToken' in root && root.asteriskToken)) return [];
    // What was found before a name was learned may be incomplete.
    return this.#acquiring.solve(`${this.#idOf(root)}@${this.#names.size}`, () => this.#compute(root));
  }

  #compute(root: ts.FunctionLikeDeclaration): readonly Acquiring[] {
    const unit = this.#inference.program.unitOf(root);
    const release = this.#lends.of(unit).get(root);
    if (release) {
      const carry = { ...itself, promised: mayLendPromise(root) };
      return [{ obligation: lentDuty({ lend: root, release }), result: { carry } }];
    }
    if (mayShare(unit, root)) return [];
    const { byRoot, sites } = this.#directOf(unit);
    const graph = this.#graphs.of(root);
    const found: Acquiring[] = [];
    for (const obligation of [...(byRoot.get(root) ?? []), ...this.#derivedIn(unit, root, sites)]) {
      if (obligation.origin.via === 'parameters' || this.#graphs.rootOf(obligation.site) !== root) continue;
      for (const { to, carry, calledBack, isOpen } of this.#solver.solve(obligation, graph).handovers) {
        const handed = isOpen ? { ...obligation, opens: undefined } : obligation;
        // An object that keeps it somewhere inside is given back by methods of its own: they have to be known.
        if (to === 'caller' && carry && (carry.path[0] !== '*' || carry.releasers)) {
          found.push({
            obligation: handed,
            result: { carry: { ...carry, promised: carry.promised || isAsync(root) } },
          });
        } else if (calledBack) found.push({ obligation: handed, result: calledBack });
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

function originOf(call: ts.CallExpression, result: Acquiring['result'], graphs: Graphs): Origin | undefined {
  if ('carry' in result) return { via: 'value', site: call, carry: result.carry };
  const callback = call.arguments[result.parameter];
  const literal = callback && strip(callback);
  if (!literal || !isFunctionLiteral(literal)) return undefined;
  const error = result.argument > 0 ? 0 : undefined;
  const parameters = {
    resource: result.argument,
    carry: { path: [], promised: false, role: 'resource' },
    error,
    releaser: result.releaser,
  } as const;
  if (graphs.isInlined(call, literal)) return { via: 'callback', site: call, parameters };
  return { via: 'parameters', function: literal, parameters };
}

/** `if (forced) return open(); cached ??= open(); return cached`: who calls may get what the module keeps for all. */
function mayShare({ scopes }: SourceUnit, root: ts.FunctionLikeDeclaration): boolean {
  if (!root.body) return false;
  return someInFunction(root.body, (node) => {
    const value = ts.isReturnStatement(node) && node.expression ? strip(node.expression) : undefined;
    const binding = value && ts.isIdentifier(value) ? scopes.bindingOf(value) : undefined;
    return (
      binding !== undefined &&
      binding.kind !== 'import' &&
      ts.isSourceFile(binding.scope.node) &&
      binding.declarations.some(({ parent }) => ts.isVariableDeclaration(parent))
    );
  });
}

/** How importers spell the file: its name, or its folder's for an index file. */
function moduleName(path: string): string {
  const segments = path.replace(/\.\w+$/, '').split('/');
  const last = segments.pop() ?? '';
  return last === 'index' ? (segments.pop() ?? last) : last;
}

/** Other names under which a file exports what is known for acquiring: `export { getClient as borrow } from …`. */
function aliases({ exports }: SourceUnit, names: ReadonlySet<string>): readonly string[] {
  const found: string[] = [];
  for (const [alias, exported] of exports.named) {
    const name = 'from' in exported ? exported.name : localName(exported.node);
    if (name !== undefined && name !== alias && names.has(name)) found.push(alias);
  }
  return found;
}

function localName(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isFunctionDeclaration(node) ? node.name?.text : undefined;
}

/** `connect(given)` where `connect` hands back what it is given: then nothing is acquired. */
function mayLend(target: ts.FunctionLikeDeclaration, call: ts.CallExpression): boolean {
  const { body } = target;
  if (!body || !ts.isBlock(body)) return false;
  let lends = false;
  walkFunction(body, (node) => {
    const returned = ts.isReturnStatement(node) && node.expression ? resolved(strip(node.expression)) : undefined;
    if (!returned || !ts.isIdentifier(returned)) return;
    const index = target.parameters.findIndex(({ name }) => ts.isIdentifier(name) && name.text === returned.text);
    const argument = index < 0 ? undefined : call.arguments[index];
    if (argument && !isNullish(argument)) lends = true;
  });
  return lends;
}

/** The `x` of `Promise.resolve(x)`. */
function resolved(node: ts.Expression): ts.Expression {
  const [value] = ts.isCallExpression(node) && node.expression.getText() === 'Promise.resolve' ? node.arguments : [];
  return value ? strip(value) : node;
}
