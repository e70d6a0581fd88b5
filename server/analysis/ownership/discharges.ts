import ts from 'typescript';
import { memberName, receiver, strip } from '../syntax/tree.ts';
import type { Callees } from './effects.ts';
import type { Release } from './obligation.ts';
import { isResource, type State } from './state.ts';
import type { Values } from './values.ts';

/** Methods that end an object which keeps the resource inside. */
const closers =
  /^(close|end|release|destroy|dispose|disconnect|free|stop|shutdown|teardown|terminate|finish|cleanup|clean_up|giveBack)/i;

/** How the resource is given back, and who lent it. */
export interface Lending {
  readonly release: Release;
  readonly acquirer: ts.Expression | undefined;
  readonly through: string | undefined;
}

export type CallMeaning = 'discharge' | 'mistaken' | undefined;

/** Recognises the calls that give the resource back. */
export class Discharges {
  readonly #release: Release;
  readonly #acquirer: ts.Expression | undefined;
  readonly #isLent: boolean;
  readonly #callees: Callees;
  readonly #methods: ReadonlySet<string>;

  constructor({ release, acquirer, through }: Lending, callees: Callees) {
    this.#release = release;
    this.#acquirer = acquirer;
    this.#isLent = through !== undefined;
    this.#callees = callees;
    this.#methods = methodNames(release);
  }

  /** What a call means for the resource in the state, apart from what its callee's body does. */
  meaning(call: ts.CallExpression, values: Values, state: State): CallMeaning {
    const callee = strip(call.expression);
    const called = values.of(callee, state);
    if (called?.role === 'releaser') return 'discharge';
    const owner = receiver(call);
    const name = memberName(callee);
    if (owner && name !== undefined) {
      const carry = values.of(owner, state);
      if (isResource(carry)) {
        if (isMeant(this.#release, name, call)) return 'discharge';
        if (this.#release.wrong.some((w) => w.name === name)) return 'mistaken';
        if (name === 'call' || name === 'apply') return undefined;
      }
      if (carry?.path[0] === '*' && closers.test(name)) return 'discharge';
      if (this.#closesAcquirer(owner, name)) return 'discharge';
    }
    if (isResource(called) && this.#release.discharges.some((d) => d.by === 'call')) return 'discharge';
    return this.#givesBack(call, name, values, state) ? 'discharge' : undefined;
  }

  /** `pool.release(resource)`, `closeSync(fd)`. */
  #givesBack(call: ts.CallExpression, name: string | undefined, values: Values, state: State): boolean {
    return this.#release.discharges.some((discharge) => {
      if (discharge.by !== 'acquirer' && discharge.by !== 'function') return false;
      // Wrappers put a key before the resource: `pool.release(key, client)`.
      if (discharge.by === 'acquirer')
        return name === discharge.name && call.arguments.some((a) => isResource(values.of(a, state)));
      const argument = call.arguments[discharge.argument];
      if (!argument || !isResource(values.of(argument, state))) return false;
      return this.#callees.isExport(call.expression, discharge.module, discharge.export);
    });
  }

  #closesAcquirer(owner: ts.Expression, name: string): boolean {
    const acquirer = this.#acquirer && strip(this.#acquirer);
    return (
      acquirer !== undefined &&
      strip(owner).getText() === acquirer.getText() &&
      ((this.#isLent && closers.test(name)) ||
        this.#release.discharges.some((d) => d.by === 'acquirerClose' && d.name === name))
    );
  }

  /** Names of all calls that may give the resource back. */
  get names(): ReadonlySet<string> {
    const others = this.#release.discharges.flatMap((d) =>
      d.by === 'acquirer' ? [d.name] : d.by === 'function' ? [d.export] : [],
    );
    return new Set([...this.#methods, ...others]);
  }

  /** Names of the resource's own methods that give it back. */
  get methods(): ReadonlySet<string> {
    return this.#methods;
  }
}

/** Methods that give the resource back whatever their arguments are. */
export function methodNames(release: Release): ReadonlySet<string> {
  return new Set(release.discharges.flatMap((d) => (d.by === 'method' && !d.events ? [d.name] : [])));
}

/** Whether a method by that name releases with these arguments: `child.on('exit', …)` does, `child.on('error', …)` does not. */
function isMeant({ discharges }: Release, name: string, { arguments: [first] }: ts.CallExpression): boolean {
  return discharges.some(
    (d) =>
      d.by === 'method' &&
      d.name === name &&
      (d.events === undefined ||
        (first !== undefined && ts.isStringLiteralLike(first) && d.events.includes(first.text))),
  );
}
