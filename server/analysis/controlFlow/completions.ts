import type { CleanupFrame, Completion, End, Flow, FunctionFrame, TargetFrame } from './flow.ts';
import type { FlowNode } from './graph.ts';

/** Sends loose ends outward as an abrupt completion, to the first frame that catches it or has to clean up before. */
export function complete(flow: Flow, completion: Completion, ends: readonly End[]): void {
  if (ends.length === 0) return;
  for (let i = flow.frames.length - 1; i >= 0; i--) {
    const frame = flow.frames[i];
    if (frame === undefined) continue;
    if (frame.kind === 'cleanup') {
      hold(frame, completion, ends);
      return;
    }
    if (completion.kind === 'throw') {
      if (frame.kind === 'target') continue;
      append(frame.throws, ends);
      return;
    }
    if (frame !== completion.target) continue;
    append(landing(completion), ends);
    return;
  }
}

/** A throw from where the construction stands. */
export function raise(flow: Flow, ends: readonly End[]): void {
  complete(flow, { kind: 'throw' }, ends);
}

/** The function that a `return` at this place ends. */
export function enclosingFunction(flow: Flow): FunctionFrame {
  const frame = flow.frames.findLast((candidate) => candidate.kind === 'function');
  if (frame === undefined) throw new Error('code outside of every function frame');
  return frame;
}

/** The construct that a `break` or `continue` at this place aims at; `undefined` where the program is wrong. */
export function jumpTarget(flow: Flow, kind: 'break' | 'continue', label: string | undefined): TargetFrame | undefined {
  for (let i = flow.frames.length - 1; i >= 0; i--) {
    const frame = flow.frames[i];
    if (frame?.kind === 'function') return undefined;
    if (frame?.kind !== 'target') continue;
    if (label !== undefined ? frame.labels.includes(label) : catchesUnlabelled(frame, kind)) return frame;
  }
  return undefined;
}

/**
 * Builds `body`, then `cleanup` on every way out of it: in place behind normal completion, and once more for every
 * other completion and target, after which that completion goes on outward. A cleanup that ends abruptly itself
 * replaces the completion, because nothing flows on from its end.
 */
export function withCleanup(flow: Flow, body: () => void, cleanup: () => void): void {
  const frame: CleanupFrame = { kind: 'cleanup', pending: [] };
  flow.frames.push(frame);
  body();
  flow.frames.pop();
  let after: readonly End[] = [];
  const normal: Way = {
    ends: flow.take(),
    goOn(ends) {
      after = ends;
    },
  };
  const abrupt = frame.pending.map(
    ({ completion, ends }): Way => ({
      ends,
      finallyFor: completion.kind,
      goOn: (onward) => complete(flow, completion, onward),
    }),
  );
  copyFor(flow, [normal, ...abrupt], cleanup);
  flow.current = [...after];
}

/** One way through a piece of code that is copied for each of its ways. */
export interface Way {
  readonly ends: readonly End[];
  /** Absent for normal completion. */
  readonly finallyFor?: FlowNode['finallyFor'];
  goOn(ends: readonly End[]): void;
}

/** Builds `body` once per way, the original first; when copies have become too many, the remaining ways share one. */
export function copyFor(flow: Flow, ways: readonly Way[], body: () => void): void {
  const outer = flow.finallyFor;
  for (const [index, way] of ways.entries()) {
    if (flow.copiesExhausted && index < ways.length - 1) {
      share(flow, ways.slice(index), body);
      return;
    }
    flow.current = [...way.ends];
    if (!flow.reachable) continue;
    flow.finallyFor = way.finallyFor ?? outer;
    if (index > 0) flow.copyDepth++;
    body();
    if (index > 0) flow.copyDepth--;
    flow.finallyFor = outer;
    way.goOn(flow.take());
  }
}

function share(flow: Flow, ways: readonly Way[], body: () => void): void {
  flow.approximate = true;
  flow.current = ways.flatMap((way) => way.ends);
  if (!flow.reachable) return;
  body();
  if (!flow.reachable) return;
  flow.add('join', flow.root);
  const ends = flow.take();
  for (const way of ways) if (way.ends.length > 0) way.goOn(ends);
}

/** `push(...ends)` would overflow the stack for the ends of very large functions. */
function append(list: End[], ends: readonly End[]): void {
  for (const end of ends) list.push(end);
}

function hold(frame: CleanupFrame, completion: Completion, ends: readonly End[]): void {
  const same = frame.pending.find(
    (entry) => entry.completion.kind === completion.kind && targetOf(entry.completion) === targetOf(completion),
  );
  if (same) append(same.ends, ends);
  else frame.pending.push({ completion, ends: [...ends] });
}

function targetOf(completion: Completion): unknown {
  return completion.kind === 'throw' ? undefined : completion.target;
}

function landing(completion: Exclude<Completion, { kind: 'throw' }>): End[] {
  if (completion.kind === 'return') return completion.target.returns;
  return completion.kind === 'break' ? completion.target.breaks : completion.target.continues;
}

function catchesUnlabelled(frame: TargetFrame, kind: 'break' | 'continue'): boolean {
  return frame.construct === 'loop' || (frame.construct === 'switch' && kind === 'break');
}
