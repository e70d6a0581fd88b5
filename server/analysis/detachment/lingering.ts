import type { FileAnalysis } from '../fileAnalysis.ts';
import type { LostTimer } from './lostTimers.ts';
import { frequencyOf, isRepeated } from './repetition.ts';

/** A test file that ends sooner is not noticed to hang. */
const noticed = 5000;
/** A timer that lasts no longer is over before anybody looks. */
const fleeting = 3000;

/** Programs that are waited for, and that end when nothing is left to wait for. */
const program = /^#!|\bprocess\.(?:argv|stdin)\b/;
const nodeRunner = /['"`](?:node:test|tape?|borp)['"`]/;

/**
 * Whether a timer that is left behind is over so soon that only many of them hurt, or one in a program that somebody
 * waits for; and neither is to be seen.
 */
export function isFleeting({ timer, loss }: Pick<LostTimer, 'timer' | 'loss'>, file: FileAnalysis): boolean {
  if (timer.kind !== 'timeout' || timer.delay === undefined || timer.delay > fleeting) return false;
  // What is settled by other means, time and again, as promises of connections are, is counted by its callers.
  if (loss.kind !== 'race' && loss.kind !== 'missed') return false;
  const start = loss.kind === 'race' ? loss.race.call : timer.call;
  return !program.test(file.unit.text) && !isRepeated(frequencyOf(file, start));
}

/** Whether a timer of test code is noticed: a run that is over waits for it. */
export function holdsUpRun({ timer, loss }: LostTimer, { unit: { text } }: FileAnalysis): boolean {
  const isLong = timer.kind === 'interval' || (timer.delay !== undefined && timer.delay >= noticed);
  const isOver = loss.kind === 'race' || loss.kind === 'deadline' || loss.kind === 'missed';
  if (!isLong || !isOver || /\bprocess\.exit\s*\(\s*0?\s*\)/.test(text)) return false;
  return nodeRunner.test(text) || program.test(text);
}
