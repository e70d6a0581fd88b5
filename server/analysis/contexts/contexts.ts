import type { Semantics } from '../semantics/semantics.ts';
import { Lifetimes } from './lifetimes.ts';
import { RepeatedContexts } from './repeated.ts';
import { RootComponents } from './rootComponents.ts';
import { SignalLives } from './signalLives.ts';

/** How often code runs and how long values live, over one program. */
export class Contexts {
  /** As the whole project tells. */
  readonly repeated: RepeatedContexts;
  /** As a file tells by itself, which costs less. */
  readonly repeatedInFile: RepeatedContexts;
  readonly lifetimes: Lifetimes;
  readonly signalLives: SignalLives;
  readonly rootComponents: RootComponents;

  constructor(semantics: Semantics) {
    this.repeated = new RepeatedContexts(semantics, true);
    this.repeatedInFile = new RepeatedContexts(semantics, false);
    this.lifetimes = new Lifetimes(semantics);
    this.rootComponents = new RootComponents(semantics, this.repeated);
    this.signalLives = new SignalLives(semantics);
  }
}
