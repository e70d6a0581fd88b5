import type { Semantics } from '../semantics/semantics.ts';
import { Lifetimes } from './lifetimes.ts';
import { RepeatedContexts } from './repeated.ts';

/** How often code runs and how long values live, over one program. */
export class Contexts {
  readonly repeated: RepeatedContexts;
  readonly lifetimes: Lifetimes;

  constructor(semantics: Semantics) {
    this.repeated = new RepeatedContexts(semantics);
    this.lifetimes = new Lifetimes(semantics);
  }
}
