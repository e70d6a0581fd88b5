import type { LibraryModel } from '../model.ts';

const classes = ['Queue', 'Worker', 'QueueEvents', 'FlowProducer'];

export const bullmq: LibraryModel = {
  library: 'bullmq',
  packages: [{ name: 'bullmq' }],
  modules: { bullmq: Object.fromEntries(classes.map((name) => [name, { class: name }])) },
  types: Object.fromEntries(classes.map((name) => [name, { members: { close: {}, disconnect: {} } }])),
  acquisitions: classes.map((name) => ({
    at: { construct: name },
    yields: [{ via: 'value' }],
    lifetime: 'application',
    resource: name,
    duty: 'handle',
    kind: name === 'Worker' ? 'worker' : 'queue',
    discharges: [
      { by: 'method', name: 'close', promise: true },
      { by: 'method', name: 'disconnect', promise: true },
    ],
    preferred: { by: 'method', name: 'close', promise: true },
    consequence: 'its connections to Redis stay open, reconnect for ever and keep the process alive',
  })),
};
