import type { TracePosition, TraceResult } from '../../protocol/messages.ts';
import type { FileReport } from '../project/editor/protocol.ts';
import type { LocatedFinding } from '../project/engine/protocol.ts';
import { sentence } from '../project/messageText.ts';
import { exitOf, toRange } from './diagnostics.ts';

/** The witness of the finding at a position or, on its line, nearest to it. A finding stands where it begins and ends. */
export function traceAt(report: FileReport, position: TracePosition, uri: (path: string) => string): TraceResult {
  let best: { readonly finding: LocatedFinding; readonly distance: number } | undefined;
  for (const finding of report.findings) {
    const exit = exitOf(finding);
    for (const place of exit === undefined ? [finding] : [finding, exit]) {
      const { start, end } = toRange(place);
      if (start.line !== position.line) continue;
      const after = end.line > start.line ? 0 : Math.max(0, position.character - end.character);
      const distance = Math.max(start.character - position.character, after, 0);
      if (best === undefined || distance < best.distance) best = { finding, distance };
    }
  }
  if (best === undefined) return null;
  const { message, witness } = best.finding;
  const steps = witness.map((step) => ({ uri: uri(step.path), range: toRange(step), label: step.label }));
  return { title: sentence(message.what), steps };
}
