import type { LibraryModel } from '../model.ts';
import { childProcess } from './childProcess.ts';
import { abortListeners } from './events.ts';
import { fs } from './fs.ts';
import { http } from './http.ts';
import { http2 } from './http2.ts';
import { net } from './net.ts';
import { observation } from './observation.ts';
import { readline } from './readline.ts';
import { threads } from './threads.ts';

/** Modules of Node itself. */
export const nodeModules: readonly LibraryModel[] = [
  childProcess,
  abortListeners,
  fs,
  http,
  http2,
  net,
  observation,
  readline,
  threads,
];
