import type { Analysis } from '../../analysis/check.ts';
import type { FileOptions } from '../../analysis/options.ts';
import { createNameTest } from '../../analysis/prefilter.ts';
import type { SourceStore } from '../files/sourceStore.ts';

export interface CandidateContext {
  readonly store: SourceStore;
  readonly options: (path: string) => FileOptions;
  readonly matches: (text: string) => boolean;
  /** Loads the analysis: called once, and only when a file passed the first round. */
  readonly analysis: () => Promise<Analysis>;
  readonly cancelled: () => boolean;
  readonly skipped: (path: string, reason: string) => void;
  readonly failed: (path: string, message: string) => void;
  readonly crashed: (path: string, error: unknown) => void;
  readonly progress: (done: number, total: number) => void;
}

/**
 * The pre-filter in rounds: files whose text matches, then the rejected ones again with the names of functions that were
 * found to acquire and hand on, until no name is added.
 */
export async function findCandidates(files: readonly string[], context: CandidateContext): Promise<readonly string[]> {
  const names = new Set<string>();
  const candidates: string[] = [];
  let rejected = files;
  let { matches } = context;
  for (;;) {
    const outcome = scan(rejected, context, matches);
    rejected = outcome.rejected;
    candidates.push(...outcome.accepted);
    if (outcome.accepted.length === 0 || context.cancelled()) break;
    const before = new Set(names);
    // Also where nothing was rejected: whoever calls these functions may be looked at before the file that has them.
    collectNames(candidates, names, await context.analysis(), context);
    if (names.size === before.size || rejected.length === 0) break;
    matches = createNameTest([...names].filter((name) => !before.has(name)));
  }
  return candidates.sort();
}

function scan(
  files: readonly string[],
  context: CandidateContext,
  matches: (text: string) => boolean,
): { accepted: string[]; rejected: string[] } {
  const accepted: string[] = [];
  const rejected: string[] = [];
  for (const [index, path] of files.entries()) {
    if (index % 64 === 0) {
      if (context.cancelled()) break;
      context.progress(index, files.length);
    }
    const result = context.store.peek(path);
    if ('skip' in result) context.skipped(path, result.skip);
    else if ('error' in result) context.failed(path, result.error);
    else if (matches(result.text)) {
      // It is going to be parsed.
      context.store.keep(path, result);
      accepted.push(path);
    } else rejected.push(path);
  }
  return { accepted, rejected };
}

/** Adds the names that the files know. What one file acquires may be handed on by another, so all are asked until nothing is added. */
function collectNames(
  files: readonly string[],
  names: Set<string>,
  analysis: Analysis,
  context: CandidateContext,
): void {
  for (let known = -1; known < names.size; ) {
    known = names.size;
    for (const path of files) {
      if (context.cancelled()) break;
      try {
        for (const name of analysis.acquiringExports(path, context.options(path))) names.add(name);
      } catch (error) {
        context.crashed(path, error);
      }
    }
  }
}
