import type ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence } from '../finding.ts';
import { enclosingClass } from '../syntax/tree.ts';
import { asyncRootOf, callsOf, custodyOf } from './detachment.ts';
import { bodyOf, isEndless } from './endlessLoops.ts';
import { isFrontEnd } from './frontEnd.ts';
import { livesOf } from './objectLives.ts';
import { isOnlyForTests } from './processEnds.ts';
import { endOf, type Frequency, frequencyOf, isRepeated } from './repetition.ts';

/** An endless loop in a task that nobody waits for, or that no failure ends. */
export interface Immortal {
  readonly loop: ts.IterationStatement;
  readonly waits: ts.Node;
  /** The call that started the task and dropped its promise. */
  readonly start: ts.CallExpression | undefined;
  readonly frequency: Frequency;
  readonly end: ts.Node | undefined;
  readonly confidence: Confidence;
}

export function whyImmortal(loop: ts.IterationStatement, file: FileAnalysis): Immortal | undefined {
  if (!isEndless(loop)) return undefined;
  const root = asyncRootOf(loop);
  const body = bodyOf(loop);
  if (!root || !body.waits || body.leaves) return undefined;
  const calls = callsOf(root, file) ?? [];
  const start = calls.find((call) => custodyOf(call).kind === 'detached');
  // Whoever waits for the task hears of a failure that ends it.
  if (!start && (body.failsOut || calls.length > 0)) return undefined;
  const frequency = start ? frequencyOf(file, start) : frequencyOf(file, loop);
  if (frequency === 'once') return undefined;
  const end = endOf(loop);
  const owner = enclosingClass(loop);
  // An object without an end mostly lives as long as the process, and what a page starts as long as the page.
  const isForEver = owner !== undefined && livesOf(owner, file, undefined) === 'process';
  const isEnded = end !== undefined && !isForEver && !isOnlyForTests(end, file.semantics);
  const confidence = isFrontEnd(file.unit)
    ? 'possible'
    : isRepeated(frequency)
      ? 'proven'
      : isEnded
        ? 'likely'
        : 'possible';
  return { loop, waits: body.waits, start, frequency, end, confidence };
}
