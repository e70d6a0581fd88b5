import ts from 'typescript';
import { calleeName, functionLiteral } from './syntax.ts';

/** Functions and constructors called by a bare name; `resolve` and `reject` are those of a promise's executor. */
const functions: ReadonlySet<string> = new Set([
  ...[
    'Boolean',
    'String',
    'Number',
    'Array',
    'Object',
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'WeakRef',
    'Date',
    'Symbol',
  ],
  ...['AbortController', 'EventEmitter', 'EventTarget', 'Promise', 'URLSearchParams', 'Headers', 'Proxy'],
  ...['parseInt', 'parseFloat', 'isNaN', 'isFinite', 'encodeURIComponent'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'queueMicrotask'],
  ...['resolve', 'reject', 'log', 'debug'],
]);

/** Functions of well-known objects. */
const members: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  AbortSignal: new Set(['timeout', 'any', 'abort']),
  Array: new Set(['isArray', 'of']),
  Buffer: new Set(['isBuffer', 'byteLength']),
  Date: new Set(['now', 'UTC', 'parse']),
  // Only cycles and big integers make it throw.
  JSON: new Set(['stringify']),
  Number: new Set(['isFinite', 'isInteger', 'isNaN', 'isSafeInteger', 'parseFloat', 'parseInt']),
  Object: new Set(['keys', 'values', 'entries', 'assign', 'freeze', 'is', 'hasOwn', 'create']),
  Promise: new Set(['resolve', 'reject', 'all', 'race', 'any', 'allSettled', 'withResolvers']),
  String: new Set(['fromCharCode', 'raw']),
  performance: new Set(['now', 'mark']),
  process: new Set(['hrtime', 'uptime', 'memoryUsage', 'nextTick', 'exit', 'abort']),
};

/** Objects all of whose functions are harmless. */
const harmlessObjects: ReadonlySet<string> = new Set(['console', 'Math']);

const globalObjects: ReadonlySet<string> = new Set(['globalThis', 'window', 'self', 'global']);

/** What an object that logs is called: `this.logger`, `req.log`, `requestLogger`. */
const loggerName = /^(?:log|logger|logging|winston|pino|signale|consola|debug)$|log(?:ger)?$/i;

const loggerMethods: ReadonlySet<string> = new Set([
  ...['trace', 'debug', 'verbose', 'silly', 'info', 'log', 'notice', 'warn', 'warning', 'error', 'fatal', 'critical'],
  ...['http', 'success', 'child'],
]);

/** Methods of everyday objects under names that mean the same wherever they occur. */
const methods: ReadonlySet<string> = new Set([
  // Array
  ...['push', 'pop', 'shift', 'unshift', 'slice', 'splice', 'concat', 'join', 'reverse', 'includes', 'indexOf', 'at'],
  ...['lastIndexOf', 'flat', 'fill', 'toReversed', 'keys', 'values', 'entries'],
  // Map, Set
  ...['has'],
  // String, RegExp
  ...['charAt', 'charCodeAt', 'codePointAt', 'endsWith', 'startsWith', 'padEnd', 'padStart', 'split', 'substring'],
  ...['substr', 'toLowerCase', 'toUpperCase', 'toLocaleLowerCase', 'toLocaleUpperCase', 'trim', 'trimEnd', 'trimStart'],
  ...['localeCompare', 'replace', 'replaceAll', 'match', 'matchAll', 'test'],
  // Date, Number, Object, Function
  ...['getTime', 'getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes', 'getSeconds'],
  ...['toFixed', 'toString', 'valueOf', 'hasOwnProperty', 'bind'],
  // Events, timers, abort
  ...['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'prependListener'],
  ...['addEventListener', 'removeEventListener', 'listenerCount', 'ref', 'unref', 'abort'],
]);

/** Methods of Map and Set whose names databases and configurations share: harmless on receivers with such names only. */
const collectionMethods: ReadonlySet<string> = new Set(['get', 'set', 'add', 'delete', 'clear']);
const collectionName =
  /(?:map|set|cache|registry|lookup|index|seen|visited|pending|active|headers|params|by[A-Z]\w*)s?$/i;

/** Array methods: they throw what their callback throws, and a literal callback is asked itself. */
const iterators: ReadonlySet<string> = new Set([
  ...['forEach', 'map', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flatMap'],
  ...['reduce', 'reduceRight', 'sort', 'toSorted'],
]);

/** Template tags that only put text together. */
const tags: ReadonlySet<string> = new Set(['gql', 'graphql', 'html', 'css', 'dedent', 'raw']);

/**
 * Whether a call, `new`, tagged template, `import()` or handler may throw, judged by names alone: everything may, except
 * what the lists of this file know to be harmless.
 */
export function mayThrow(node: ts.Node): boolean {
  if (ts.isTaggedTemplateExpression(node)) return !tags.has(calleeName(node.tag)?.name ?? '');
  if (ts.isNewExpression(node)) {
    const name = calleeName(node.expression)?.name;
    return name === undefined || !(functions.has(name) || name.endsWith('Error'));
  }
  if (ts.isCallExpression(node)) return functionLiteral(node.expression) === undefined && !isHarmlessCall(node);
  return !isHarmlessFunction(node as ts.Expression);
}

function isHarmlessCall(node: ts.CallExpression): boolean {
  const name = calleeName(node.expression);
  const [first] = node.arguments;
  if (name?.isMember && iterators.has(name.name)) return first !== undefined && functionLiteral(first) !== undefined;
  return isHarmlessFunction(node.expression);
}

function isHarmlessFunction(node: ts.Expression): boolean {
  const callee = calleeName(node);
  if (callee === undefined) return false;
  const { name, receiver, isMember } = callee;
  if (!isMember || (receiver !== undefined && globalObjects.has(receiver))) return functions.has(name);
  if (methods.has(name)) return true;
  if (receiver === undefined) return false;
  return (
    harmlessObjects.has(receiver) ||
    (Object.hasOwn(members, receiver) && members[receiver]?.has(name)) ||
    (loggerName.test(receiver) && loggerMethods.has(name)) ||
    (collectionName.test(receiver) && collectionMethods.has(name))
  );
}
