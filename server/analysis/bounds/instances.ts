import type { FileAnalysis } from '../fileAnalysis.ts';
import type { WitnessStep } from '../finding.ts';
import { acquisitionSpan } from '../ownership/witness.ts';
import type { Call } from './sites.ts';
import type { JudgedWait } from './waits.ts';

/** An object through which requests go that nothing bounds, neither it nor they. */
export interface UnboundedInstance {
  /** The call that makes it. */
  readonly call: Call;
  readonly first: JudgedWait;
  readonly count: number;
  /** The argument of the call that holds its options. */
  readonly options: number;
  readonly steps: readonly WitnessStep[];
}

/** How many of its calls the witness shows. */
const shown = 3;

/** The file's own instances without a bound that unbounded waits go through: one finding for all their calls. */
export function unboundedInstances(file: FileAnalysis, waits: readonly JudgedWait[]): readonly UnboundedInstance[] {
  const byInstance = new Map<Call, JudgedWait[]>();
  for (const judged of waits) {
    const { instance, missing } = judged;
    if (!instance || missing.length === 0) continue;
    byInstance.set(instance, [...(byInstance.get(instance) ?? []), judged]);
  }
  const { path } = file.unit;
  return [...byInstance]
    .filter(([call]) => call.getSourceFile() === file.unit.file)
    .map(([call, judged]) => ({
      call,
      first: judged[0] as JudgedWait,
      count: judged.length,
      options: judged[0]?.instanceOptions ?? 0,
      steps: [
        { path, span: acquisitionSpan(call), label: 'made here without a timeout' },
        ...judged
          .slice(0, shown)
          .map((wait) => ({ path, span: acquisitionSpan(wait.call), label: 'waits here for as long as it takes' })),
      ],
    }));
}
