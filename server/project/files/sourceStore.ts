import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isMinified, isSourceFile, maximumBytes } from './sourceKinds.ts';
import { describeError } from './systemErrors.ts';

/** What reading a source file came to: its text, a reason to leave it alone by design, or a failure. */
export type ReadResult =
  | { readonly text: string; readonly bom: boolean }
  | { readonly skip: string }
  | { readonly error: string };

const byteOrderMark = '\uFEFF';

/**
 * The texts of source files: unsaved ones first, then the disk. A text that was handed out stays the same until it is
 * forgotten, so that every step of one run sees the same world.
 */
export class SourceStore {
  readonly #overlay = new Map<string, string>();
  readonly #kept = new Map<string, ReadResult>();

  /** Puts a text in the place of what the disk says; `undefined` takes it away again. */
  overlay(path: string, text: string | undefined): void {
    this.#kept.delete(path);
    if (text === undefined) this.#overlay.delete(path);
    else this.#overlay.set(path, text);
  }

  /** Reads without remembering: for the pre-filter, which rejects most files. */
  peek(path: string): ReadResult {
    const kept = this.#kept.get(path);
    if (kept !== undefined) return kept;
    const unsaved = this.#overlay.get(path);
    return unsaved === undefined ? readFromDisk(path) : withoutBom(unsaved);
  }

  /** Reads and remembers. */
  load(path: string): ReadResult {
    const result = this.peek(path);
    this.#kept.set(path, result);
    return result;
  }

  /** The text as the analysis sees it; `undefined` for what is no readable source file. */
  text(path: string): string | undefined {
    if (!isSourceFile(path) && !this.#overlay.has(path)) return undefined;
    const result = this.load(path);
    return 'text' in result ? result.text : undefined;
  }

  /** Forgets what was read, so that the next read sees the disk. */
  forget(path: string): void {
    this.#kept.delete(path);
  }
}

function readFromDisk(path: string): ReadResult {
  let descriptor: number;
  try {
    // Without O_NONBLOCK, opening a FIFO waits for a writer that may never come.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return { error: describeError(error) };
  }
  try {
    const status = fstatSync(descriptor);
    if (status.isDirectory()) return { error: 'is a directory' };
    if (!status.isFile()) return { skip: 'not a regular file' };
    if (status.size > maximumBytes) return { skip: 'larger than 2 MB' };
    return decode(path, readAll(descriptor, status.size));
  } catch (error) {
    return { error: describeError(error) };
  } finally {
    closeSync(descriptor);
  }
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

function decode(path: string, bytes: Buffer): ReadResult {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { skip: 'UTF-16; only UTF-8 is read' };
  }
  if (bytes.subarray(0, 8192).includes(0)) return { skip: 'binary' };
  const result = withoutBom(bytes.toString('utf8'));
  return isMinified(path, result.text) ? { skip: 'minified' } : result;
}

/** Editors hand out texts without a byte order mark; positions must not depend on it. */
function withoutBom(text: string): { text: string; bom: boolean } {
  return text.startsWith(byteOrderMark) ? { text: text.slice(1), bom: true } : { text, bom: false };
}
