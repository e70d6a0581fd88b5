import ts from 'typescript';
import { usesOf } from '../contexts/callSites.ts';
import { callsInClass } from '../contexts/ownCalls.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, enclosingRoot, functionName, isFunctionLiteral, strip, unstrip, walk } from '../syntax/tree.ts';
import type { Call } from './sites.ts';

/** `timedQuery` only measures, and `trace` only tells. */
const limiting = /timed?-?_?out|\btimed$|deadline|(?<![btg])race|expir|abortable|cancel/i;
/** These put off what they are given, and then let it run for as long as it takes. */
const delaying = /^set(?:Timeout|Interval|Immediate)$/;
/** Helpers that call what they are given and wait for it, at most as long as their options say. */
const attempting = /wait|until|poll|attempt|enqueue|^add$|schedule|^run/i;
/** Not the limits of a retry (`maxRetryTime`): those are only looked at when an attempt has failed. */
const limitNames = /^(?:timeout|timeoutMs|timeoutInMs|timeoutMillis|deadline|maxWait(?:Ms|Time)?)$/i;
const switchedOff = /^(?:0|null|undefined|false|Infinity|Number\.POSITIVE_INFINITY)$/;
const streaming =
  /event-?(?:stream|source)|\/events?\/stream\b|\/sse\b|[?&]watch=(?:true|1)\b|\bstream: ?(?:true|!0)\b|\bstream\b\s*[,}]|ndjson/i;

/** How many functions outward a race is looked for. */
const maxDepth = 3;

/**
 * Whether the wait is raced against something, or handed to a function that limits it. Whoever waits is let go then;
 * that the work itself goes on is another rule's business.
 */
export function isRaced(semantics: Semantics, call: Call): boolean {
  return raced(semantics, call, 0);
}

function raced(semantics: Semantics, expression: ts.Expression, depth: number): boolean {
  if (depth > maxDepth) return false;
  const node = chained(expression);
  return isLimited(semantics, node) ?? functionRaced(semantics, node, depth);
}

/** Whether the very value is raced, or handed to a function that limits it; `undefined` when it goes elsewhere. */
function isLimited(semantics: Semantics, node: ts.Expression): boolean | undefined {
  const { parent } = node;
  if (ts.isArrayLiteralExpression(parent) && ts.isCallExpression(unstrip(parent).parent))
    return calleeName(unstrip(parent).parent as ts.CallExpression)?.text === 'race';
  if (ts.isCallExpression(parent) && parent.arguments.includes(node)) return limits(semantics, parent);
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const binding = semantics.program.unitOf(parent).scopes.bindingOf(parent.name);
    return binding?.references.some((reference) => isLimited(semantics, chained(reference)) ?? false) || undefined;
  }
  return undefined;
}

/** The function around the wait is itself what is limited: `withTimeout(() => fetch(url), 5000)`. */
function functionRaced(semantics: Semantics, node: ts.Node, depth: number): boolean {
  const fn = enclosingRoot(node);
  if (isFunctionLiteral(fn)) {
    const outer = unstrip(fn);
    const { parent } = outer;
    if (ts.isCallExpression(parent) && parent.arguments.includes(outer)) return limits(semantics, parent);
    // `(async () => { … })()` as an element of a race.
    if (ts.isCallExpression(parent) && parent.expression === outer) return raced(semantics, parent, depth + 1);
  }
  if (!ts.isFunctionLike(fn)) return false;
  const { uses, open } = usesOf(semantics, fn as ts.FunctionLikeDeclaration, false);
  if (open && ts.isMethodDeclaration(fn)) {
    const calls = callsInClass(semantics, fn) ?? [];
    return calls.length > 0 && calls.every((call) => raced(semantics, call, depth + 1));
  }
  if (open || uses.length === 0) return false;
  return uses.every((use) => {
    if (use.kind === 'call') return raced(semantics, use.call, depth + 1);
    const { parent } = use.node;
    return ts.isCallExpression(parent) && parent.arguments.includes(use.node) && limits(semantics, parent);
  });
}

/** The end of a chain of `.then()`, `.catch()` and `.finally()`: it settles with the wait. */
function chained(expression: ts.Expression): ts.Expression {
  let node = unstrip(expression);
  for (;;) {
    const access = node.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== node) return node;
    if (!/^(?:then|catch|finally|json|text|arrayBuffer|blob|pipe)$/.test(access.name.text)) return node;
    if (!ts.isCallExpression(access.parent)) return node;
    node = unstrip(access.parent);
  }
}

/** Whether a function bounds what it is given: its name says so, or it starts a timer. */
function limits(semantics: Semantics, call: ts.CallExpression): boolean {
  const callee = strip(call.expression);
  const name = calleeName(call)?.text ?? callee.getText();
  if (delaying.test(name)) return false;
  if (limiting.test(name) || (attempting.test(name) && call.arguments.some(hasLimit))) return true;
  const body = semantics.targets.resolve(call)?.function?.body;
  let timed = false;
  if (body) {
    walk(body, (node) => {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      const text = node.expression.getText();
      if (/^(?:Promise\.race|AbortSignal\.timeout|setTimeout)$/.test(text)) timed = true;
    });
  }
  return timed;
}

/** `{ timeout: { milliseconds } }`: an option that limits what the helper is given, unless it is switched off. */
function hasLimit(argument: ts.Expression): boolean {
  const options = strip(argument);
  if (!ts.isObjectLiteralExpression(options)) return false;
  return options.properties.some((property) => {
    if (!property.name || !limitNames.test(property.name.getText())) return false;
    if (ts.isShorthandPropertyAssignment(property)) return true;
    return ts.isPropertyAssignment(property) && !switchedOff.test(property.initializer.getText());
  });
}

/** What asks for events, in the options or in the headers that are put together before. */
const asksForEvents = /\baccept['"]?\]?\s*[:=,]\s*['"`][^'"`]*text\/event-stream/i;
/** What a client of such a stream, or the part of it that connects, is called. */
const eventClient =
  /(?:^|[a-z_])(?:Event-?(?:Source|Stream)|Server-?Sent-?Events?|SSE)|^(?:sse|event(?:source|stream))/;

/** Whether the answer is a stream of events that is meant to last: one deadline for all of it would cut it off. */
export function isStreaming(call: Call, optionNodes: readonly ts.Node[]): boolean {
  if ([call, ...optionNodes].some((node) => streaming.test(node.getText()))) return true;
  const root = enclosingRoot(call);
  const owner = ts.findAncestor(call, ts.isClassLike);
  const names = [ts.isFunctionLike(root) ? functionName(root) : undefined, owner?.name?.text];
  if (names.some((name) => name !== undefined && eventClient.test(name))) return true;
  return !ts.isSourceFile(root) && asksForEvents.test(root.getText());
}
