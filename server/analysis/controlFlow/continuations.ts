import ts from 'typescript';
import type { FlowPolicy, Inlining } from './graph.ts';
import { mayThrow } from './nonThrowing.ts';
import { type CalleeName, calleeName, type FunctionLiteral, functionLiteral, stripTransparent } from './syntax.ts';

/** Methods that call a literal first argument once per element before they return. */
const eachMethods: ReadonlySet<string> = new Set([
  ...['forEach', 'map', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flatMap'],
  ...['reduce', 'reduceRight', 'sort', 'toSorted'],
]);

const promiseConstructors: ReadonlySet<string> = new Set(['Promise', 'Bluebird']);

/** `err`, `error`, `_err`, `err2`, `connectError` — the first parameter of a node-style continuation. */
const errorParameter =
  /^_*(?:er|err|error|ex|exception|failure|problem|reason)\d*_*$|^_*err[A-Z_]\w*$|^[a-z]\w*Err(?:or)?$/;

/** Names that are an error as often as an event: they count only beside another parameter or argument. */
const ambiguousErrorParameter = /^_*e\d*$/;

/** Functions that keep the literal and call it any number of times or never. */
const registrations: ReadonlySet<string> = new Set([
  // Events
  ...['on', 'once', 'off', 'addListener', 'prependListener', 'prependOnceListener', 'removeListener'],
  ...['addEventListener', 'removeEventListener', 'subscribe', 'watch', 'listenTo', 'hook', 'intercept'],
  // Timers and queues: the literal runs later, on a stack of its own
  ...['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask', 'requestAnimationFrame', 'defer'],
  // Error handlers of frameworks and of observable, result and promise libraries
  ...['use', 'setErrorHandler', 'catchError', 'retryWhen', 'tap', 'mapErr', 'mapError', 'orElse', 'match', 'fold'],
  ...['catch', 'then', 'finally', 'recover', 'fail', 'always', 'filter', 'map', 'each', 'register'],
  // Tests
  ...['it', 'test', 'describe', 'before', 'after', 'beforeEach', 'afterEach', 'beforeAll', 'afterAll', 'fn'],
  ...['mockImplementation', 'mockImplementationOnce', 'callsFake', 'rejects', 'throws', 'doesNotThrow'],
]);

/** `onError(…)`, `useEffect(…)`. */
const registrationName = /^(?:on|use)[A-Z]/;

/** Collection libraries, whose literals are run per element or later. */
const collectionLibraries: ReadonlySet<string> = new Set(['_', 'lodash', 'R', 'ramda', 'jQuery', '$']);

/** Parameters that mark a request handler or middleware. */
const requestParameter = /^_?(?:req|request|res|response|reply|ctx)$/;

/** How a function literal runs, judged by the syntax of the call alone. */
export function inlining(call: ts.CallExpression | ts.NewExpression, literal: FunctionLiteral): Inlining | undefined {
  if (literal.asteriskToken) return undefined;
  const index = call.arguments?.findIndex((argument) => functionLiteral(argument) === literal) ?? -1;
  if (ts.isNewExpression(call)) {
    const name = ts.isIdentifier(call.expression) ? call.expression.text : '';
    return index === 0 && promiseConstructors.has(name) ? 'executor' : undefined;
  }
  if (index < 0) return 'iife';
  const callee = calleeName(call.expression);
  if (callee === undefined) return undefined;
  return (
    (callee.isMember ? chainInlining(callee.name, index) : undefined) ??
    (callee.isMember && index === 0 && eachMethods.has(callee.name) ? 'each' : undefined) ??
    (callee.receiver === 'Array' && callee.name === 'from' && index === 1 ? 'each' : undefined) ??
    (isNodeStyle(call, literal, callee) ? 'callback' : undefined)
  );
}

function chainInlining(name: string, index: number): Inlining | undefined {
  if (name === 'then') return (['then', 'rejected'] as const)[index];
  return index === 0 && (name === 'catch' || name === 'finally') ? name : undefined;
}

function isNodeStyle(call: ts.CallExpression, literal: FunctionLiteral, callee: CalleeName): boolean {
  const [first] = literal.parameters;
  const last = call.arguments.at(-1);
  if (!first || !ts.isIdentifier(first.name) || !last || functionLiteral(last) !== literal) return false;
  if (registrations.has(callee.name) || registrationName.test(callee.name)) return false;
  if (callee.receiver !== undefined && collectionLibraries.has(callee.receiver)) return false;
  if (literal.parameters.some((parameter) => requestParameter.test(parameterName(parameter)))) return false;
  const name = first.name.text;
  if (errorParameter.test(name)) return true;
  if (!ambiguousErrorParameter.test(name)) return false;
  return literal.parameters.length > 1 || call.arguments.length > 1 || testsFirst(literal, name);
}

/** `(e) => { if (e) …`: what is asked first of the parameter is whether it is there. */
function testsFirst({ body }: FunctionLiteral, name: string): boolean {
  const [statement] = ts.isBlock(body) ? body.statements : [];
  return (
    statement !== undefined &&
    ts.isIfStatement(statement) &&
    ts.isIdentifier(statement.expression) &&
    statement.expression.text === name
  );
}

function parameterName(parameter: ts.ParameterDeclaration): string {
  return ts.isIdentifier(parameter.name) ? parameter.name.text : '';
}

/** Calls that end the process. */
const halting: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  process: new Set(['exit', 'abort', 'reallyExit']),
  Deno: new Set(['exit']),
};

/** Functions that always throw, by their usual names. */
const throwing: ReadonlySet<string> = new Set(['assertNever', 'assertUnreachable', 'unreachable', 'exhaustiveCheck']);

function halts(call: ts.CallExpression): boolean {
  const callee = stripTransparent(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression)) return false;
  const object = callee.expression.text;
  return Object.hasOwn(halting, object) && (halting[object]?.has(callee.name.text) ?? false);
}

function neverReturns(call: ts.CallExpression): boolean {
  const callee = calleeName(call.expression);
  if (callee === undefined) return false;
  return callee.isMember ? callee.receiver === 'assert' && callee.name === 'fail' : throwing.has(callee.name);
}

/** What can be said without facts about declarations. */
export const defaultPolicy: FlowPolicy = { mayThrow, halts, neverReturns, inlining };
