import { pathsBeside } from '../contexts/importers.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { isSelf } from './ownerEnds.ts';
import { ownerAround } from './owners.ts';
import type { Timer } from './timers.ts';

/**
 * Whether a file of the same directory clears the timer. Where each method of an object has a file of its own, as in
 * `Handler.prototype.stop = require('./stop')`, `this` is one object in all of them.
 */
export function isClearedBeside({ keeping, call }: Timer, { program: { host }, unit }: FileAnalysis): boolean {
  if (keeping.by !== 'member' || ownerAround(call) || !isSelf(keeping.target.expression)) return false;
  const directory = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const clear = new RegExp(
    `\\bclear(?:Timeout|Interval)\\s*\\(\\s*(?:this|self|that|_this)\\s*\\.\\s*${keeping.name.replaceAll('$', '\\$')}(?![\\w$])`,
  );
  const beside = pathsBeside(host, unit.path, keeping.name) ?? [];
  return beside.some((path) => directory(path) === directory(unit.path) && clear.test(host.read(path) ?? ''));
}
