import { type Stats, statSync } from 'node:fs';

/**
 * What tells one state of a file on disk from another without reading it. Good enough to look again, and never to conclude
 * that a text is the same for another run.
 */
export function stampOf({ mtimeMs, ctimeMs, size, ino }: Stats): string {
  return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
}

/** The stamp of a file as it is now; `undefined`: there is none. */
export function stampOnDisk(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  return status && stampOf(status);
}
