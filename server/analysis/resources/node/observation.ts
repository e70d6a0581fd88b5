import type { Acquisition, LibraryModel } from '../model.ts';
import { methods, node } from '../words.ts';

const session: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  opens: ['connect', 'connectToMainThread'],
  resource: 'Session',
  // One that is for a debugger stays.
  onlyIfReleased: ['disconnect'],
  duty: 'handle',
  kind: 'inspector session',
  discharges: methods('disconnect'),
  preferred: { by: 'method', name: 'disconnect' },
  consequence: 'what it has switched on, such as a profiler, goes on and collects data',
};

/** What watches the process from inside. */
export const observation: LibraryModel = {
  library: 'inspector',
  packages: node,
  modules: {
    inspector: { Session: { class: 'Session' } },
    'inspector/promises': { Session: { class: 'Session' } },
    perf_hooks: {
      PerformanceObserver: { class: 'PerformanceObserver' },
      monitorEventLoopDelay: { returns: 'IntervalHistogram' },
    },
  },
  types: {
    Session: { members: {} },
    PerformanceObserver: { members: {} },
    IntervalHistogram: { members: {} },
  },
  acquisitions: [
    { at: { construct: 'Session' }, ...session },
    {
      at: { construct: 'PerformanceObserver' },
      yields: [{ via: 'value' }],
      opens: ['observe'],
      resource: 'PerformanceObserver',
      lifetime: 'application',
      onlyIfReleased: ['disconnect'],
      duty: 'handle',
      kind: 'performance observer',
      discharges: methods('disconnect'),
      preferred: { by: 'method', name: 'disconnect' },
      consequence: 'its callback goes on being called, and entries go on being collected for it',
    },
    {
      at: { module: 'perf_hooks', export: 'monitorEventLoopDelay' },
      yields: [{ via: 'value' }],
      opens: ['enable'],
      resource: 'IntervalHistogram',
      lifetime: 'application',
      onlyIfReleased: ['disable'],
      duty: 'handle',
      kind: 'event loop monitor',
      discharges: methods('disable'),
      preferred: { by: 'method', name: 'disable' },
      consequence: 'its timer goes on waking the event loop',
    },
  ],
};
