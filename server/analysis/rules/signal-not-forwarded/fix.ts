import type { UnforwardedSignal } from '../../detachment/signals.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { addArgument, addProperty } from '../../fixes/arguments.ts';
import { fixesOf } from '../../fixes/plan.ts';

/** Passes the signal on: as an argument, or as an option beside those that are there. */
export function forwardSignal(file: FileAnalysis, { call, signal, place }: UnforwardedSignal): readonly Fix[] {
  const option = signal.text === 'signal' ? 'signal' : `signal: ${signal.text}`;
  const edits = call.arguments[place.index]
    ? addProperty(call.arguments[place.index], option)
    : place.as === 'either'
      ? undefined
      : addArgument(call, place.index, place.as === 'itself' ? signal.text : `{ ${option} }`);
  if (!edits) return [];
  return fixesOf(file.unit.path, [{ title: `Pass \`${signal.text}\` on`, safety: 'safe', edits }]);
}
