import { existsSync, rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { shippedParts } from '../../../server/project/engine/shippedParts.ts';
import { serveEngine } from '../../../server/project/engine/worker.ts';

// A worker that breaks down when a file says so.
const fuse = process.env.LEAKPROOF_TEST_FUSE ?? '';
if (parentPort === null) throw new Error('runs only as a worker thread');
parentPort.on('message', () => {
  if (!existsSync(fuse)) return;
  rmSync(fuse);
  process.exit(7);
});
serveEngine(parentPort, workerData, shippedParts);
