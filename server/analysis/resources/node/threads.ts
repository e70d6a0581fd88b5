import type { LibraryModel } from '../model.ts';
import { emitter, events, methods, node } from '../words.ts';

/** Node's worker threads and the channels between them. */
export const threads: LibraryModel = {
  library: 'worker_threads',
  packages: node,
  modules: {
    worker_threads: { Worker: { class: 'Worker' }, BroadcastChannel: { class: 'BroadcastChannel' } },
  },
  types: {
    Worker: { members: emitter('Worker') },
    BroadcastChannel: { members: {} },
  },
  acquisitions: [
    {
      at: { construct: 'Worker' },
      yields: [{ via: 'value' }],
      resource: 'Worker',
      endsByItself: true,
      onlyIfReleased: ['terminate'],
      duty: 'handle',
      kind: 'worker thread',
      discharges: [{ by: 'method', name: 'terminate', promise: true }, ...methods('unref'), ...events('exit')],
      preferred: { by: 'method', name: 'terminate', promise: true },
      disposal: [{ versions: '>=24.2.0', disposal: 'async' }],
      consequence: 'its thread and its memory live on when the code that needed it has failed',
    },
    {
      at: { construct: 'BroadcastChannel' },
      yields: [{ via: 'value' }],
      resource: 'BroadcastChannel',
      lifetime: 'application',
      onlyIfReleased: ['close'],
      duty: 'handle',
      kind: 'channel',
      discharges: methods('close', 'unref'),
      preferred: { by: 'method', name: 'close' },
      consequence: 'it goes on receiving messages, and keeps the process alive',
    },
  ],
};
