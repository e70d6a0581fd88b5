/**
 * Functions of the runtime that wait and take an AbortSignal: by module (`''` for globals) and name, the index of the
 * options argument in which the signal stands.
 */
export const abortable: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '': { fetch: 1 },
  'timers/promises': { setTimeout: 2, setInterval: 2, setImmediate: 1 },
  events: { once: 2, on: 2 },
  'fs/promises': { watch: 1 },
};

/** From this on a wait is long, in milliseconds. */
export const longWait = 60_000;

/** What lasts less is over before anybody looks: a timer that has nothing left to do hurts nobody, however many there are. */
export const shortWait = 5000;
