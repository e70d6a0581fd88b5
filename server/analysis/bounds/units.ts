import ts from 'typescript';
import { strip } from '../syntax/tree.ts';
import { literalOf } from './given.ts';
import type { Armed } from './valueBounds.ts';

/** Nobody gives another machine less than this many milliseconds. */
export const leastMs = 100;

/** The number of milliseconds of a timer where it looks like seconds. */
export function briefMs({ node }: Armed): number | undefined {
  const value = strip(node);
  const given = ts.isCallExpression(value) ? value.arguments[0] : value;
  const ms = given && literalOf(given);
  return typeof ms === 'number' && ms > 0 && ms < leastMs ? ms : undefined;
}
