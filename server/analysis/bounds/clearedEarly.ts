import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { finallyAround } from '../syntax/leaving.ts';
import { type Binding, initialOf } from '../syntax/scopes.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  enclosingStatement,
  memberName,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { Options } from './options.ts';
import type { JudgedWait } from './waits.ts';

/** A timer that aborts a request and is cleared once the headers are there. */
export interface ClearedEarly {
  readonly timer: ts.CallExpression;
  /** The `clearTimeout`. */
  readonly clear: ts.CallExpression;
  /** Where the body is read, with nothing to end it; `undefined`: the response is handed out. */
  readonly read: ts.Node | undefined;
  /** The signal as it is passed to the request. */
  readonly signal: ts.Expression;
}

const reading = new Set(['json', 'text', 'arrayBuffer', 'blob', 'bytes', 'formData', 'body', 'buffer']);

/** Whether the timer that bounds a request is cleared before its body is read. */
export function clearedEarly(file: FileAnalysis, { call, wait, optionNodes }: JudgedWait): ClearedEarly | undefined {
  if (wait.value || !wait.bounds.some(({ option }) => option === 'signal')) return undefined;
  const signal = signalOf(file, optionNodes);
  const controller = signal && ownerOf(file, signal);
  if (!signal || !controller) return undefined;
  const root = enclosingRoot(call);
  const timers = timersOf(root, controller);
  const [timer] = timers;
  if (!timer || timers.length > 1) return undefined;
  const clears = clearsOf(file, timer);
  const response = responseOf(file, call);
  const reads = response ? readsOf(response) : [];
  if (response && isGivenWith(file, response, [controller, bindingOf(file, signal)])) return undefined;
  for (const clear of clears) {
    if (enclosingRoot(clear) !== root && !isFinallyOf(clear, call)) continue;
    const read = reads.find((node) => runsBefore(clear, node, call));
    if (read) return { timer, clear, read, signal };
  }
  const [clear] = clears;
  const isHelper =
    clear && clears.length === 1 && isFinally(clear, call) && reads.length === 0 && isHandedOut(call, response);
  return isHelper ? { timer, clear, read: undefined, signal } : undefined;
}

function signalOf({ semantics }: FileAnalysis, nodes: readonly ts.Expression[]): ts.Expression | undefined {
  const options = new Options(semantics);
  for (const node of nodes) {
    const found = options.find(node, ['signal']);
    if (found.state === 'present' && found.values.length === 1) return found.values[0];
  }
  return undefined;
}

/** The variable that holds the controller of a signal: `c` of `c.signal`, also under a name of its own. */
function ownerOf({ unit }: FileAnalysis, signal: ts.Expression): Binding | undefined {
  let value = strip(signal);
  if (value.getSourceFile() !== unit.file) return undefined;
  if (ts.isIdentifier(value)) {
    const initial = initialOf(unit.scopes.bindingOf(value));
    if (!initial) return undefined;
    value = initial;
  }
  if (!ts.isPropertyAccessExpression(value) || value.name.text !== 'signal' || !ts.isIdentifier(value.expression))
    return undefined;
  const binding = unit.scopes.bindingOf(value.expression);
  const made = initialOf(binding);
  return made && ts.isNewExpression(made) ? binding : undefined;
}

/** The timers of a function that abort the controller. */
function timersOf(root: ts.Node, controller: Binding): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  walk(root, (node) => {
    if (!ts.isCallExpression(node) || calleeName(node)?.text !== 'setTimeout') return;
    if (controller.references.some((reference) => contains(node, reference) && aborts(reference))) found.push(node);
  });
  return found;
}

const aborts = ({ parent }: ts.Identifier): boolean =>
  ts.isPropertyAccessExpression(parent) && parent.name.text === 'abort';

function clearsOf({ unit }: FileAnalysis, timer: ts.CallExpression): readonly ts.CallExpression[] {
  const { parent } = unstrip(timer);
  const name = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
  const binding = name && unit.scopes.bindingOf(name);
  return (binding?.references ?? []).flatMap((reference) => {
    const call = unstrip(reference).parent;
    return ts.isCallExpression(call) && calleeName(call)?.text === 'clearTimeout' ? [call] : [];
  });
}

/** The variable in which the awaited response is. */
function responseOf({ unit }: FileAnalysis, call: ts.Node): Binding | undefined {
  let node = call;
  while (ts.isAwaitExpression(node.parent) || ts.isParenthesizedExpression(node.parent) || isChain(node.parent, node))
    node = node.parent;
  const { parent } = node;
  const name = ts.isVariableDeclaration(parent)
    ? parent.name
    : ts.isBinaryExpression(parent) && parent.right === node
      ? parent.left
      : undefined;
  return name && ts.isIdentifier(name) ? unit.scopes.bindingOf(name) : undefined;
}

/** `fetch(…).finally(…)` is still the response. */
function isChain(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === node && (parent.name.text === 'finally' || parent.name.text === 'catch');
  return ts.isCallExpression(parent) && parent.expression === node && ts.isPropertyAccessExpression(node);
}

/**
 * Whether a function gets the response, or its body, and with it what aborts it or is aborted: it may end the reading, with
 * a timer of its own. One that can be looked into has to speak of aborting.
 */
function isGivenWith({ semantics }: FileAnalysis, response: Binding, ends: readonly (Binding | undefined)[]): boolean {
  return response.references.some((reference) => {
    const call = ts.findAncestor(reference, ts.isCallExpression);
    const argument = call?.arguments.find((it) => contains(it, reference));
    const isEndGiven = ends.some((end) =>
      end?.references.some((it) => call?.arguments.some((other) => other !== argument && contains(other, it))),
    );
    if (!call || !argument || !isEndGiven) return false;
    const body = semantics.targets.resolve(call)?.function?.body;
    return body === undefined || /\babort/i.test(body.getText());
  });
}

function bindingOf({ unit }: FileAnalysis, node: ts.Expression): Binding | undefined {
  const value = strip(node);
  return ts.isIdentifier(value) ? unit.scopes.bindingOf(value) : undefined;
}

function readsOf(response: Binding): readonly ts.Node[] {
  return response.references.flatMap((reference) => {
    const { parent } = reference;
    return ts.isPropertyAccessExpression(parent) && reading.has(memberName(parent) ?? '') ? [parent] : [];
  });
}

/** Whether the timer is certainly cleared when the body is read, after the request. */
function runsBefore(clear: ts.CallExpression, read: ts.Node, call: ts.Node): boolean {
  if (read.pos < clear.end || clear.pos < call.pos) return false;
  if (isFinallyOf(clear, call)) return true;
  const owner = finallyAround(clear);
  if (owner) return contains(owner.tryBlock, call) && !contains(owner, read);
  const statement = enclosingStatement(clear);
  return contains(statement.parent, read) && !ts.isCatchClause(statement.parent.parent);
}

/** `fetch(…).finally(() => clearTimeout(timer))` */
function isFinallyOf(clear: ts.Node, call: ts.Node): boolean {
  const access = unstrip(call as ts.Expression).parent;
  if (!ts.isPropertyAccessExpression(access) || access.name.text !== 'finally') return false;
  return ts.isCallExpression(access.parent) && access.parent.arguments.some((argument) => contains(argument, clear));
}

function isFinally(clear: ts.Node, call: ts.Node): boolean {
  const owner = finallyAround(clear);
  return owner ? contains(owner.tryBlock, call) : isFinallyOf(clear, call);
}

/** Whether somebody else gets the response: the caller of a helper. */
function isHandedOut(call: ts.Node, response: Binding | undefined): boolean {
  if (response) return response.references.some((reference) => ts.isReturnStatement(unstrip(reference).parent));
  for (let node = call; node.parent; node = node.parent) {
    if (ts.isReturnStatement(node.parent)) return true;
    if (ts.isStatement(node) || (!ts.isAwaitExpression(node.parent) && !isChain(node.parent, node))) return false;
  }
  return false;
}
