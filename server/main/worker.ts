import { parentPort, workerData } from 'node:worker_threads';
import { shippedParts } from '../project/engine/shippedParts.ts';
import { serveEngine } from '../project/engine/worker.ts';

if (parentPort === null) throw new Error('worker.ts runs only as a worker thread');
serveEngine(parentPort, workerData, shippedParts);
