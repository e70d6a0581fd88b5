import ts from 'typescript';
import { startsStatement } from '../inference/statements.ts';
import type { Discharge } from '../resources/model.ts';
import type { Program } from '../syntax/program.ts';
import { calledMethod, calleeName, receiver, strip } from '../syntax/tree.ts';
import type { Callees } from './effects.ts';
import type { Emptiness, Exhausting } from './exhaustion.ts';
import { type Lender, lendersOf } from './lenders.ts';
import type { Release } from './obligation.ts';
import { literalTruth } from './predicates.ts';
import { isResource, type State } from './state.ts';
import type { Values } from './values.ts';

/** Methods that end an object which keeps the resource inside. */
const closers =
  /^(close|end|release|destroy|dispose|disconnect|free|stop|shutdown|teardown|terminate|finish|cleanup|clean_up|giveBack)/i;

const disposes: ReadonlySet<string> = new Set(['[Symbol.dispose]', '[Symbol.asyncDispose]']);

/** How the resource is given back, and who lent it. */
export interface Lending {
  readonly release: Release;
  readonly acquirer: ts.Expression | undefined;
  readonly through: string | undefined;
}

export type CallMeaning = 'discharge' | 'mistaken' | undefined;

/** Recognises the calls that give the resource back. */
export class Discharges {
  readonly #program: Program;
  readonly #release: Release;
  readonly #acquirer: ts.Expression | undefined;
  readonly #lenders: readonly Lender[];
  readonly #isLent: boolean;
  readonly #callees: Callees;
  readonly #methods: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;
  /** Properties whose reader takes over. */
  readonly properties: ReadonlySet<string>;
  /** Whether a loop over the resource closes it. */
  readonly byIteration: boolean;

  /** Methods whose result says that nothing is left to release. */
  readonly exhausting: readonly Exhausting[];
  /** Properties whose value may say that nothing is there to release. */
  readonly empty: readonly Emptiness[];

  constructor(program: Program, { release, acquirer, through }: Lending, callees: Callees) {
    this.#program = program;
    this.#release = release;
    this.#acquirer = acquirer;
    this.#lenders = lendersOf(program, acquirer);
    this.#isLent = through !== undefined;
    this.#callees = callees;
    this.#methods = methodNames(release);
    this.#names = new Set([...this.#methods, ...release.discharges.flatMap(nameElsewhere)]);
    this.properties = propertiesOf(release);
    this.empty = release.discharges.filter((d) => d.by === 'empty');
    this.exhausting = release.discharges.filter((d) => d.by === 'exhausted');
    this.byIteration = release.discharges.some((d) => d.by === 'iteration');
  }

  /** What a call means for the resource in the state, apart from what its callee's body does. */
  meaning(call: ts.CallExpression, values: Values, state: State): CallMeaning {
    const called = values.of(calledFunction(call), state);
    if (called?.role === 'releaser') return 'discharge';
    const owner = receiver(call);
    const name = calledMethod(call);
    if (owner && name !== undefined) {
      const carry = values.of(owner, state);
      if (isResource(carry)) {
        if (this.#methods.has(name) || disposes.has(name) || this.#saysSo(call, name)) return 'discharge';
        if (this.#release.wrong.some((w) => w.name === name)) return 'mistaken';
      }
      if (this.#methods.has(name) && this.#isReached(owner, values, state)) return 'discharge';
      if (carry?.path[0] === '*' && closers.test(name)) return 'discharge';
      if (this.#closesAcquirer(owner, name)) return 'discharge';
    }
    if (isResource(called) && this.#release.discharges.some((d) => d.by === 'call')) return 'discharge';
    return this.#givesBack(call, name, values, state) ? 'discharge' : undefined;
  }

  /** What a call does to the resource itself, with no closure or other object between. */
  role(call: ts.CallExpression, values: Values, state: State): 'releases' | 'uses' | undefined {
    const callee = calledFunction(call);
    const owner = receiver(call);
    const name = calledMethod(call);
    const isOwn = owner !== undefined && values.isResource(owner, state);
    if (isOwn && name !== undefined && this.#methods.has(name)) return 'releases';
    const called = values.of(callee, state);
    if (isResource(called) && this.#release.discharges.some((d) => d.by === 'call')) return 'releases';
    if (called?.role === 'releaser' && this.#isParameter(callee)) return 'releases';
    if (this.#givesBack(call, name, values, state)) return 'releases';
    return isOwn ? 'uses' : undefined;
  }

  /** `await stream.write(…)`: there is no promise that could reject; `await once(stream, …)`: an error has ended it. */
  isEventual(awaited: ts.Expression, values: Values, state: State): boolean {
    const call = strip(awaited);
    if (ts.isCallExpression(call) && calleeName(call)?.text === 'once') {
      const [emitter] = call.arguments;
      if (emitter && this.#release.isConsumed && isResource(values.of(emitter, state))) return true;
    }
    const owner = ts.isCallExpression(call) ? receiver(call) : undefined;
    if (!owner || !ts.isCallExpression(call)) return false;
    return this.#release.eventual.includes(calledMethod(call) ?? '') && values.isResource(owner, state);
  }

  /** The releaser that the library itself hands to a callback, not a function of the project that may release. */
  #isParameter(callee: ts.Expression): boolean {
    const binding = ts.isIdentifier(callee) ? this.#program.unitOf(callee).scopes.bindingOf(callee) : undefined;
    return binding?.kind === 'parameter';
  }

  /** Whether the first argument makes the call a release: `query('ROLLBACK')` is one, `child.on('error', …)` is none. */
  #saysSo(call: ts.CallExpression, name: string): boolean {
    const [first] = call.arguments;
    return this.#release.discharges.some((d) => {
      if (d.by !== 'method' || d.name !== name) return false;
      if (d.events) return first !== undefined && ts.isStringLiteralLike(first) && d.events.includes(first.text);
      if (d.withArgument) return first !== undefined && literalTruth(strip(first)) !== false;
      return d.statement !== undefined && startsStatement(this.#program, call, d.statement);
    });
  }

  /** `pool.release(resource)`, `closeSync(fd)`. */
  #givesBack(call: ts.CallExpression, name: string | undefined, values: Values, state: State): boolean {
    return this.#release.discharges.some((discharge) => {
      if (discharge.by !== 'acquirer' && discharge.by !== 'function') return false;
      // Wrappers put a key before the resource: `pool.release(key, client)`.
      if (discharge.by === 'acquirer') {
        if (name !== discharge.name) return false;
        if (call.arguments.some((a) => values.isResource(a, state))) return true;
        return discharge.argument === undefined && this.#isAcquirer(receiver(call), values, state);
      }
      const argument = call.arguments[discharge.argument];
      if (!argument || !values.isResource(argument, state)) return false;
      return this.#callees.isExport(call.expression, discharge.module, discharge.export);
    });
  }

  /** `page.context()`, where the page was made in the resource. */
  #isReached(owner: ts.Expression, values: Values, state: State): boolean {
    const { reachedBy } = this.#release;
    if (reachedBy.length === 0) return false;
    const named = strip(owner);
    const [{ made = undefined } = {}] = ts.isIdentifier(named) ? lendersOf(this.#program, named) : [];
    const call = made ?? named;
    if (!ts.isCallExpression(call) || !reachedBy.includes(calledMethod(call) ?? '')) return false;
    const [work] = lendersOf(this.#program, receiver(call));
    const maker = work?.made && receiver(work.made);
    return maker !== undefined && values.isResource(maker, state);
  }

  /** Whether an expression is the object that the resource was acquired from. */
  #isAcquirer(owner: ts.Expression | undefined, values: Values, state: State): boolean {
    if (!owner) return false;
    if (values.isResource(owner, state)) return true;
    return this.#acquirer !== undefined && strip(owner).getText() === strip(this.#acquirer).getText();
  }

  #closesAcquirer(owner: ts.Expression, name: string): boolean {
    const [lender, ...others] = this.#lenders.map((each) => each.text);
    const text = strip(owner).getText();
    if (text === lender && this.#isLent && closers.test(name)) return true;
    if (text !== lender && !others.includes(text)) return false;
    return this.#release.discharges.some((d) => d.by === 'acquirerClose' && d.name === name);
  }

  /** Whether a call, judged by its name and the statement in it, may give a resource of this kind back. */
  mayBe(call: ts.CallExpression): boolean {
    const name = calleeName(call)?.text ?? '';
    return this.#names.has(name) || this.#saysSo(call, name);
  }

  /** Whether a call is one of the resource's own methods that give it back, judged by the same. */
  mayBeMethod(call: ts.CallExpression): boolean {
    const name = calleeName(call)?.text ?? '';
    return this.#methods.has(name) || this.#saysSo(call, name);
  }

  /** Names of the resource's own methods that give it back, whatever they are called with. */
  get methods(): ReadonlySet<string> {
    return this.#methods;
  }
}

/** `done` of `done()`, `done.call(…)` and `done.apply(…)`. */
function calledFunction(call: ts.CallExpression): ts.Expression {
  const callee = strip(call.expression);
  const isIndirect = ts.isPropertyAccessExpression(callee) && /^(?:call|apply)$/.test(callee.name.text);
  return isIndirect ? strip(callee.expression) : callee;
}

function nameElsewhere(discharge: Release['discharges'][number]): readonly string[] {
  if (discharge.by === 'acquirer') return [discharge.name];
  return discharge.by === 'function' ? [discharge.export] : [];
}

export function propertiesOf(release: Release): ReadonlySet<string> {
  return new Set(release.discharges.flatMap((d) => (d.by === 'property' ? [d.name] : [])));
}

const isUnconditional = ({ statement, events, withArgument }: Extract<Discharge, { by: 'method' }>): boolean =>
  !statement && !events && !withArgument;

/** Methods that give the resource back whatever their arguments are. */
export function methodNames(release: Release): ReadonlySet<string> {
  return new Set(release.discharges.flatMap((d) => (d.by === 'method' && isUnconditional(d) ? [d.name] : [])));
}
