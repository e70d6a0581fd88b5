import type { Progress } from '../project/engine/protocol.ts';

/** Shows how far a run is, on a line of its own that disappears again. */
export interface ProgressLine {
  show(progress: Progress): void;
  clear(): void;
}

/** A line on a terminal; nothing at all where nobody watches. */
export function createProgressLine(wanted: boolean, stream: NodeJS.WriteStream): ProgressLine {
  if (!wanted || !stream.isTTY || process.env.CI !== undefined) return { show() {}, clear() {} };
  let shown = false;
  return {
    show({ phase, done, total }) {
      const text = `${phase} ${done}/${total}`.slice(0, Math.max((stream.columns ?? 80) - 1, 10));
      stream.write(`\r\u001b[K${text}`);
      shown = true;
    },
    clear() {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}
