import ts from 'typescript';
import { importersOf, pathsBeside } from '../contexts/importers.ts';
import { isTestFile } from '../contexts/places.ts';
import { isOffered } from '../semantics/exposure.ts';
import { tokenAt } from '../semantics/occurrences.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { TextTest } from '../syntax/program.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  isFunctionLiteral,
  qualifiedName,
  strip,
  unstrip,
} from '../syntax/tree.ts';

/** Whether a method that ends an object is only called where the process ends next: `await server.stop(); process.exit()`. */
export function endsWithProcess(end: ts.Node, semantics: Semantics): boolean {
  return isCalledAtEnd(end.parent, semantics, 0);
}

/** At most this many functions lie between what ends the process and what ends the object. */
const furthest = 3;

/** Whether somebody calls a function, and the process ends behind each of the calls. Calls that it may be are left out. */
function isCalledAtEnd(fn: ts.Node, semantics: Semantics, depth: number): boolean {
  const isNamed = ts.isMethodDeclaration(fn) || ts.isFunctionDeclaration(fn) || isFunctionLiteral(fn);
  const uses = isNamed && depth < furthest ? semantics.references.usesOf(fn) : 'unknown';
  if (uses === 'unknown') return false;
  const all = uses.calls.filter(({ call }) => !isInTest(call, semantics));
  const known = all.filter(({ certain }) => certain);
  // Where nobody calls it for certain, the files that import its own do.
  const importing = (): readonly string[] => importersOf(semantics.program.host, fn.getSourceFile().fileName).others;
  const calls =
    known.length > 0 || all.length === 0 ? known : all.filter(({ unit }) => importing().includes(unit.path));
  const values = uses.values.filter(({ certain }) => certain);
  if (depth > 0 && values.some(({ token }) => !isLastListener(token))) return false;
  return (
    calls.length + (depth > 0 ? values.length : 0) > 0 && calls.every(({ call }) => isAtEnd(call, semantics, depth))
  );
}

/**
 * Whether the process ends behind a call: it exits, the call stands in a listener of its end, or in a function that is
 * called only so.
 */
export function isAtEnd(call: ts.Node, semantics: Semantics, depth = 0): boolean {
  const { text } = call.getSourceFile();
  if (exitsAfter(call, text)) return true;
  for (let current = call; !ts.isSourceFile(current); current = current.parent) {
    if (isFunctionLiteral(current) && isLastListener(current)) return true;
  }
  return isCalledAtEnd(rootAround(call), semantics, depth + 1);
}

/** Whether the code around a node runs only when the process was told to end, and does: it is reached from a listener of that. */
export function isOnlyAtEnd(node: ts.Node, semantics: Semantics): boolean {
  const root = rootAround(node);
  if (ts.isSourceFile(root)) return false;
  return isLastListener(root) || isHeardAtEnd(root, semantics) || isCalledWhereHeard(root, semantics, 1);
}

/** Whether a failure that nobody handles ends a process that was told to end: no other listener keeps it from that. */
export function isFatalAtEnd(node: ts.Node, semantics: Semantics): boolean {
  const root = rootAround(node);
  if (ts.isSourceFile(root)) return false;
  const uses =
    ts.isFunctionDeclaration(root) || isFunctionLiteral(root) ? semantics.references.usesOf(root) : 'unknown';
  const listeners = uses === 'unknown' || uses.calls.length > 0 ? [] : uses.values.map(({ token }) => token);
  if (!isEndListener(root) && !(listeners.length > 0 && listeners.every(isEndListener))) return false;
  const file = node.getSourceFile();
  const beside = pathsBeside(semantics.program.host, file.fileName, rejection);
  return beside?.length === 0 && !file.text.includes(rejection);
}

const rejection = 'unhandledRejection';

const isEndListener = (fn: ts.Node): boolean => requests.test(eventOf(fn) ?? '');

/** Whether every call of a function stands in a listener of the end. */
function isCalledWhereHeard(fn: ts.Node, semantics: Semantics, depth: number): boolean {
  const isNamed = ts.isMethodDeclaration(fn) || ts.isFunctionDeclaration(fn) || isFunctionLiteral(fn);
  const uses = isNamed && depth < furthest ? semantics.references.usesOf(fn) : 'unknown';
  if (uses === 'unknown' || uses.values.length > 0) return false;
  const calls = uses.calls.filter(({ call }) => !isInTest(call, semantics));
  return (
    calls.length > 0 &&
    calls.every(({ call }) => {
      const root = rootAround(call);
      if (ts.isSourceFile(root)) return false;
      return isHeardAtEnd(root, semantics) || isCalledWhereHeard(root, semantics, depth + 1);
    })
  );
}

function isHeardAtEnd(fn: ts.Node, semantics: Semantics): boolean {
  if (isLastListener(fn) || isRunAtEnd(fn, semantics)) return true;
  const isNamed = ts.isFunctionDeclaration(fn) || isFunctionLiteral(fn);
  const uses = isNamed ? semantics.references.usesOf(fn) : 'unknown';
  return (
    uses !== 'unknown' &&
    uses.values.length > 0 &&
    uses.calls.length === 0 &&
    uses.values.every(({ token }) => isLastListener(token) || isRunAtEnd(token, semantics))
  );
}

/** `onExit(cleanUp)`: whether a function is given to one of the project that runs it and then ends the process. */
function isRunAtEnd(given: ts.Node, semantics: Semantics): boolean {
  const whole = unstrip(given as ts.Expression);
  const { parent: call } = whole;
  const index = ts.isCallExpression(call) ? call.arguments.indexOf(whole) : -1;
  const target = index < 0 ? undefined : semantics.targets.resolve(call as ts.CallExpression, exiting)?.function;
  const name = target?.parameters[index]?.name;
  const binding = name && ts.isIdentifier(name) ? semantics.program.unitOf(name).scopes.bindingOf(name) : undefined;
  const runs = binding?.references.filter((it) => it !== name).map((it) => unstrip(it).parent) ?? [];
  return runs.length > 0 && runs.every((run) => ts.isCallExpression(run) && (exitsThen(run) || isBeforeExit(run)));
}

const exiting: TextTest = { text: (text) => /\bprocess\.exit\b/.test(text) };

/** What is heard when the process ends whatever the listener does, and when it is asked to. */
const endings = /^(?:exit|uncaughtException|unhandledRejection)$/;
const requests = /^(?:SIG[A-Z]+|shutdown|beforeExit)$/;

/** `process.on('SIGTERM', stop)` in a file that also exits: without, the process lives as long as its timers. */
function isLastListener(fn: ts.Node): boolean {
  const event = eventOf(fn) ?? '';
  return endings.test(event) || (requests.test(event) && /\bprocess\.(?:exit|kill)\s*\(/.test(fn.getSourceFile().text));
}

/** The event of the process that a function listens to. */
function eventOf(fn: ts.Node): string | undefined {
  const { parent } = unstrip(fn as ts.Expression);
  if (!ts.isCallExpression(parent) || !/^process\b/.test(parent.expression.getText())) return undefined;
  const [event] = parent.arguments;
  return event && event !== fn && ts.isStringLiteralLike(event) ? event.text : undefined;
}

/** Whether only tests call a method that ends an object, as far as the project shows: the program ends by other means. */
export function isOnlyForTests(end: ts.Node, semantics: Semantics): boolean {
  const { parent } = end;
  const isField = ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  return isTestedOnly(isField && parent.initializer ? strip(parent.initializer) : parent, semantics, 0);
}

/** The same of a function, over others that only tests call. */
function isTestedOnly(fn: ts.Node, semantics: Semantics, depth: number): boolean {
  const isNamed = ts.isMethodDeclaration(fn) || ts.isFunctionDeclaration(fn) || isFunctionLiteral(fn);
  const uses = isNamed && depth < furthest ? semantics.references.usesOf(fn) : 'unknown';
  if (uses === 'unknown' || uses.values.length > 0) return false;
  const { program } = semantics;
  let isTested = false;
  const isAside = ({ call, certain }: (typeof uses.calls)[number]): boolean => {
    if (isInTest(call, semantics)) {
      isTested ||= certain || importersOf(program.host, pathOf(fn)).tests.includes(pathOf(call));
      return true;
    }
    if (!certain && isElsewhere(call, fn, semantics)) return true;
    const isForTests = isTestedOnly(rootAround(call), semantics, depth + 1);
    isTested ||= isForTests;
    return isForTests;
  };
  return uses.calls.every(isAside) && isTested && !isOffered(program, program.unitOf(fn));
}

/** Whether a call that may mean any object of that kind stands in a file that does not import the one of the method. */
function isElsewhere(call: ts.Node, end: ts.Node, { program: { host } }: Semantics): boolean {
  return !importersOf(host, pathOf(end)).others.includes(pathOf(call));
}

const pathOf = (node: ts.Node): string => node.getSourceFile().fileName;

/** Whether a node stands in a test of its package. */
export function isInTest(node: ts.Node, { program: { host } }: Semantics): boolean {
  return isTestFile(host, node.getSourceFile().fileName);
}

function exitsAfter(call: ts.Node, text: string): boolean {
  const root = rootAround(call);
  for (const { index } of text.matchAll(/\bprocess\.exit\s*\(/g)) {
    if (index > call.end && index < root.end && contains(root, call)) return true;
  }
  return false;
}

/** The function that runs a node, with the promises that it makes and what it does for each: `hosts.map((host) => host.stop())`. */
function rootAround(node: ts.Node): ts.Node {
  const root = enclosingRoot(node);
  if (!isFunctionLiteral(root)) return root;
  const { parent } = unstrip(root);
  const isForEach = ts.isCallExpression(parent) && /^(?:map|forEach)$/.test(calleeName(parent)?.text ?? '');
  const isExecutor = ts.isNewExpression(parent) && calleeName(parent)?.text === 'Promise';
  return isForEach || isExecutor ? rootAround(parent) : root;
}

/** What ends the program, or a part of it, by its name. */
const lastName =
  /^(?:close|stop|shut_?down|terminate|tear_?down|quit|exit)(?:_?(?:all|now|gracefully|server|service|app|http\w*))?$/i;

/** A program that is told to end, and sees to it. */
const forced = /\bSIG(?:TERM|INT)\b[\s\S]*\bprocess\.exit\s*\(|\bprocess\.exit\s*\([\s\S]*\bSIG(?:TERM|INT)\b/;

/** Whether code ends the server or the program, in a package that exits by itself when it is told to end. */
export function isBeforeForcedExit(node: ts.Node, { program: { host } }: Semantics): boolean {
  const path = node.getSourceFile().fileName;
  if (
    !qualifiedName(node)
      .split('.')
      .some((name) => lastName.test(name))
  )
    return false;
  const root = host.packageOf(path);
  const beside = pathsBeside(host, path, 'exit') ?? [];
  return [path, ...beside].some((it) => host.packageOf(it) === root && forced.test(host.read(it) ?? ''));
}

/** Whether the process ends as soon as the code around a node has gone on: `try { … } finally { process.exit(1) }`. */
export function isBeforeExit(node: ts.Node): boolean {
  const root = enclosingRoot(node);
  const file = node.getSourceFile();
  for (const { index } of file.text.matchAll(/\bprocess\.exit\s*\(/g)) {
    if (index < node.end || index >= root.end) continue;
    const exit = tokenAt(file, index);
    if (enclosingRoot(exit) === root && isReachedFrom(exit, node)) return true;
  }
  return false;
}

/** `Promise.race([…]).then(() => process.exit())`: what follows a call ends the process. */
export function exitsThen(call: ts.Node): boolean {
  const link = unstrip(call as ts.Expression).parent;
  const next = ts.isPropertyAccessExpression(link) ? link.parent : undefined;
  if (!next || !ts.isCallExpression(next) || !/^(?:then|finally)$/.test(calleeName(next)?.text ?? '')) return false;
  const [handler] = next.arguments;
  if (!handler || !isFunctionLiteral(handler)) return exitsThen(next);
  const { body } = handler;
  const last = ts.isBlock(body) ? body.statements.at(-1) : body;
  return (last !== undefined && /^process\.exit\s*\(/.test(last.getText())) || exitsThen(next);
}

/** Whether whatever goes on after `before` comes to a later node: nothing between them asks. */
function isReachedFrom(node: ts.Node, before: ts.Node): boolean {
  for (let current = node; !contains(current.parent, before); current = current.parent) {
    const { parent } = current;
    const isBranch = ts.isIfStatement(parent) || ts.isConditionalExpression(parent) || ts.isCaseOrDefaultClause(parent);
    if (isBranch || ts.isCatchClause(parent) || ts.isIterationStatement(parent, false)) return false;
  }
  return true;
}

/** What names one of several things, of which the method ends one: `destroy(sid, done)`. */
const selecting =
  /(?:id|ids|key|keys|name|path|url|item|index)$|^(?:session|user|task|job|topic|channel|process|pid|peer|player|room)$|^(?:ws|conn)$|(?:socket|client|connection)$/i;

/** Whether a function is told what to end, and so does not end its own object. */
export function endsAnother({ parameters: [first] }: ts.FunctionLikeDeclaration): boolean {
  return first !== undefined && !first.initializer && !first.questionToken && selecting.test(first.name.getText());
}
