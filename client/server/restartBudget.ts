/** How often a server may crash before it is left alone, and within which time. */
const limit = 4;
const windowMs = 3 * 60_000;

/** Counts crashes, so that a server that cannot live does not keep the processor busy for ever. */
export class RestartBudget {
  #crashes: number[] = [];

  /** Notes a crash; whether the server may be started once more. */
  spend(now = Date.now()): boolean {
    this.#crashes = [...this.#crashes.filter((time) => now - time < windowMs), now];
    return this.#crashes.length <= limit;
  }

  /** Somebody asked for a restart: what happened before no longer counts. */
  reset(): void {
    this.#crashes = [];
  }

  /** What is said when the budget is used up. */
  get exhausted(): string {
    return `the server crashed ${this.#crashes.length} times within ${windowMs / 60_000} minutes`;
  }
}
