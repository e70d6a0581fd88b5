import { pathsBeside } from '../contexts/importers.ts';
import { importWord, specifiersOf } from '../semantics/textEvidence.ts';
import type { Program } from '../syntax/program.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** How code speaks of a limit. */
const limiting = /\b(?:timeout\w*|signal|AbortSignal|deadline)\b|[a-z]Timeout/i;

/**
 * Whether every file that imports this one and calls one of the methods speaks of a limit itself: what goes through an
 * instance from here is bounded there, call by call. Not where nobody imports it.
 */
export function areCallsLimited({ host }: Program, { path }: SourceUnit, methods: readonly string[]): boolean {
  const called = new RegExp(`\\.(?:${methods.join('|')})\\s*[(<]`);
  const callers = (pathsBeside(host, path, importWord(path)) ?? [])
    .filter((other) => specifiersOf(host, other, path).length > 0)
    .map((other) => host.read(other) ?? '')
    .filter((text) => called.test(text));
  return callers.length > 0 && callers.every((text) => limiting.test(text));
}
