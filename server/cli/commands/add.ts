import { display } from '../../project/files/paths.ts';
import { addHealth } from '../../project/health/addHealth.ts';
import type { Environment } from '../environment.ts';
import { UsageError } from '../usageError.ts';

/**
 * Writes something into the user's project.
 * @throws UsageError when it is not known what.
 */
export function add(rest: readonly string[], { cwd, streams }: Environment): number {
  const [what, directory, ...more] = rest;
  if (what !== 'health' || more.length > 0) {
    throw new UsageError('add takes health and, if you like, the directory to write to: leakproof add health src');
  }
  const result = addHealth(cwd, directory);
  if ('refused' in result) {
    streams.err(`leakproof: ${result.refused}; nothing was written\n`);
    return 2;
  }
  for (const path of result.paths) streams.err(`created ${display(cwd, path)}\n`);
  return 0;
}
