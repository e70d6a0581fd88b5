import type ts from 'typescript';
import { constructionsOf } from '../contexts/callSites.ts';
import { importersOf } from '../contexts/importers.ts';
import { offeredAround } from '../contexts/offered.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { isOffered } from '../semantics/exposure.ts';
import { contains } from '../syntax/tree.ts';
import type { Handle } from './handles.ts';
import { isMadeAnew, isMadeByHost } from './onlyInstance.ts';
import { ownerAround } from './owners.ts';
import { isAtEnd, isInTest } from './processEnds.ts';

/**
 * How long objects of a class live, as far as the project shows. They come and go where one is made in code that runs again
 * and again, or is ended by something else than the end of the process; otherwise they live as long as their process, and
 * so may their timers. Of what a package offers to others, and of what nobody imports, the callers are not seen.
 */
export function livesOf(
  owner: ts.ClassLikeDeclaration,
  file: FileAnalysis,
  handle: Handle | undefined,
): 'shorter' | 'process' | 'unknown' {
  const { semantics, contexts, unit } = file;
  const { program } = semantics;
  if (program.host.packageOf(unit.path) === undefined || isOffered(program, unit)) return 'unknown';
  const made = constructionsOf(semantics, owner, true).uses.flatMap((use) =>
    use.kind === 'call' && !isInTest(use.call, semantics) ? [use.call] : [],
  );
  const isPlugIn = made.length === 0 && isMadeByHost(owner, file);
  if (made.length === 0 && !isPlugIn && importersOf(program.host, unit.path).others.length === 0) return 'unknown';
  const isMadeAgain = made.some((call) => {
    const times = contexts.repeated.of(call)?.times;
    return (times !== undefined && times !== 'element' && times !== 'recursion') || isMadeAnew(call);
  });
  const ends = ownerAround(owner.members[0] ?? owner)?.ends ?? [];
  // An end that speaks of the timer was meant to stop it.
  const isMeant = ends.some(({ fn }) => handle?.references.some(({ node }) => contains(fn, node)));
  if (isMadeAgain || isMeant) return 'shorter';
  const calls = ends.map(({ fn }) => endingCalls(fn, owner, file));
  if (calls.some((it) => it === 'unknown' || it.some((call) => !isAtEnd(call, semantics)))) return 'shorter';
  const isOver = calls.some((it) => it.length > 0);
  return !isOver && made.some((call) => offeredAround(semantics, call)) ? 'unknown' : 'process';
}

/** The calls that may end an object by its method. */
function endingCalls(
  end: ts.FunctionLikeDeclaration,
  { name, heritageClauses }: ts.ClassLikeDeclaration,
  { semantics }: FileAnalysis,
): readonly ts.Node[] | 'unknown' {
  const uses = semantics.references.usesOf(end);
  if (uses === 'unknown') return uses;
  const bases = heritageClauses?.flatMap(({ types }) => types.map(({ expression }) => expression.getText())) ?? [];
  const names = name ? [name.text, ...bases] : bases;
  // Of what has no type, a file that speaks of the class, or of what it extends, most likely means it.
  const spoken = names.map((it) => new RegExp(`(?<![\\w$])${it.replace(/[^\\w]/g, '\\$&')}(?![\\w$])`));
  const meant = uses.calls.filter(({ certain, unit }) => certain || spoken.some((it) => it.test(unit.text)));
  return meant.flatMap(({ call }) => (isInTest(call, semantics) ? [] : [call]));
}
