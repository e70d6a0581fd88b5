import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calleeName,
  contains,
  enclosingClass,
  enclosingRoot,
  functionName,
  isFunctionLiteral,
  isNothing,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import type { Contexts } from './contexts.ts';
import { areExclusive } from './exclusive.ts';
import { withOwnCalls } from './ownCalls.ts';
import { eventText, type Registration, registrationsOf } from './registrations.ts';
import { functionOf, sameEmitter } from './removals.ts';
import { isHeldForGood, isMadeByCallers, isOwnForOneWait } from './soleWaits.ts';
import { executorOf, racedAgainst } from './workEnds.ts';

/** One of the ways in which a promise settles. */
export interface Settler {
  /** `way`: something else that the executor does · `itself`: the listener, which goes on listening. */
  readonly kind: 'event' | 'timer' | 'race' | 'way' | 'itself';
  readonly token: ts.Node;
  /** The event, where it is one. */
  readonly event: string | undefined;
  readonly sameEmitter: boolean;
  /** After “when”. */
  readonly label: string;
}

/** A promise that a listener settles, and what else does. */
export interface Wait {
  readonly executor: ts.ArrowFunction | ts.FunctionExpression;
  readonly others: readonly Settler[];
  /** The race that the promise takes part in. */
  readonly race: Settler | undefined;
}

/** The wait that a registration is part of: it stands in a promise's executor and its listener settles the promise. */
export function settlersOf(semantics: Semantics, registration: Registration): Wait | undefined {
  const executor = executorOf(enclosingRoot(registration.call));
  if (!executor || !settles(semantics, registration.handler, executor)) return undefined;
  const others: Settler[] = [];
  for (const other of registrationsOf(executor.getSourceFile())) {
    if (other.call === registration.call || !contains(executor, other.call)) continue;
    if (enclosingRoot(other.call) !== executor || !settles(semantics, other.handler, executor)) continue;
    if (areExclusive(other.call, registration.call)) continue;
    const event = eventText(other);
    others.push({
      kind: 'event',
      token: other.token,
      event,
      sameEmitter: sameEmitter(registration.emitter, other.emitter),
      label: `\`${event}\` comes first`,
    });
  }
  walk(executor.body, (node) => {
    if (!ts.isCallExpression(node) || calleeName(node)?.text !== 'setTimeout') return;
    const [callback] = node.arguments;
    if (!callback || enclosingRoot(node) !== executor || !settles(semantics, callback, executor)) return;
    const token = calleeName(node) as ts.Node;
    others.push({ kind: 'timer', token, event: undefined, sameEmitter: false, label: 'the time is over' });
  });
  const raced = racedAgainst(semantics, unstrip(executor).parent as ts.Expression);
  const race: Settler | undefined = raced && {
    kind: 'race',
    token: raced.node,
    event: undefined,
    sameEmitter: false,
    label: 'another promise wins the race',
  };
  return { executor, others, race };
}

/** Whether running the function settles the promise: it is `resolve` or `reject`, or calls one, perhaps through another. */
function settles(
  semantics: Semantics,
  handler: ts.Expression,
  executor: ts.FunctionLikeDeclaration,
  depth = 0,
): boolean {
  const { scopes } = semantics.program.unitOf(executor);
  const isSettler = (node: ts.Node): boolean =>
    ts.isIdentifier(node) &&
    executor.parameters.some(({ name }) => ts.isIdentifier(name) && scopes.bindingOf(node) === scopes.bindingOf(name));
  const inner = strip(handler);
  if (isSettler(inner)) return true;
  const fn = functionOf(semantics, inner);
  if (!fn?.body || !contains(executor, fn) || depth > 3) return false;
  let found = false;
  walk(fn.body, (node) => {
    if (found || !ts.isIdentifier(node)) return;
    if (isSettler(node)) found = true;
    else if (ts.isCallExpression(node.parent) && node.parent.expression === node) {
      found =
        !contains(fn, scopes.bindingOf(node)?.declarations[0] ?? fn) && settles(semantics, node, executor, depth + 1);
    }
  });
  return found;
}

/** A method with parameters that several places call: each call waits anew on the same object. */
function waitsAgain(semantics: Semantics, executor: ts.Node): boolean {
  const root = enclosingRoot(executor);
  if (!ts.isMethodDeclaration(root) || root.parameters.length === 0) return false;
  const calls = semantics.references.callsOf(root);
  return calls !== 'unknown' && calls.filter(({ certain }) => certain).length > 1;
}

/** How sure it is that an emitter lives on after a wait, and whether it lives as long as the program. */
export interface Lived {
  readonly sure: boolean;
  readonly ofProgram?: true;
}

/**
 * Why the emitter of a wait lives on after it: kept by an object or the module, or given by the caller. Less sure where
 * the caller may have made it for this wait alone.
 */
export function waitsOnLongLived(
  contexts: Contexts,
  semantics: Semantics,
  { emitter, call }: Registration,
  executor: ts.Node,
): Lived | undefined {
  const program = contexts.lifetimes.ofProgram(emitter);
  // A program waits for its own end, or for its parent's word, one time.
  if (program?.holder === 'process' && !contexts.repeated.of(call)) return undefined;
  if (program) return { sure: true, ofProgram: true };
  // Who waits on itself may well live as briefly as the wait.
  if (strip(emitter).kind === ts.SyntaxKind.ThisKeyword) return { sure: waitsAgain(semantics, executor) };
  let base = strip(emitter);
  while (ts.isPropertyAccessExpression(base)) base = strip(base.expression);
  // A function that starts something waits for it one time.
  const root = enclosingRoot(executor);
  const starts =
    /^(?:start|open|connect|init|launch|boot|listen|setup|close|stop|end|shutdown|destroy|dispose|disconnect)/i;
  if ('parameters' in root && starts.test(functionName(root) ?? '')) return undefined;
  const field = fieldOf(emitter) ?? aliasedField(semantics, emitter);
  if (field !== undefined) {
    const goesWithWait =
      isMadeWith(emitter, field, root) ||
      isOwnForOneWait(semantics, contexts, emitter, executor) ||
      isHeldForGood(semantics, call);
    return goesWithWait ? undefined : { sure: true };
  }
  if (!ts.isIdentifier(base)) return undefined;
  const binding = semantics.program.unitOf(base).scopes.bindingOf(base);
  const [declared] = binding?.declarations ?? [];
  if (!binding || !declared) return undefined;
  if (binding.kind === 'import') return { sure: true, ofProgram: true };
  if (ts.isSourceFile(binding.scope.node))
    return ts.isSourceFile(enclosingRoot(call)) ? undefined : { sure: true, ofProgram: true };
  if (binding.kind !== 'parameter' || contains(executor, declared)) return undefined;
  const { parent: parameter } = declared;
  if (ts.isParameter(parameter) && isMadeByCallers(semantics, parameter)) return undefined;
  const isCallback = isFunctionLiteral(parameter.parent) && ts.isCallExpression(unstrip(parameter.parent).parent);
  return isCallback ? undefined : { sure: false };
}

/** The field that a local name stands for: `const { socket } = this`, `const socket = this.socket`. */
function aliasedField(semantics: Semantics, emitter: ts.Expression): string | undefined {
  const node = strip(emitter);
  const binding = ts.isIdentifier(node) ? semantics.program.unitOf(node).scopes.bindingOf(node) : undefined;
  const declared = binding?.writes.length === 0 ? binding.declarations[0]?.parent : undefined;
  const holder = declared && ts.isBindingElement(declared) ? declared.parent.parent : declared;
  if (!declared || !holder || !ts.isVariableDeclaration(holder) || !holder.initializer) return undefined;
  if (!ts.isBindingElement(declared)) return fieldOf(holder.initializer);
  const isOfObject = strip(holder.initializer).kind === ts.SyntaxKind.ThisKeyword;
  return isOfObject ? (declared.propertyName ?? declared.name).getText() : undefined;
}

/** `this.worker = new Worker(…)` in the method that waits, or in one that it calls: each wait has another one. */
function isMadeWith(emitter: ts.Expression, name: string, root: ts.Node): boolean {
  const owner = enclosingClass(emitter);
  if (!owner) return false;
  let method = root;
  while (isFunctionLiteral(method) && contains(owner, enclosingRoot(method))) method = enclosingRoot(method);
  const parts = withOwnCalls(owner, [method]);
  return fieldAssignments(owner, name).some(
    ({ left, right }) => parts.some((part) => contains(part, left)) && !isNothing(right),
  );
}

/** The field that an expression starts with: `child` of `this.child.stdout`. */
function fieldOf(emitter: ts.Expression): string | undefined {
  let node = strip(emitter);
  while (ts.isPropertyAccessExpression(node)) {
    const base = strip(node.expression);
    if (base.kind === ts.SyntaxKind.ThisKeyword) return node.name.text;
    node = base;
  }
  return undefined;
}
