import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { strip } from '../syntax/tree.ts';
import { originOf } from './origins.ts';
import type { Race } from './races.ts';
import { signalPlaces } from './signals.ts';

/** A competitor of a race against a timer that could be aborted when the timer wins, and is given no signal. */
export function abandonedWork({ work }: Race, file: FileAnalysis): ts.CallExpression | undefined {
  const calls = work
    .map((element) => strip(element))
    .filter(ts.isCallExpression)
    .filter((call) => !/signal|abort|timeout/i.test(call.getText()) && !isMereWait(call, file));
  const places = calls.length > 0 ? signalPlaces(file, calls) : [];
  return calls.find((_, index) => places[index] !== undefined);
}

/** Who waits for an event or a time keeps no work going. */
function isMereWait(call: ts.CallExpression, { unit }: FileAnalysis): boolean {
  const module = originOf(call.expression, unit)?.module;
  return module === 'events' || module === 'timers/promises';
}
