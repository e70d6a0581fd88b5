import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { stampOf } from './stamp.ts';
import { describeError, errorCode } from './systemErrors.ts';

export type RegularFile =
  | { readonly bytes: Buffer; readonly stamp: string }
  /** There is something, but nothing that could be read as a file. */
  | { readonly unfit: 'directory' | 'special' | 'too large' }
  | { readonly error: string; readonly code: string | undefined };

/** Reads a file and nothing else: opening a FIFO or a device must never make the process wait. */
export function readRegularFile(path: string, maximumBytes = Number.POSITIVE_INFINITY): RegularFile {
  let descriptor: number;
  try {
    // Without O_NONBLOCK, opening a FIFO waits for a writer that may never come.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    // Opening a socket answers ENXIO.
    return errorCode(error) === 'ENXIO' ? { unfit: 'special' } : failure(error);
  }
  try {
    const status = fstatSync(descriptor);
    if (status.isDirectory()) return { unfit: 'directory' };
    if (!status.isFile()) return { unfit: 'special' };
    if (status.size > maximumBytes) return { unfit: 'too large' };
    return { bytes: readAll(descriptor, status.size), stamp: stampOf(status) };
  } catch (error) {
    return failure(error);
  } finally {
    closeSync(descriptor);
  }
}

function failure(error: unknown): RegularFile {
  return { error: describeError(error), code: errorCode(error) };
}

function readAll(descriptor: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const read = readSync(descriptor, buffer, filled, size - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}
