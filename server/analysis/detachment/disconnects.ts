import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence } from '../finding.ts';
import { longWait } from '../resources/abortable.ts';
import { calleeName, enclosingRoot, isFunctionLiteral, isRoot, strip, walkFunction } from '../syntax/tree.ts';
import { longestWait } from './durations.ts';

/** A request handler whose work goes on when nobody is there any more to receive the result. */
export interface DeafHandler {
  readonly handler: ts.FunctionLikeDeclaration;
  /** The work that does not hear of it. */
  readonly work: ts.Node;
  readonly response: string;
  readonly kind: 'stream' | 'wait';
  /** `for up to 600 s` */
  readonly text: string | undefined;
  readonly confidence: Confidence;
}

/** Everything by which a handler may learn that the client left. */
const hears =
  /signal|abort|['"`](?:close|aborted|finish|error|disconnect)['"`]|onclose|onabort|writableEnded|writableFinished|\.destroyed|\.closed\b|headersSent|pipeline|finished\s*\(|onDisconnect|connection/i;

const responseName = /^_?(?:res|response|reply|rep|stream)$/;

export function deafHandler(fn: ts.FunctionLikeDeclaration, file: FileAnalysis): DeafHandler | undefined {
  const [, second] = fn.parameters;
  if (!fn.body || !second || !ts.isIdentifier(second.name) || !responseName.test(second.name.text)) return undefined;
  const repetition = file.contexts.repeated.of(fn.body);
  if (repetition?.times !== 'request' || hears.test(fn.body.getText())) return undefined;
  const response = second.name.text;
  const stream = streamingLoop(fn.body, response);
  if (stream)
    return {
      handler: fn,
      work: sourceOf(stream, file) ?? stream,
      response,
      kind: 'stream',
      text: undefined,
      confidence: 'likely',
    };
  const wait = longestWait(fn, file.semantics);
  if (!wait || wait.ms < longWait) return undefined;
  return { handler: fn, work: wait.node, response, kind: 'wait', text: wait.text, confidence: 'likely' };
}

/** The call whose results a loop passes on: that is what ought to be aborted. */
function sourceOf(loop: ts.Node, { unit }: FileAnalysis): ts.Node | undefined {
  if (!ts.isForOfStatement(loop)) return undefined;
  let source = strip(loop.expression);
  for (let next = receiverOf(source); next; next = receiverOf(source)) source = next;
  const binding = ts.isIdentifier(source) ? unit.scopes.bindingOf(source) : undefined;
  const declaration = binding?.declarations[0]?.parent;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
  const initial = strip(declaration.initializer);
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
function streamingLoop(body: ts.Node, response: string): ts.Node | undefined {
  let found: ts.Node | undefined;
  walkFunction(body, (node) => {
    if (found || !ts.isIterationStatement(node, false)) return;
    let waits = ts.isForOfStatement(node) && node.awaitModifier !== undefined;
    let writes = false;
    walkFunction(node.statement, (inner) => {
      if (ts.isAwaitExpression(inner)) waits = true;
      if (ts.isCallExpression(inner) && calleeName(inner)?.text === 'write') {
        const callee = strip(inner.expression);
        writes ||= ts.isPropertyAccessExpression(callee) && callee.expression.getText().split('.')[0] === response;
      }
    });
    if (waits && writes) found = node;
  });
  return found;
}

/** The functions of a file that take a request and a response. */
export function handlersIn(file: FileAnalysis): readonly ts.FunctionLikeDeclaration[] {
  const found: ts.FunctionLikeDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    const isFunction =
      isFunctionLiteral(node) || (isRoot(node) && !ts.isSourceFile(node) && !ts.isClassStaticBlockDeclaration(node));
    if (isFunction && (node as ts.FunctionLikeDeclaration).parameters.length >= 2)
      found.push(node as ts.FunctionLikeDeclaration);
    ts.forEachChild(node, visit);
  };
  visit(file.unit.file);
  return found;
}
