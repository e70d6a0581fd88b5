import type { BoundOption, WaitData } from '../model.ts';

/** A signal ends the request whatever it waits for; an agent that is told its limits does so, too. */
export const fetchBounds: readonly BoundOption[] = [
  { option: 'signal', phase: 'total', unit: 'signal', default: 'forever' },
  { option: 'dispatcher', phase: 'headers', unit: 'signal', default: 'forever', carrier: true },
];

/** By default Node's fetch gives up on headers, and on each chunk of the body, after so long. */
export const fetchPatienceMs = 300_000;

export const fetchConsequence =
  'a server that accepts and never answers keeps the request, its socket and everything behind it for minutes, and one that trickles bytes keeps them for ever';

/** The function that every file has. */
export const fetchWaits: WaitData = {
  waits: [
    {
      at: { global: 'fetch' },
      of: 'request',
      kind: 'request',
      phases: ['request'],
      options: [1],
      bounds: [
        ...fetchBounds,
        {
          option: 'timeout',
          phase: 'request',
          unit: 'ms',
          default: 'forever',
          ignored: 'does not exist in `fetch`: it is passed over in silence',
        },
      ],
      consequence: fetchConsequence,
      patienceMs: fetchPatienceMs,
      preferred: 'signal',
    },
  ],
};
