import type ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { longWait } from '../resources/abortable.ts';
import { isFunctionLiteral, strip } from '../syntax/tree.ts';
import { custodyOf } from './detachment.ts';
import { type LongWait, longestWait } from './durations.ts';
import { withoutRaceSignals } from './raceSignals.ts';
import { sitesOf } from './sites.ts';

/** A long wait in a task that nobody waits for. */
export interface HiddenWait {
  readonly wait: LongWait;
  readonly call: ts.CallExpression;
}

/** The long waits of tasks that are started in a file and let go. */
export function hiddenWaits(file: FileAnalysis): readonly HiddenWait[] {
  const found: HiddenWait[] = [];
  for (const call of sitesOf(file.unit, file.semantics).calls) {
    if (custodyOf(call).kind !== 'detached') continue;
    const callee = strip(call.expression);
    const work = isFunctionLiteral(callee) ? callee : file.semantics.targets.read(call)?.function;
    const wait = work && longestWait(work, file.semantics, 0);
    if (!wait || wait.ms < longWait || wait.ms === Number.POSITIVE_INFINITY) continue;
    if (wait.node.getSourceFile() !== file.unit.file || /signal|abort/i.test(withoutRaceSignals(work.getText())))
      continue;
    if (!found.some((it) => it.wait.node === wait.node)) found.push({ wait, call });
  }
  return found;
}
