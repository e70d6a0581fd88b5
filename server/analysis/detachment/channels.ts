import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence } from '../finding.ts';
import { channelEnd, channelName, endlessIterators } from '../resources/channels.ts';
import { memberKinds, walkKinds } from '../syntax/nodes.ts';
import { strip } from '../syntax/tree.ts';
import { asyncRootOf, callsOf, custodyOf } from './detachment.ts';
import { bodyOf } from './endlessLoops.ts';
import { originOf } from './origins.ts';
import { type Frequency, frequencyOf, isRepeated } from './repetition.ts';

/** A `for await` over something that never ends by itself and that nobody ends. */
export interface ForgottenChannel {
  readonly loop: ts.ForOfStatement;
  /** What it waits for, in the words of a message. */
  readonly source: string;
  readonly takesSignal: { readonly call: ts.CallExpression; readonly index: number } | undefined;
  readonly frequency: Frequency;
  readonly start: ts.CallExpression | undefined;
  readonly confidence: Confidence;
}

export function forgottenChannel(loop: ts.IterationStatement, file: FileAnalysis): ForgottenChannel | undefined {
  if (!ts.isForOfStatement(loop) || !loop.awaitModifier || bodyOf(loop).leaves) return undefined;
  const root = asyncRootOf(loop);
  const source = strip(loop.expression);
  if (!root) return undefined;
  const calls = callsOf(root, file) ?? [];
  const start = calls.find((call) => custodyOf(call).kind === 'detached');
  const frequency = frequencyOf(file, start ?? loop);
  if (frequency === 'once') return undefined;
  if (ts.isCallExpression(source)) {
    const origin = originOf(source.expression, file.unit);
    const key = `${origin?.module ?? ''}.${origin?.name ?? ''}`;
    const iterator = Object.hasOwn(endlessIterators, key) ? endlessIterators[key] : undefined;
    if (!iterator || !lacksOption(source, iterator.index)) return undefined;
    // What listens to the process lives as long as the process.
    if (source.arguments[0]?.getText() === 'process') return undefined;
    const confidence = isRepeated(frequency) ? 'proven' : 'likely';
    return {
      loop,
      source: iterator.source,
      takesSignal: { call: source, index: iterator.index },
      frequency,
      start,
      confidence,
    };
  }
  if (!start || !channelName.test(source.getText()) || isEnded(source, file)) return undefined;
  const text = source.getText();
  return {
    loop,
    source: `\`${text}\`, which nobody closes`,
    takesSignal: undefined,
    frequency,
    start,
    confidence: 'possible',
  };
}

function lacksOption({ arguments: args }: ts.CallExpression, index: number): boolean {
  const argument = args[index];
  if (!argument) return !args.some(ts.isSpreadElement);
  const object = strip(argument);
  return (
    ts.isObjectLiteralExpression(object) &&
    object.properties.every((p) => !ts.isSpreadAssignment(p) && !/^(?:signal|close)$/.test(p.name?.getText() ?? ''))
  );
}

/** Whether the file closes what is iterated. */
function isEnded(source: ts.Expression, { unit }: FileAnalysis): boolean {
  const last = source.getText().split('.').at(-1);
  let ended = false;
  walkKinds(unit.file, memberKinds, (node) => {
    if (ended || !ts.isPropertyAccessExpression(node) || !channelEnd.test(node.name.text)) return;
    ended = node.expression.getText().split('.').at(-1) === last;
  });
  return ended;
}
