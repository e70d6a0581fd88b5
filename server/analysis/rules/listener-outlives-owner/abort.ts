import ts from 'typescript';
import { isGivenForOneCall, originOf, type SignalOrigin, servesCalls } from '../../contexts/abortSignals.ts';
import { lastNameOf } from '../../contexts/lifetimes.ts';
import type { Registration } from '../../contexts/registrations.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { listenerReport, repetitionConfidence } from '../../contexts/report.ts';
import { removesOthers } from '../../contexts/signalLives.ts';
import { ownersEnd, workEnd } from '../../contexts/workEnds.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report, WitnessStep } from '../../finding.ts';
import { abortUsing } from '../../fixes/abortUsing.ts';
import { listenUntilDone } from '../../fixes/listenUntilDone.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { removeInFinally } from '../../fixes/removeInFinally.ts';
import { shortText, strip } from '../../syntax/tree.ts';

/** A listener on an abort signal that outlives the work it is meant for. */
export function abortListener(file: FileAnalysis, registration: Registration): Report | undefined {
  const { emitter, call, handler } = registration;
  const repetition = file.contexts.repeated.of(call);
  const longer = repetition && file.contexts.lifetimes.outlives(emitter, repetition);
  const made = originOf(file.semantics, emitter);
  const origin = made && servesCalls(made, call) ? ({ ...made, kind: 'field' } as const) : made;
  const life = origin && file.contexts.signalLives.of(origin);
  if (repetition && longer && repetition.times !== 'element') {
    if (life === 'ended') return undefined;
    // What a call tries again, it tries a few times on its own signal.
    if (life === 'call' && repetition.times === 'recursion') return undefined;
    return listenerReport(file, registration, {
      rule: 'listener-outlives-owner',
      severity: 'warning',
      // What is made for one call grows no further than that call.
      confidence: life === 'call' ? 'likely' : repetitionConfidence(repetition),
      message: messageOf(registration, `every ${repetition.each} adds another \`abort\` listener to`),
      steps: repetition.steps,
    });
  }
  if (!origin || origin.kind === 'own') return undefined;
  if (life !== 'longer' && life !== 'object' && isGivenForOneCall(file.semantics, origin)) return undefined;
  if ((life === 'call' || life === 'ended') && !removesOthers(emitter, call, handler)) return undefined;
  const ending = workEnd(file.semantics, registration) ?? ownersEnd(file.semantics, registration);
  if (!ending) return undefined;
  const steps: WitnessStep[] = [];
  if (origin.declared && origin.declared.pos < call.pos)
    steps.push({ path: file.unit.path, span: spanOf(origin.declared), label: cameIn[origin.kind] });
  steps.push({ path: file.unit.path, span: lineOf(ending.node), label: ending.label });
  const isKept = origin.kind === 'field' || life === 'object';
  const found = listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    // An object that keeps a signal often lives just as long.
    confidence: (isKept && ending.kind === 'task') || isOfGivenController(emitter) ? 'possible' : 'likely',
    message: messageOf(registration, 'this `abort` listener stays when the work is done, on'),
    steps,
  });
  return {
    ...found,
    fixes: fixesOf(file.unit.path, [
      ending.kind === 'task' ? abortUsing(file, registration, ending.node) : undefined,
      removeInFinally(file, registration),
      listenUntilDone(file, registration, ending),
    ]),
  };
}

/** Who may abort is part of the work that the controller is there for. */
function isOfGivenController(emitter: ts.Expression): boolean {
  const node = strip(emitter);
  return ts.isPropertyAccessExpression(node) && /controller$/i.test(lastNameOf(node.expression) ?? '');
}

const cameIn: Readonly<Record<SignalOrigin['kind'], string>> = {
  parameter: 'the signal belongs to the caller',
  option: 'the signal belongs to the caller',
  field: 'the signal lives as long as the object',
  module: 'the signal lives as long as the module',
  own: 'the signal is made here',
};

function messageOf({ emitter, once }: Registration, start: string): Message {
  return {
    what: `${start} \`${shortText(emitter, 40)}\``,
    why: once
      ? '`once` only helps when the signal aborts: until then it keeps one closure for each piece of work, and all that they reach'
      : 'a signal that is shared and does not abort keeps one closure for each piece of work, and all that they reach',
    remedy: 'remove it in `finally`, or register with `using _ = addAbortListener(signal, …)`',
  };
}

function lineOf(node: Parameters<typeof spanOf>[0]): { readonly start: number; readonly end: number } {
  const { start, end } = spanOf(node);
  const stop = node
    .getSourceFile()
    .text.slice(start, end)
    .search(/[\r\n]/);
  return { start, end: stop < 0 ? end : start + stop };
}
