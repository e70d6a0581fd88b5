import type { LibraryModel } from '../model.ts';
import { asyncMutex } from './asyncMutex.ts';
import { asyncSema } from './asyncSema.ts';
import { properLockfile } from './properLockfile.ts';

/** Locks and semaphores. */
export const locks: readonly LibraryModel[] = [asyncMutex, asyncSema, properLockfile];
