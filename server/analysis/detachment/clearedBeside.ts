import ts from 'typescript';
import { pathsBeside } from '../contexts/importers.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingClass } from '../syntax/tree.ts';
import { isSelf } from './ownerEnds.ts';
import { ownerAround } from './owners.ts';
import type { Timer } from './timers.ts';

/**
 * Whether another file clears the timer: that of a class from which the owner inherits the field or, where each method of
 * an object has a file of its own, as in `Handler.prototype.stop = require('./stop')`, one of the same directory, for
 * `this` is one object in all of them.
 */
export function isClearedBeside({ keeping, call }: Timer, { program: { host }, unit }: FileAnalysis): boolean {
  if (keeping.by !== 'member' || !isSelf(keeping.target.expression)) return false;
  const isInherited = inherits(enclosingClass(call), keeping.name);
  if (ownerAround(call) && !isInherited) return false;
  const directory = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const clear = new RegExp(
    `\\bclear(?:Timeout|Interval)\\s*\\(\\s*(?:this|self|that|_this)\\s*\\.\\s*${keeping.name.replaceAll('$', '\\$')}(?![\\w$])`,
  );
  const others = pathsBeside(host, unit.path, keeping.name) ?? [];
  return others.some(
    (path) => (isInherited || directory(path) === directory(unit.path)) && clear.test(host.read(path) ?? ''),
  );
}

/** Whether a class extends another one and does not declare the field itself. */
function inherits(owner: ts.ClassLikeDeclaration | undefined, field: string): boolean {
  const extended = owner?.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  return extended === true && !owner?.members.some((it) => ts.isPropertyDeclaration(it) && it.name.getText() === field);
}
