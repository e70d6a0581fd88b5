import { parentPort, workerData } from 'node:worker_threads';
import { serveEngine } from '../../../server/project/engine/worker.ts';
import { noTypeTier } from '../../../server/project/types/none.ts';
import { createFakeAnalysis } from './fakeAnalysis.ts';

if (parentPort === null) throw new Error('fakeWorker.ts runs only as a worker thread');
serveEngine(parentPort, workerData, {
  loadAnalysis: async () => createFakeAnalysis,
  loadTypeTier: async () => () => noTypeTier,
  createPrefilter: (_models, names) => {
    const words = ['acquire', 'crash()', 'leakproof-ignore', ...names];
    return (text) => words.some((word) => text.includes(word));
  },
});
