const signals = ['SIGINT', 'SIGTERM'] as const;

export interface Interrupt {
  /** The signal that arrived. */
  readonly signal: NodeJS.Signals | undefined;
  release(): void;
  /** Ends the process the way the signal would have, so that whoever started it sees why. */
  pass(): void;
}

/** Lets a run end in good order at the first signal; the second one ends the process at once. */
export function onInterrupt(cancel: () => void): Interrupt {
  let received: NodeJS.Signals | undefined;
  const release = (): void => {
    for (const signal of signals) process.removeListener(signal, listener);
  };
  const listener = (signal: NodeJS.Signals): void => {
    received = signal;
    // Without a listener the next signal does what signals do.
    release();
    cancel();
  };
  for (const signal of signals) process.on(signal, listener);
  return {
    get signal() {
      return received;
    },
    release,
    pass() {
      if (received !== undefined) process.kill(process.pid, received);
    },
  };
}
