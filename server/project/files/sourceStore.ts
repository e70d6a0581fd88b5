import { readRegularFile } from './regularFile.ts';
import { isMinified, isSourceFile, maximumBytes } from './sourceKinds.ts';

/** What reading a source file came to: its text, a reason to leave it alone by design, or a failure. */
export type ReadResult =
  | {
      readonly text: string;
      readonly bom: boolean;
      /** The state of the file that the text was read from; a text that is not saved has none. */
      readonly stamp?: string;
    }
  | { readonly skip: string }
  | { readonly error: string };

const byteOrderMark = '\uFEFF';

/**
 * The texts of source files: unsaved ones first, then the disk. A text that was handed out stays the same until it is
 * forgotten, so that every step of one run sees the same world.
 */
export class SourceStore {
  readonly #overlay = new Map<string, { readonly text: string; readonly bom: boolean }>();
  readonly #kept = new Map<string, ReadResult>();

  /** Puts a text in the place of what the disk says; `undefined` takes it away again. */
  overlay(path: string, text: string | undefined): void {
    this.#kept.delete(path);
    if (text === undefined) this.#overlay.delete(path);
    else this.#overlay.set(path, withoutBom(text));
  }

  /** Reads without remembering: for the pre-filter, which rejects most files. */
  peek(path: string): ReadResult {
    const kept = this.#kept.get(path);
    if (kept !== undefined) return kept;
    return this.#overlay.get(path) ?? readFromDisk(path);
  }

  /** Reads and remembers. */
  load(path: string): ReadResult {
    const result = this.peek(path);
    this.keep(path, result);
    return result;
  }

  /** Remembers what was read. */
  keep(path: string, result: ReadResult): void {
    this.#kept.set(path, result);
  }

  /** The text as the analysis sees it; `undefined` for what is no readable source file. */
  text(path: string): string | undefined {
    if (!isSourceFile(path) && !this.#overlay.has(path)) return undefined;
    const result = this.load(path);
    return 'text' in result ? result.text : undefined;
  }

  /** The text that stands in the place of what the disk says, where there is one. */
  unsaved(path: string): string | undefined {
    return this.#overlay.get(path)?.text;
  }

  /** All texts that stand in the place of what the disk says. */
  unsavedTexts(): ReadonlyMap<string, string> {
    return new Map([...this.#overlay].map(([path, { text }]) => [path, text]));
  }

  /** The byte order mark that the file begins with, or nothing. */
  byteOrderMark(path: string): string {
    const result = this.load(path);
    return 'text' in result && result.bom ? byteOrderMark : '';
  }

  /** Forgets what was read, so that the next read sees the disk. */
  forget(path: string): void {
    this.#kept.delete(path);
  }
}

function readFromDisk(path: string): ReadResult {
  const file = readRegularFile(path, maximumBytes);
  if ('bytes' in file) {
    const decoded = decode(path, file.bytes);
    return 'text' in decoded ? { ...decoded, stamp: file.stamp } : decoded;
  }
  if ('error' in file) return { error: file.error };
  switch (file.unfit) {
    case 'directory':
      return { error: 'is a directory' };
    case 'special':
      return { skip: 'not a regular file' };
    case 'too large':
      return { skip: 'larger than 2 MB' };
  }
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
