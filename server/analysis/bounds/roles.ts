import ts from 'typescript';
import { executorOf } from '../contexts/workEnds.ts';
import { isFinallyBlock } from '../syntax/leaving.ts';
import type { Program } from '../syntax/program.ts';
import { initialOf } from '../syntax/scopes.ts';
import {
  calleeName,
  contains,
  isFunctionLiteral,
  isRoot,
  memberName,
  strip,
  unstrip,
  walk,
  walkFunction,
} from '../syntax/tree.ts';

/**
 * What makes a piece of code run: `timer`: a timer of the language · `abort`: an abort signal · `timeout`: the event
 * `timeout` or the handler of a socket's timer · `connected`: the connection stands · `answered`: the answer's headers are
 * there · `received`: the other end has sent something · `failed`: an error event, a `catch` or a `finally` · `called`: somebody calls it.
 */
export type Role = 'timer' | 'abort' | 'timeout' | 'connected' | 'answered' | 'received' | 'failed' | 'called';

const registering = new Set([
  'on',
  'once',
  'addListener',
  'prependListener',
  'prependOnceListener',
  'addEventListener',
]);
const timers = new Set(['setTimeout', 'setInterval', 'setImmediate']);
const failures = new Set(['error', 'aborted', 'close']);
const connections = new Set(['connect', 'secureConnect', 'secure', 'ready', 'open', 'upgrade', 'socket']);

/** The properties that hold a handler. */
const handlerRoles: ReadonlyMap<string, Role> = new Map([
  ['onabort', 'abort'],
  ['ontimeout', 'timeout'],
  ['onopen', 'connected'],
  ['onmessage', 'received'],
]);

/** How many callers are followed. */
const maxDepth = 5;

/** Tells what makes a node's code run, by the functions around it and by who calls them. */
export class Roles {
  readonly #program: Program;
  readonly #wait: ts.Node;
  readonly #connects: boolean;

  /** `connects`: the callback of the wait runs once the connection stands. */
  constructor(program: Program, wait: ts.Node, connects: boolean) {
    this.#program = program;
    this.#wait = wait;
    this.#connects = connects;
  }

  of(node: ts.Node): ReadonlySet<Role> {
    const found = new Set<Role>();
    this.#collect(node, found, new Set(), 0);
    return found;
  }

  /** The roles of a function that is an argument of a call. */
  ofArgument(call: ts.CallExpression | ts.NewExpression, argument: ts.Expression): ReadonlySet<Role> {
    const found = new Set<Role>();
    const role = this.#roleIn(call, argument);
    if (role) found.add(role);
    this.#collect(call, found, new Set(), 1);
    return found;
  }

  #collect(node: ts.Node, found: Set<Role>, seen: Set<ts.Node>, depth: number): void {
    if (depth > maxDepth) return;
    let isListener = false;
    for (let current = node; current.parent; current = current.parent) {
      const { parent } = current;
      if (ts.isCatchClause(parent) || isFinallyBlock(current)) found.add('failed');
      if (isRoot(current) && !ts.isSourceFile(current)) {
        // What makes the wait start does not make its listeners run.
        if (isListener && contains(current, this.#wait)) return;
        isListener ||= executorOf(current) === undefined;
        if (seen.has(current)) return;
        seen.add(current);
        this.#function(current, found, seen, depth);
      }
    }
  }

  #function(fn: ts.Node, found: Set<Role>, seen: Set<ts.Node>, depth: number): void {
    if (isFunctionLiteral(fn)) {
      const outer = unstrip(fn);
      const { parent } = outer;
      if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.arguments?.includes(outer)) {
        const role = this.#roleIn(parent, outer);
        if (role) found.add(role);
        return;
      }
      // `signal.onabort = () => …`
      const role = ts.isBinaryExpression(parent) ? handlerRoles.get(memberName(parent.left) ?? '') : undefined;
      if (role) found.add(role);
    }
    for (const reference of this.#references(fn)) {
      const use = unstrip(reference);
      const { parent } = use;
      if (ts.isCallExpression(parent) && parent.expression === use) {
        found.add('called');
        this.#collect(parent, found, seen, depth + 1);
        // `socket.once('timeout', finish(false))`: what `finish` returns is the listener.
        const made = returnsFunction(fn) ? boundTo(unstrip(parent)) : undefined;
        const role = made && this.#roleIn(made.call, made.argument);
        if (role) found.add(role);
      } else {
        const call = boundTo(use);
        const role = call && this.#roleIn(call.call, call.argument);
        if (role) found.add(role);
      }
    }
  }

  /** Where a named function or method of the file is mentioned. */
  #references(fn: ts.Node): readonly ts.Expression[] {
    const name = nameOf(fn);
    if (!name) return [];
    if (ts.isIdentifier(name) && !isMember(fn))
      return this.#program.unitOf(fn).scopes.bindingOf(name)?.references ?? [];
    const found: ts.Expression[] = [];
    walk(fn.getSourceFile(), (node) => {
      if (!ts.isPropertyAccessExpression(node) || node.name.text !== name.text) return;
      if (!this.#isOfModule(node.expression)) found.push(node);
    });
    return found;
  }

  /** `tls.connect` is no method `connect` of this file. */
  #isOfModule(owner: ts.Expression): boolean {
    const name = strip(owner);
    const binding = ts.isIdentifier(name) ? this.#program.unitOf(name).scopes.bindingOf(name) : undefined;
    if (binding?.kind === 'import') return true;
    const made = initialOf(binding);
    return made !== undefined && ts.isCallExpression(made) && calleeName(made)?.text === 'require';
  }

  #roleIn(call: ts.CallExpression | ts.NewExpression, argument: ts.Expression): Role | undefined {
    const name = calleeName(call)?.text ?? '';
    if (this.#connects && call === this.#wait) return 'connected';
    const [first] = call.arguments ?? [];
    if (registering.has(name) && first && ts.isStringLiteralLike(strip(first))) {
      const event = (strip(first) as ts.StringLiteralLike).text;
      if (event === 'abort') return 'abort';
      if (event === 'timeout') return 'timeout';
      if (event === 'response') return 'answered';
      if (connections.has(event)) return 'connected';
      if (event === 'message') return 'received';
      return failures.has(event) ? 'failed' : undefined;
    }
    if (name === 'addAbortListener') return 'abort';
    // `setTimeout(fn, ms)` is the language's, `socket.setTimeout(ms, fn)` the socket's.
    if (timers.has(name)) return first === argument ? 'timer' : 'timeout';
    if (name === 'catch' || name === 'finally') return 'failed';
    return /timer|timeout|deadline|delay|later/i.test(name) ? 'timer' : undefined;
  }
}

/** The call that a function reference is an argument of, also through `bind`. */
function boundTo(use: ts.Expression): { call: ts.CallExpression; argument: ts.Expression } | undefined {
  let current = use;
  const access = current.parent;
  if (ts.isPropertyAccessExpression(access) && access.name.text === 'bind' && ts.isCallExpression(access.parent))
    current = unstrip(access.parent);
  const { parent } = current;
  return ts.isCallExpression(parent) && parent.arguments.includes(current)
    ? { call: parent, argument: current }
    : undefined;
}

/** `(ok) => () => …` */
function returnsFunction(fn: ts.Node): boolean {
  let found = ts.isArrowFunction(fn) && !ts.isBlock(fn.body) && isFunctionLiteral(strip(fn.body));
  walkFunction(fn, (node) => {
    if (ts.isReturnStatement(node) && node.expression && isFunctionLiteral(strip(node.expression))) found = true;
  });
  return found;
}

function nameOf(fn: ts.Node): ts.Identifier | ts.PrivateIdentifier | undefined {
  const own = (fn as { readonly name?: ts.Node }).name;
  if (own && (ts.isIdentifier(own) || ts.isPrivateIdentifier(own))) return own;
  const { parent } = fn;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name;
  if (ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
    return ts.isIdentifier(parent.name) || ts.isPrivateIdentifier(parent.name) ? parent.name : undefined;
  if (ts.isBinaryExpression(parent) && parent.right === fn && ts.isPropertyAccessExpression(parent.left))
    return parent.left.name;
  return undefined;
}

function isMember(fn: ts.Node): boolean {
  return (
    ts.isMethodDeclaration(fn) ||
    ts.isPropertyDeclaration(fn.parent) ||
    ts.isPropertyAssignment(fn.parent) ||
    ts.isBinaryExpression(fn.parent)
  );
}
