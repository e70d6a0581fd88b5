import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { abortable } from '../resources/abortable.ts';
import { isFinallyBlock } from '../syntax/leaving.ts';
import type { Binding } from '../syntax/scopes.ts';
import { calleeName, isReturned, isRoot, mentionsName, strip, unstrip, walk } from '../syntax/tree.ts';
import { constantOf } from './constants.ts';
import { originOf } from './origins.ts';
import { isSharedWork } from './sharedWork.ts';

/** An AbortSignal that a function received. */
export interface ReceivedSignal {
  /** The function that received it. */
  readonly owner: ts.FunctionLikeDeclaration;
  /** How code of the function writes it: `signal`, `options.signal`. */
  readonly text: string;
  readonly declaration: ts.Node;
  /** The name that leads to it. */
  readonly binding: Binding;
}

/** Where a callee takes a signal. */
export interface SignalPlace {
  readonly index: number;
  /** `itself`: the argument is the signal · `option`: it is a property of the argument · `either`: only types know. */
  readonly as: 'itself' | 'option' | 'either';
}

/** A call that could have been given the signal of its function. */
export interface UnforwardedSignal {
  readonly call: ts.CallExpression;
  readonly signal: ReceivedSignal;
  readonly place: SignalPlace;
}

/** A wait that is over at once needs no signal. */
const shortWait = 1000;

/** The calls of a file that wait, could be aborted, and do not get the signal that is there. */
export function unforwardedSignals(
  file: FileAnalysis,
  calls: readonly ts.CallExpression[],
): readonly UnforwardedSignal[] {
  const { unit } = file;
  if (!/signal/i.test(unit.text)) return [];
  const signals = new Map<ts.Node, ReceivedSignal | undefined>();
  const candidates: { readonly call: ts.CallExpression; readonly signal: ReceivedSignal }[] = [];
  for (const call of calls) {
    if (!isWaitedFor(call) || isOnTheWayOut(call)) continue;
    const signal = signalAround(call, file, signals) ?? loopSignal(call, file);
    if (signal && !mentionsSignal(call, signal) && !isAlreadyAborted(call, signal)) candidates.push({ call, signal });
  }
  const places = signalPlaces(
    file,
    candidates.map(({ call }) => call),
  );
  return candidates.flatMap((candidate, index) => {
    const place = places[index];
    if (!place || !lacksSignal(candidate.call, place) || isSharedWork(candidate.call, file.semantics)) return [];
    return [{ ...candidate, place }];
  });
}

function isWaitedFor(call: ts.CallExpression): boolean {
  const { parent } = unstrip(call);
  return (
    ts.isAwaitExpression(parent) ||
    isReturned(call) ||
    (ts.isForOfStatement(parent) && parent.awaitModifier !== undefined)
  );
}

/** In `finally` and `catch` work is put in order that an abort must not cut short. */
function isOnTheWayOut(node: ts.Node): boolean {
  for (let current: ts.Node = node; current.parent && !isRoot(current); current = current.parent) {
    if (ts.isCatchClause(current) || isFinallyBlock(current)) return true;
  }
  return false;
}

/** The signal of the nearest function that received one and does not listen to it by itself. */
function signalAround(
  node: ts.Node,
  file: FileAnalysis,
  known: Map<ts.Node, ReceivedSignal | undefined>,
): ReceivedSignal | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (!isRoot(current) || ts.isSourceFile(current) || ts.isClassStaticBlockDeclaration(current)) continue;
    if (!known.has(current)) known.set(current, receivedSignal(current, file));
    const signal = known.get(current);
    if (signal) return signal;
    if (!ts.isArrowFunction(current)) return undefined;
  }
  return undefined;
}

/** `while (true) { if (controller.signal.aborted) return; … await sleep(ms); }`: the signal that ends the loop. */
function loopSignal(call: ts.CallExpression, { unit }: FileAnalysis): ReceivedSignal | undefined {
  let owner: ts.Node = call;
  let loop: ts.IterationStatement | undefined;
  for (let current: ts.Node = call.parent; current && !isRoot(current); current = current.parent) {
    if (ts.isIterationStatement(current, false)) loop ??= current;
    owner = current.parent;
  }
  if (!loop || !isRoot(owner) || ts.isSourceFile(owner) || ts.isClassStaticBlockDeclaration(owner)) return undefined;
  let found: ReceivedSignal | undefined;
  const fn = owner;
  walk(loop, (node) => {
    if (found || !ts.isPropertyAccessExpression(node) || node.name.text !== 'aborted') return;
    const signal = strip(node.expression);
    const base =
      ts.isPropertyAccessExpression(signal) && signal.name.text === 'signal' ? strip(signal.expression) : signal;
    const binding = ts.isIdentifier(base) ? unit.scopes.bindingOf(base) : undefined;
    if (binding) found = { owner: fn, text: signal.getText(), declaration: signal, binding };
  });
  return found && !listensByItself(fn, found) ? found : undefined;
}

function receivedSignal(fn: ts.FunctionLikeDeclaration, { unit }: FileAnalysis): ReceivedSignal | undefined {
  for (const parameter of fn.parameters) {
    const found = signalIn(parameter, fn);
    const binding = found && unit.scopes.bindingOf(found.name);
    if (!found || !binding || binding.writes.length > 0) continue;
    // `_signal`: part of a contract, and of no interest here.
    if (found.name.text.startsWith('_') && binding.references.length === 0) continue;
    const signal: ReceivedSignal = { owner: fn, text: found.text, declaration: found.name, binding };
    return fn.body && !listensByItself(fn.body, signal) ? signal : undefined;
  }
  return undefined;
}

function signalIn(
  parameter: ts.ParameterDeclaration,
  fn: ts.FunctionLikeDeclaration,
): { readonly name: ts.Identifier; readonly text: string } | undefined {
  const { name } = parameter;
  if (ts.isIdentifier(name)) {
    const type = parameter.type ?? ts.getJSDocType(parameter);
    const isSignal = type
      ? /^(?:null\s*\|\s*|undefined\s*\|\s*)?AbortSignal\b/.test(type.getText())
      : /^(?:abort)?signal$/i.test(name.text) && !processSignals.test(fn.getSourceFile().text);
    if (isSignal) return { name, text: name.text };
    const hasSignal = type !== undefined && ts.isTypeLiteralNode(type) && type.members.some(isSignalMember);
    return hasSignal && fn.body ? { name, text: `${name.text}.signal` } : undefined;
  }
  if (!ts.isObjectBindingPattern(name)) return undefined;
  for (const element of name.elements) {
    const key = element.propertyName ?? element.name;
    if (ts.isIdentifier(key) && key.text === 'signal' && ts.isIdentifier(element.name))
      return { name: element.name, text: element.name.text };
  }
  return undefined;
}

/** In a file that speaks of these, a signal may be one of them. */
const processSignals = /['"`]SIG[A-Z]{2,}|\bprocess\.kill\(|\bgraceful/i;

function isSignalMember(member: ts.TypeElement): boolean {
  return (
    ts.isPropertySignature(member) &&
    member.name.getText() === 'signal' &&
    /^AbortSignal\b/.test(member.type?.getText() ?? '')
  );
}

/** Code that has an abort listener, or a promise that aborts, has its own way of stopping its work. */
function listensByItself(body: ts.Node, { text }: ReceivedSignal): boolean {
  let listens = false;
  walk(body, (node) => {
    if (listens || !ts.isCallExpression(node)) return;
    const callee = strip(node.expression);
    const name = calleeName(node)?.text ?? '';
    if (name === 'addAbortListener') listens = true;
    if (!ts.isPropertyAccessExpression(callee)) return;
    const object = callee.expression.getText().replace(/[?!]/g, '');
    listens = object === text && (name === 'addEventListener' || name === 'on' || name === 'once');
  });
  return listens;
}

/** Whether the call gets the signal in any form: itself, in an object, or in something that was made with it. */
function mentionsSignal(call: ts.CallExpression, { binding, text }: ReceivedSignal): boolean {
  let mentions = false;
  const visit = (node: ts.Node): void => {
    if (mentions) return;
    if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node)) mentions = true;
    else if (ts.isIdentifier(node)) {
      if (/signal|abort|controller|token|cancel/i.test(node.text) || binding.references.includes(node)) mentions = true;
    }
    if (!mentions) ts.forEachChild(node, visit);
  };
  for (const argument of call.arguments) visit(argument);
  // `client.query()` of a client that was made with the signal.
  return mentions || call.expression.getText().includes(text);
}

/** `if (signal.aborted) { await cleanUp(); }` */
function isAlreadyAborted(node: ts.Node, { text }: ReceivedSignal): boolean {
  for (let current: ts.Node = node; current.parent && !isRoot(current); current = current.parent) {
    const { parent } = current;
    if (ts.isBlock(parent) && followsLoop(current, parent, text)) return true;
    if (!ts.isIfStatement(parent) || parent.expression === current) continue;
    if (parent.expression.getText().replace(/[?!]/g, '').includes(`${text}.aborted`)) return true;
  }
  return false;
}

/** Behind `while (!signal.aborted) { … }`, which nothing else ends. */
function followsLoop(statement: ts.Node, { statements }: ts.Block, text: string): boolean {
  return statements.some(
    (it) =>
      it.end <= statement.pos &&
      ts.isWhileStatement(it) &&
      it.expression.getText().replace(/[?\s]/g, '') === `!${text}.aborted` &&
      !/\bbreak\b/.test(it.statement.getText()),
  );
}

/** Where each callee takes a signal, by what is known of the runtime, the project's own code, and types. */
export function signalPlaces(
  file: FileAnalysis,
  calls: readonly ts.CallExpression[],
): readonly (SignalPlace | undefined)[] {
  const found = calls.map((call) => runtimePlace(call, file) ?? projectPlace(call, file));
  const asked = calls.flatMap((call, index) => {
    const name = found[index] ? undefined : calleeName(call);
    return name ? [{ index, position: name.getStart() }] : [];
  });
  if (asked.length === 0) return found.map((it) => (it === 'none' ? undefined : it));
  const facts = file.program.host.facts(
    file.unit.path,
    asked.map(({ position }) => ({ position, aspects: ['signal'] })),
  );
  for (const [i, { index }] of asked.entries()) {
    const fact = facts[i];
    if (typeof fact?.signal === 'number') found[index] = { index: fact.signal, as: 'either' };
  }
  return found.map((it) => (it === 'none' ? undefined : it));
}

function runtimePlace(call: ts.CallExpression, { unit, program }: FileAnalysis): SignalPlace | 'none' | undefined {
  const origin = originOf(call.expression, unit);
  const functions =
    origin && Object.hasOwn(abortable, origin.module ?? '') ? abortable[origin.module ?? ''] : undefined;
  const index = origin && functions && Object.hasOwn(functions, origin.name) ? functions[origin.name] : undefined;
  if (index === undefined || !origin) return undefined;
  const wait = origin.module === 'timers/promises' ? constantOf(call.arguments[0], program) : undefined;
  return wait !== undefined && wait < shortWait ? 'none' : { index, as: 'option' };
}

function projectPlace(call: ts.CallExpression, { semantics }: FileAnalysis): SignalPlace | 'none' | undefined {
  const target = semantics.targets.resolve(call)?.function;
  if (!target) return undefined;
  for (const [index, parameter] of target.parameters.entries()) {
    const found = signalIn(parameter, target);
    if (!found) continue;
    // Only what the callee does something with.
    if (!target.body || !usesSignal(target.body, found.text)) return 'none';
    return { index, as: found.name === parameter.name && !found.text.includes('.') ? 'itself' : 'option' };
  }
  return 'none';
}

function usesSignal(body: ts.Node, text: string): boolean {
  const [first = text] = text.split('.');
  return mentionsName(body, first);
}

/** Whether the argument that takes the signal is not there, or is an object without one. */
function lacksSignal({ arguments: args }: ts.CallExpression, { index }: SignalPlace): boolean {
  const argument = args[index];
  if (!argument) return args.length <= index;
  const value = strip(argument);
  return ts.isObjectLiteralExpression(value) && value.properties.every(isPlainProperty);
}

function isPlainProperty(property: ts.ObjectLiteralElementLike): boolean {
  return !ts.isSpreadAssignment(property) && property.name?.getText() !== 'signal';
}
