import type { Analysis } from '../../analysis/check.ts';
import type { FileOptions } from '../../analysis/options.ts';
import type { SourceStore } from '../files/sourceStore.ts';

export interface CandidateContext {
  readonly store: SourceStore;
  readonly options: (path: string) => FileOptions;
  readonly matcher: (names: Iterable<string>) => (text: string) => boolean;
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
  let added: readonly string[] = [];
  do {
    const outcome = scan(rejected, context, context.matcher(names));
    rejected = outcome.rejected;
    added = outcome.accepted;
    candidates.push(...added);
    if (added.length === 0 || context.cancelled()) break;
    // Also where nothing was rejected: whoever calls these functions may be looked at before the file that has them.
  } while (collectNames(candidates, names, await context.analysis(), context) && rejected.length > 0);
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
    else if (matches(result.text)) accepted.push(path);
    else rejected.push(path);
  }
  return { accepted, rejected };
}

/** Whether the files added a name. What one file acquires may be handed on by another, so all are asked until nothing is added. */
function collectNames(
  files: readonly string[],
  names: Set<string>,
  analysis: Analysis,
  context: CandidateContext,
): boolean {
  const before = names.size;
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
  return names.size > before;
}
