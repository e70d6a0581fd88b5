import vm from 'node:vm';
import ts from 'typescript';
import { Choices } from './choices.ts';
import type { ProgramKind } from './generate.ts';

/** One observed step of a run. */
export type TraceEvent =
  /** A numbered call returned, threw, or returned a promise that rejects. */
  | {
      readonly type: 'call';
      readonly id: number;
      readonly outcome: 'value' | 'throw' | 'reject';
      readonly value: unknown;
    }
  /** The iterator of a numbered call was asked for its next element. */
  | { readonly type: 'step'; readonly id: number; readonly outcome: 'element' | 'end' | 'throw' }
  /** The consumer of the generator went on, or stopped, at a `yield`. */
  | { readonly type: 'yield'; readonly outcome: 'next' | 'return' }
  | { readonly type: 'dispose'; readonly id: number };

export interface Run {
  readonly trace: readonly TraceEvent[];
  /** `cut`: the run was stopped for its length; the trace is a beginning. */
  readonly end: 'exit' | 'thrown' | 'halted' | 'cut';
}

const maxEvents = 120;
const values: readonly unknown[] = [false, 1, undefined, null, 'text', 0];
const stop = new Error('stop');

/** Runs a generated program with the decisions of the given numbers, and records what it does. */
export async function execute(text: string, kind: ProgramKind, numbers: readonly number[]): Promise<Run> {
  const harness = new Harness(new Choices(numbers));
  const context = vm.createContext(harness.globals());
  const source = kind === 'using' ? lowerUsing(text) : text;
  try {
    const result: unknown = vm.runInContext(`let x, y;\n${source}\nprogram()`, context, { timeout: 2_000 });
    if (kind === 'generator') harness.drive(result as Generator);
    else await settled(result);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return { trace: harness.trace, end: harness.end ?? 'thrown' };
  }
  return { trace: harness.trace, end: harness.end ?? 'exit' };
}

/** A program whose promise nobody settles would only be seen as a timeout of the whole test. */
async function settled(result: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      process.exitCode = 1;
      reject(Object.assign(new Error('the program never settles'), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' }));
    }, 5_000);
  });
  try {
    await Promise.race([result, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Node 20 cannot parse `using`. */
function lowerUsing(text: string): string {
  return ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
}

class Harness {
  readonly trace: TraceEvent[] = [];
  end: Run['end'] | undefined;
  private readonly choices: Choices;
  /** One call in so many throws: some runs get far, some fail early. */
  private readonly throwEvery: number;

  constructor(choices: Choices) {
    this.choices = choices;
    this.throwEvery = choices.pick([30, 12, 6, 60]);
  }

  /** The functions that generated programs call. */
  globals(): Record<string, unknown> {
    const globals: Record<string, unknown> = {
      // `using` is lowered to these symbols, which a new context of Node 20 does not have.
      Symbol,
      Base: class {},
      tag: () => 1,
      guard: (error: unknown) => {
        if (this.end !== undefined) throw stop;
        return error;
      },
      process: { exit: () => this.stop('halted') },
      t: (id: number) => this.call(id, () => this.choices.pick(values)),
      o: (id: number) => this.call(id, () => (this.choices.below(2) === 0 ? null : optionalObject())),
      ob: (id: number) => this.call(id, () => (this.choices.below(2) === 0 ? {} : { a: 1, y: 2, b: [undefined] })),
      arr: (id: number) => this.call(id, () => this.choices.pick([[], [undefined, undefined], [1, 2], [1]])),
      key: (id: number) => this.call(id, () => 'key'),
      it: (id: number) => this.call(id, () => this.iterable(id, () => 1)),
      disposables: (id: number) => this.call(id, () => this.iterable(id, () => this.disposable(id))),
      d: (id: number) => this.call(id, () => this.disposable(id)),
      a: (id: number) => this.promise(id),
      cb: (id: number, _value: unknown, continuation: (error: unknown) => void) => {
        this.call(id, () => undefined);
        this.uncaught(continuation);
      },
    };
    for (let id = 0; id < 1_000; id++) globals[`h${id}`] = () => this.call(id, () => undefined);
    return globals;
  }

  /** Consumes a generator, and sometimes stops before its end. */
  drive(generator: Generator): void {
    let result = generator.next();
    while (!result.done) {
      const outcome = this.choices.below(4) === 3 ? 'return' : 'next';
      this.record({ type: 'yield', outcome });
      result = outcome === 'return' ? generator.return(undefined) : generator.next();
    }
  }

  private call(id: number, value: () => unknown): unknown {
    this.proceed();
    if (this.choices.below(this.throwEvery) === this.throwEvery - 1) {
      this.record({ type: 'call', id, outcome: 'throw', value: undefined });
      throw new Error(`call ${id}`);
    }
    const result = value();
    // The program may change an object later; the trace keeps what it was.
    const observed = Object.getPrototypeOf(result ?? 0) === Object.prototype ? { ...(result as object) } : result;
    this.record({ type: 'call', id, outcome: 'value', value: observed });
    return result;
  }

  private async promise(id: number): Promise<unknown> {
    this.proceed();
    const rejects = this.choices.below(3) === 2;
    this.record({ type: 'call', id, outcome: rejects ? 'reject' : 'value', value: undefined });
    if (rejects) throw new Error(`rejection ${id}`);
    return 1;
  }

  private iterable(id: number, element: () => unknown): Iterable<unknown> {
    return {
      [Symbol.iterator]: () => ({
        next: () => {
          this.proceed();
          const more = this.choices.below(3) !== 0;
          this.record({ type: 'step', id, outcome: more ? 'element' : 'end' });
          return more ? { done: false, value: element() } : { done: true, value: undefined };
        },
      }),
    };
  }

  private disposable(id: number): Disposable & AsyncDisposable {
    const dispose = () => {
      if (this.end === undefined) this.record({ type: 'dispose', id });
    };
    return { [Symbol.dispose]: dispose, [Symbol.asyncDispose]: async () => dispose() };
  }

  /** Nothing above a callback of the event loop catches what it throws. */
  private uncaught(continuation: (error: unknown) => void): void {
    try {
      continuation(undefined);
    } catch {
      this.stop('halted');
    }
  }

  private record(event: TraceEvent): void {
    this.proceed();
    this.trace.push(event);
  }

  private proceed(): void {
    if (this.end !== undefined) throw stop;
    if (this.trace.length >= maxEvents) this.stop('cut');
  }

  private stop(end: Run['end']): never {
    this.end ??= end;
    throw stop;
  }
}

function optionalObject(): object {
  return { m: () => ({ a: {} }) };
}
