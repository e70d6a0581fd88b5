import type { BoundOption, Wait, WaitData } from '../model.ts';

import { fetchBounds, fetchConsequence, fetchPatienceMs } from './fetch.ts';

/** Limits of the wait for headers and for each chunk of the body; by default 300 s each. */
const limits: readonly BoundOption[] = [
  { option: 'headersTimeout', phase: 'headers', unit: 'ms', default: 300_000, disabledBy: [0] },
  { option: 'bodyTimeout', phase: 'body', unit: 'ms', default: 300_000, disabledBy: [0] },
];
const connectLimit: BoundOption = {
  option: 'connect.timeout',
  phase: 'connect',
  unit: 'ms',
  default: 10_000,
  disabledBy: [0],
};

const dispatchers = ['Agent', 'Client', 'Pool', 'BalancedPool', 'ProxyAgent', 'EnvHttpProxyAgent'];

const wait = (at: Wait['at'], index: number): Wait => ({
  at,
  of: 'request',
  kind: 'request',
  phases: ['request'],
  options: [index],
  bounds: [...fetchBounds, ...limits],
  patienceMs: fetchPatienceMs,
  consequence: fetchConsequence,
  preferred: 'signal',
});

export const undiciWaits: WaitData = {
  waits: [
    { ...wait({ module: 'undici', export: 'fetch' }, 1), bounds: fetchBounds },
    ...['request', 'stream', 'pipeline'].map((name) => wait({ module: 'undici', export: name }, 1)),
    ...['request', 'stream', 'pipeline'].map((member) => wait({ type: 'Dispatcher', member }, 0)),
  ],
  bounds: dispatchers.flatMap((name) =>
    [...limits, connectLimit].map((limit) => ({ at: { module: 'undici', export: name }, ...limit })),
  ),
  defaults: [
    ...dispatchers.map((name) => ({
      at: { module: 'undici', export: name },
      options: name === 'Client' || name === 'Pool' || name === 'BalancedPool' ? 1 : 0,
      reach: 'instance' as const,
      preferred: limits.map(({ option }) => option),
    })),
    // It only tries again through the dispatcher that it is given.
    { at: { module: 'undici', export: 'RetryAgent' }, options: 0, reach: 'instance' as const, carrier: true },
    { at: { module: 'undici', export: 'setGlobalDispatcher' }, options: 0, reach: 'process', carrier: true },
  ],
};
