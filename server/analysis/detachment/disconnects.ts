import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence } from '../finding.ts';
import { longWait } from '../resources/abortable.ts';
import { type HandlerShape, handlerShapes, hearsOfLeaving, webStreams } from '../resources/requests.ts';
import { functionKinds, walkKinds } from '../syntax/nodes.ts';
import { initialOf } from '../syntax/scopes.ts';
import { calleeName, enclosingRoot, strip, walkFunction } from '../syntax/tree.ts';
import { longestWait } from './durations.ts';

/** A request handler whose work goes on when nobody is there any more to receive the result. */
export interface DeafHandler {
  readonly handler: ts.FunctionLikeDeclaration;
  /** The loop that writes. */
  readonly loop: ts.Node | undefined;
  /** The work that does not hear of it. */
  readonly work: ts.Node;
  /** The Node response, as code writes it; empty where the handler returns a stream of the Web. */
  readonly response: string;
  readonly kind: 'stream' | 'wait';
  /** `for up to 600 s` */
  readonly text: string | undefined;
  readonly confidence: Confidence;
}

/** The handler as the runtime calls it, if it does not look whether anybody is there. */
export function deafHandler(fn: ts.FunctionLikeDeclaration, file: FileAnalysis): DeafHandler | undefined {
  if (!fn.body) return undefined;
  const taken = responseOf(fn);
  const mayStream = !taken && [...webStreams].some((name) => file.unit.mentions(name));
  const web = mayStream ? streamMadeIn(fn.body) : undefined;
  if ((!taken && !web) || hearsOfLeaving.test(fn.body.getText())) return undefined;
  const loop = taken ? streamingLoop(fn.body, taken.name, taken.shape.writes) : web && queueingLoop(web);
  if (!loop && !taken) return undefined;
  const wait = loop ? undefined : longestWait(fn, file.semantics);
  if (!loop && (!wait || wait.ms < longWait)) return undefined;
  // Last, for whoever calls the function has to be found.
  if (file.contexts.repeated.of(fn.body)?.times !== 'request') return undefined;
  const handler: Heard = {
    handler: fn,
    confidence: 'likely',
    response: taken?.response ?? '',
    kind: 'stream',
    text: undefined,
  };
  if (loop) return { ...handler, work: sourceOf(loop, file) ?? loop, loop };
  // How long the work takes nobody knows: a wait is mostly the longest that it may, and is over before.
  return (
    wait && { ...handler, confidence: 'possible', work: wait.node, loop: undefined, kind: 'wait', text: wait.text }
  );
}

type Heard = Omit<DeafHandler, 'work' | 'loop'>;

/** The parameter through which a handler writes, by the frameworks' usual names. */
function responseOf({
  parameters,
}: ts.FunctionLikeDeclaration):
  | { readonly name: string; readonly response: string; readonly shape: HandlerShape }
  | undefined {
  for (const [index, { name }] of parameters.entries()) {
    if (!ts.isIdentifier(name)) continue;
    const shape = handlerShapes.find(({ parameter }) => parameter.test(name.text));
    // A first parameter called `stream` is what a function reads.
    if (!shape || (shape.response === '' && index === 0)) continue;
    return { name: name.text, response: `${name.text}${shape.response}`, shape };
  }
  return undefined;
}

/** `new ReadableStream({ async start(controller) { … } })` without a `cancel`. */
function streamMadeIn(body: ts.Node): ts.ObjectLiteralExpression | undefined {
  let found: ts.ObjectLiteralExpression | undefined;
  walkFunction(body, (node) => {
    if (found || !ts.isNewExpression(node) || !webStreams.has(node.expression.getText())) return;
    const source = node.arguments?.[0] && strip(node.arguments[0]);
    if (source && ts.isObjectLiteralExpression(source)) found = source;
  });
  return found;
}

/** The loop of `start` that waits and enqueues in each turn. */
function queueingLoop(source: ts.ObjectLiteralExpression): ts.Node | undefined {
  for (const member of source.properties) {
    if (member.name?.getText() !== 'start') continue;
    const fn = ts.isPropertyAssignment(member) ? strip(member.initializer) : member;
    const parameter = ts.isFunctionLike(fn) ? fn.parameters[0]?.name.getText() : undefined;
    const body = 'body' in fn ? (fn as ts.FunctionLikeDeclaration).body : undefined;
    if (body && parameter !== undefined) return streamingLoop(body, parameter, /^enqueue$/);
  }
  return undefined;
}

/** The call whose results a loop passes on: that is what ought to be aborted. */
function sourceOf(loop: ts.Node, { unit }: FileAnalysis): ts.Node | undefined {
  if (!ts.isForOfStatement(loop)) return undefined;
  let source = strip(loop.expression);
  for (let next = receiverOf(source); next; next = receiverOf(source)) source = next;
  const initial = ts.isIdentifier(source) ? initialOf(unit.scopes.bindingOf(source)) : undefined;
  if (!initial) return undefined;
  const made = ts.isAwaitExpression(initial) ? strip(initial.expression) : initial;
  return ts.isCallExpression(made) && enclosingRoot(made) === enclosingRoot(loop) ? made : undefined;
}

/** `stream` of `stream.toReadableStream()`. */
function receiverOf(node: ts.Expression): ts.Identifier | undefined {
  const callee = ts.isCallExpression(node) ? strip(node.expression) : undefined;
  const object = callee && ts.isPropertyAccessExpression(callee) ? strip(callee.expression) : undefined;
  return object && ts.isIdentifier(object) ? object : undefined;
}

/** A loop that waits and writes to the response in each turn. */
function streamingLoop(body: ts.Node, response: string, writing: RegExp): ts.Node | undefined {
  let found: ts.Node | undefined;
  walkFunction(body, (node) => {
    if (found || !ts.isIterationStatement(node, false)) return;
    let waits = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
    let writes = false;
    walkFunction(node.statement, (inner) => {
      if (ts.isAwaitExpression(inner)) waits = true;
      if (ts.isCallExpression(inner) && writing.test(calleeName(inner)?.text ?? '')) {
        const callee = strip(inner.expression);
        writes ||= ts.isPropertyAccessExpression(callee) && callee.expression.getText().split('.')[0] === response;
      }
    });
    if (waits && writes) found = node;
  });
  return found;
}

/** The functions of a file, of which any may be a handler. */
export function handlersIn(file: FileAnalysis): readonly ts.FunctionLikeDeclaration[] {
  const found: ts.FunctionLikeDeclaration[] = [];
  walkKinds(file.unit.file, functionKinds, (node) => {
    if ((node as ts.FunctionLikeDeclaration).body) found.push(node as ts.FunctionLikeDeclaration);
  });
  return found;
}
