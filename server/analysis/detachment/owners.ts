import ts from 'typescript';
import {
  calleeName,
  contains,
  enclosingClass,
  isFunctionLiteral,
  isRoot,
  memberName,
  some,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { endsAnother } from './processEnds.ts';

/** An object with a life of its own: a class, or a function with a prototype. */
export interface Owner {
  readonly node: ts.Node;
  readonly methods: ReadonlyMap<string, ts.FunctionLikeDeclaration>;
  /** The methods that end it. */
  readonly ends: readonly OwnerEnd[];
}

export interface OwnerEnd {
  readonly name: ts.Node;
  readonly fn: ts.FunctionLikeDeclaration;
}

/** How methods are called after which an object does nothing any more. */
const ending =
  /^(?:_|#)*(?:on)?(?:close|destroy|dispose|disposeAsync|asyncDispose|stop|shut_?down|disconnect|terminate|abort|quit|tear_?down|unload|clean_?up|kill|deactivate|ngOnDestroy|componentWillUnmount|disconnectedCallback|onModuleDestroy)(?:Async|All|Now|Connection|Client|Server|Socket)?$/i;

const owners = new WeakMap<ts.Node, Owner | undefined>();

/** What the code at a node belongs to. */
export function ownerAround(node: ts.Node): Owner | undefined {
  const cls = enclosingClass(node) ?? classBySelf(node);
  if (cls) return known(cls, () => classOwner(cls));
  const name = prototypeName(node);
  const file = node.getSourceFile();
  return name === undefined ? undefined : prototypesOf(file).get(name);
}

function known(node: ts.Node, make: () => Owner): Owner | undefined {
  if (!owners.has(node)) owners.set(node, make());
  return owners.get(node);
}

/** A plain function inside of a method, which has the object under another name. */
function classBySelf(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (ts.isClassLike(current)) return current;
    if (ts.isFunctionDeclaration(current) && ts.isSourceFile(current.parent)) return undefined;
  }
  return undefined;
}

function classOwner(node: ts.ClassLikeDeclaration): Owner {
  const methods = new Map<string, ts.FunctionLikeDeclaration>();
  const names = new Map<string, ts.Node>();
  for (const member of node.members) {
    const fn = functionOf(member);
    if (!fn || !member.name) continue;
    const key = nameOf(member.name);
    methods.set(key, fn);
    names.set(key, member.name);
  }
  return { node, methods, ends: [...endsOf(methods, names), ...disposersIn(node)] };
}

/** `this.register(toDisposable(() => { … }))`: run when the object is disposed of. */
function disposersIn(node: ts.Node): readonly OwnerEnd[] {
  const found: OwnerEnd[] = [];
  walk(node, (inner) => {
    const name = ts.isCallExpression(inner) ? calleeName(inner) : undefined;
    const [argument] = ts.isCallExpression(inner) ? inner.arguments : [];
    const fn = argument && strip(argument);
    if (name?.text === 'toDisposable' && fn && isFunctionLiteral(fn)) found.push({ name, fn });
  });
  return found;
}

function functionOf(member: ts.ClassElement): ts.FunctionLikeDeclaration | undefined {
  if (ts.isMethodDeclaration(member)) return member.body && !isStatic(member) ? member : undefined;
  if (!ts.isPropertyDeclaration(member) || !member.initializer) return undefined;
  const value = strip(member.initializer);
  return isFunctionLiteral(value) ? value : undefined;
}

function isStatic(member: ts.MethodDeclaration): boolean {
  return ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
}

/** `close`, `#close`, and `dispose` of `[Symbol.dispose]`. */
function nameOf(name: ts.PropertyName): string {
  if (!ts.isComputedPropertyName(name)) return ts.isIdentifier(name) ? name.text : name.getText();
  return memberName(strip(name.expression)) ?? name.getText();
}

/**
 * `socket.on('close', () => this.onClose())` beside `private onClose()`: it hears that something of the object has ended;
 * the object goes on, and mostly opens it again.
 */
export function isNotice({ name, fn }: OwnerEnd): boolean {
  const { parent: owner } = fn;
  if (!ts.isMethodDeclaration(fn) || !/^[_#]*on[A-Z_]/.test(name.getText())) return false;
  return some(
    owner,
    (node) =>
      ts.isPropertyAccessExpression(node) &&
      node.name.text === name.getText() &&
      node.expression.kind === ts.SyntaxKind.ThisKeyword &&
      !contains(fn, node),
  );
}

export function endsOf(
  methods: ReadonlyMap<string, ts.FunctionLikeDeclaration>,
  names: ReadonlyMap<string, ts.Node>,
  isMeant: (fn: ts.FunctionLikeDeclaration) => boolean = isAboutObject,
): readonly OwnerEnd[] {
  return [...methods].flatMap(([key, fn]) =>
    ending.test(key) && !endsAnother(fn) && isMeant(fn) ? [{ name: names.get(key) ?? fn, fn }] : [],
  );
}

/** Whether a method speaks of its object. One that only logs, or sets the exit code, ends nothing; an empty one was left out. */
function isAboutObject({ body }: ts.FunctionLikeDeclaration): boolean {
  if (!body || (ts.isBlock(body) && body.statements.length === 0)) return true;
  let found = false;
  walk(body, ({ kind }) => {
    found ||= kind === ts.SyntaxKind.ThisKeyword || kind === ts.SyntaxKind.SuperKeyword;
  });
  return found;
}

const prototypes = new WeakMap<ts.SourceFile, ReadonlyMap<string, Owner>>();

/** `Client.prototype.close = function () { … }`, by what stands before `.prototype`. */
function prototypesOf(file: ts.SourceFile): ReadonlyMap<string, Owner> {
  const found = prototypes.get(file);
  if (found) return found;
  const all = new Map<string, { methods: Map<string, ts.FunctionLikeDeclaration>; names: Map<string, ts.Node> }>();
  for (const statement of file.statements) {
    const assignment = ts.isExpressionStatement(statement) ? strip(statement.expression) : undefined;
    if (!assignment || !ts.isBinaryExpression(assignment)) continue;
    const fn = strip(assignment.right);
    const target = strip(assignment.left);
    const owner = prototypeOf(target);
    if (owner === undefined || !isFunctionLiteral(fn) || !ts.isPropertyAccessExpression(target)) continue;
    const entry = all.get(owner) ?? { methods: new Map(), names: new Map() };
    all.set(owner, entry);
    entry.methods.set(target.name.text, fn);
    entry.names.set(target.name.text, target.name);
  }
  const result = new Map(
    [...all].map(([name, { methods, names }]) => [name, { node: file, methods, ends: endsOf(methods, names) }]),
  );
  prototypes.set(file, result);
  return result;
}

function prototypeOf(target: ts.Expression): string | undefined {
  const object = ts.isPropertyAccessExpression(target) ? strip(target.expression) : undefined;
  if (!object || !ts.isPropertyAccessExpression(object) || object.name.text !== 'prototype') return undefined;
  return object.expression.getText();
}

/** The name of the constructor whose code, or whose method's code, a node is. */
function prototypeName(node: ts.Node): string | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (!isRoot(current) || ts.isSourceFile(current)) continue;
    if (ts.isFunctionDeclaration(current) && ts.isSourceFile(current.parent)) return current.name?.text;
    if (!isFunctionLiteral(current)) continue;
    const { parent } = unstrip(current);
    if (ts.isBinaryExpression(parent)) {
      const target = strip(parent.left);
      const owner = prototypeOf(target);
      if (owner !== undefined || ts.isSourceFile(parent.parent.parent)) return owner ?? target.getText();
    }
  }
  return undefined;
}

/** The own methods and local functions that a function runs, itself first; what one of them runs in turn is left out. */
export function reachedFrom(
  start: ts.Node,
  owner: Owner,
  depth = 3,
  last: ts.Node | undefined = undefined,
): readonly ts.Node[] {
  const found = new Set<ts.Node>([start]);
  let level: readonly ts.Node[] = [start];
  for (let i = 0; i < depth && level.length > 0; i++) {
    const next: ts.Node[] = [];
    for (const fn of level) {
      if (fn === last) continue;
      walk(fn, (node) => {
        // A method may be called, or handed to somebody who calls it.
        const isMethod = ts.isPropertyAccessExpression(node) && !isTakenAway(node);
        const name = isMethod ? node.name.text : ts.isCallExpression(node) ? calleeName(node)?.text : undefined;
        const target = name === undefined ? undefined : (owner.methods.get(name) ?? localNamed(name, owner));
        if (target && !found.has(target)) {
          found.add(target);
          next.push(target);
        }
      });
    }
    level = next;
  }
  return [...found];
}

/** `socket.off('data', this.onData)` */
function isTakenAway(node: ts.Expression): boolean {
  const { parent } = unstrip(node);
  return ts.isCallExpression(parent) && /^(?:off|remove\w*)$/.test(calleeName(parent)?.text ?? '');
}

/** A function at the top of the file, as old code calls them with `this`. */
function localNamed(name: string, { node }: Owner): ts.Node | undefined {
  return node
    .getSourceFile()
    .statements.find((it): it is ts.FunctionDeclaration => ts.isFunctionDeclaration(it) && it.name?.text === name);
}
