import { readFileSync } from 'node:fs';
import { pathKey } from './paths.ts';

/** Texts that the compilers must take for the disk's: unsaved documents, and project files that exist nowhere. */
export class Overlay {
  readonly #texts = new Map<string, string>();

  /** The text to use instead of the disk's. */
  get(path: string): string | undefined {
    return this.#texts.get(pathKey(path));
  }

  /** The effective text; `undefined` when there is none. */
  read(path: string): string | undefined {
    const text = this.get(path);
    if (text !== undefined) {
      return text;
    }
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  }

  /** Sets or, with `undefined`, removes a text; answers whether that changes anything. */
  set(path: string, text: string | undefined): boolean {
    const key = pathKey(path);
    if (this.#texts.get(key) === text) {
      return false;
    }
    if (text === undefined) {
      this.#texts.delete(key);
    } else {
      this.#texts.set(key, text);
    }
    return true;
  }
}
