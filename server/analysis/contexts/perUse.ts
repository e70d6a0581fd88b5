import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, enclosingRoot, functionName, isFunctionLiteral, memberName, some, unstrip } from '../syntax/tree.ts';
import { isCalledAtOnce, takerOf } from './calledBack.ts';
import { isPartOfCommand } from './handRun.ts';
import { importersOf } from './importers.ts';
import { holdsOver, latchBetween } from './latches.ts';
import { endingOf, isOfProcess, type ObjectKind, objectKindOf } from './objectKinds.ts';
import { commandPlaces, developerPlaces, isTestFile } from './places.ts';
import { decoratorsOf } from './repeated.ts';

/** Why others may run a piece of code any number of times, though the project shows no second time. */
export interface PerUse {
  /** `object`: each object of an exported class runs it · `call`: each call of an exported function that does one piece of work. */
  readonly kind: 'object' | 'call';
  /** The name of the class or function, or what stands for it. */
  readonly token: ts.Node;
  readonly name: string;
  /** The method in which the life of the object ends; absent where a base class ends it. */
  readonly end: ts.Node | undefined;
}

/** At most this many calls between what is exported and the code in question. */
const furthest = 3;

/** What runs a callback at once, or when the same piece of work has gone on. */
const passing = new Set(['forEach', 'map', 'then', 'Promise', 'nextTick', 'setImmediate', 'queueMicrotask']);

/**
 * What others make or call for each piece of their work, and that runs the node: a class with an end, a function that
 * returns when it is done. `undefined` where the program itself shows how often that is, for commands and services, and
 * behind a latch of the module.
 */
export function perUse(semantics: Semantics, node: ts.Node): PerUse | undefined {
  const { host } = semantics.program;
  const path = node.getSourceFile().fileName;
  const { inPackage } = host.location(path);
  if (host.environment(path).role !== undefined || isPartOfCommand(host, path)) return undefined;
  if (commandPlaces.test(inPackage) || developerPlaces.test(inPackage)) return undefined;
  return around(semantics, node, node, 0);
}

function around(semantics: Semantics, node: ts.Node, origin: ts.Node, depth: number): PerUse | undefined {
  const root = enclosingRoot(node);
  if (depth > furthest || ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root)) return undefined;
  for (let child = node; child !== root; child = child.parent) {
    const latch = latchBetween(semantics, child, child.parent, root);
    // What an object remembers, it remembers for itself.
    if (latch && !latch.place.startsWith('this.') && holdsOver(latch, root)) return undefined;
  }
  if (isFunctionLiteral(root)) {
    if (isCalledAtOnce(root)) return around(semantics, unstrip(root).parent, origin, depth);
    const taker = takerOf(root);
    if (taker) {
      const { expression } = taker.call;
      const name = ts.isIdentifier(expression) ? expression.text : memberName(expression);
      return passing.has(name ?? '') ? around(semantics, taker.call, origin, depth) : undefined;
    }
  }
  const object = objectKindOf(semantics, root);
  return object ? byObject(semantics, object, origin, depth) : byCall(semantics, root, origin, depth);
}

function byObject(semantics: Semantics, object: ObjectKind, origin: ts.Node, depth: number): PerUse | undefined {
  const { declaration, name } = object;
  if (object.isStatic || decoratorsOf(declaration).length > 0 || programLike.test(name)) return undefined;
  const end = endingOf(object, origin);
  if (!end && !object.isStream) return undefined;
  const found: PerUse = { kind: 'object', token: object.token, name, end };
  const users = usersOf(semantics, declaration);
  if (!users) return undefined;
  if (users.length === 0) return object.isExported || isExportedWrapped(semantics, declaration) ? found : undefined;
  return users.every((it) => isForCaller(semantics, it, origin, depth)) ? found : undefined;
}

/** Whether an object is made for those who call an exported function: `createServer()`. */
function isForCaller(semantics: Semantics, call: ts.Node, origin: ts.Node, depth: number): boolean {
  const root = enclosingRoot(call);
  if (depth >= furthest || ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root)) return false;
  for (let child = call; child !== root; child = child.parent) {
    if (latchBetween(semantics, child, child.parent, root)) return false;
  }
  if (!ts.isReturnStatement(unstrip(call as ts.Expression).parent) || !functionName(root)) return false;
  const uses = semantics.references.usesOf(root);
  const users = usersOf(semantics, root);
  return uses !== 'unknown' && uses.exposed && users?.length === 0 && !contains(root, origin);
}

function byCall(
  semantics: Semantics,
  root: ts.FunctionLikeDeclaration,
  origin: ts.Node,
  depth: number,
): PerUse | undefined {
  const uses = semantics.references.usesOf(root);
  const users = usersOf(semantics, root);
  if (uses === 'unknown' || !users) return undefined;
  if (users.length > 0) {
    if (uses.exposed) return undefined;
    const found = users.map((it) => around(semantics, it, origin, depth + 1));
    return found.every((it) => it !== undefined) ? found[0] : undefined;
  }
  const name = functionName(root) ?? '';
  if (!uses.exposed || isOnceByName.test(name) || !isPieceOfWork(root) || isProgram(root)) return undefined;
  const token = root.name ?? root;
  return {
    kind: 'call',
    token,
    name: name === 'exports' || name === '' ? 'the exported function' : name,
    end: undefined,
  };
}

/** The calls of a function or class, tests aside; `undefined` where something else may be done with it. */
function usersOf(
  semantics: Semantics,
  node: ts.FunctionLikeDeclaration | ts.ClassLikeDeclaration,
): readonly (ts.CallExpression | ts.NewExpression)[] | undefined {
  const uses = semantics.references.usesOf(node);
  if (uses === 'unknown') return undefined;
  const { host } = semantics.program;
  const counts = ({ unit }: { readonly unit: { readonly path: string } }): boolean => !isTestFile(host, unit.path);
  if (uses.values.some((it) => counts(it) && !isOwnMember(it.token) && !isWrapped(it.token))) return undefined;
  const calls = uses.calls.filter(counts);
  return calls.every(({ certain }) => certain) ? calls.map(({ call }) => call) : undefined;
}

/** `inherits(Archive, Transform)`, `Archive.prototype`, `Archive.version`, `x instanceof Archive`. */
function isOwnMember({ parent }: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) return true;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
  return ts.isCallExpression(parent) && /(?:^|\.)inherits$/.test(parent.expression.getText());
}

/** `module.exports = Object.assign(Server, { defaults })` */
function isWrapped(token: ts.Node): boolean {
  const { parent } = token;
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== token) return false;
  const outer = parent.parent;
  if (ts.isExportAssignment(outer)) return true;
  return ts.isBinaryExpression(outer) && /^(?:module\.exports|exports\.\w+)$/.test(outer.left.getText());
}

function isExportedWrapped(
  { program, references }: Semantics,
  node: ts.FunctionLikeDeclaration | ts.ClassLikeDeclaration,
): boolean {
  const uses = references.usesOf(node);
  const isGiven = uses !== 'unknown' && uses.values.some(({ token }) => isWrapped(token));
  return isGiven && importersOf(program.host, node.getSourceFile().fileName).others.length === 0;
}

/** Names of classes of which a program has one. */
const programLike = /(?:App|Application|Program|Command|Cli|CLI|Main|Bootstrap\w*|Daemon|Launcher|Kernel|Bot|Plugin)$/;
/** Names of functions that a program calls when it starts, or for the sake of the handlers. */
const isOnceByName =
  /^(?:exports\.)?(?:_?(?:set-?up|install|init|register|start|main|run|bootstrap|boot|listen|enable|configure|launch|serve|watch|dev|daemon|worker|cluster|cli|command|execute|exec|handle|handler|on|add|attach|bind|hook|use|wire|trap|catch|monitor|track|graceful|shutdown|exit|terminate|close|stop|cleanup|clean|ensure|global|apply|activate|plugin|load|preload|default|create|make|patch|inject|subscribe|schedule|keep|spawn|wait|prompt)(?=$|[A-Z_\d]))|(?:Handlers?|Hooks?|Shutdown|Signals?|Exit|Plugin|Middleware|App|Server|Worker|Daemon|Main|Exceptions?|Errors?|Rejections?|Command|Cli|CLI)$/;
/** Parameters of what is plugged into a program. */
const hosts =
  /^\W*(?:app|fastify|server|instance|program|argv|yargs|nuxt|nitro|strapi|api|bot|hooks?|compiler|cli|flags|event|context|globalConfig)\b/;

/** It is given something, and its answer is there when the work is done. */
function isPieceOfWork(fn: ts.FunctionLikeDeclaration): boolean {
  const [first] = fn.parameters;
  if (!first || !fn.body || hosts.test(first.getText())) return false;
  const isLater = ts
    .getModifiers(fn as ts.FunctionDeclaration)
    ?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  const answers = fn.parameters.some(({ name }) => /^(?:cb|callback|done|next)$/.test(name.getText()));
  if (isLater)
    return some(fn.body, (it) => ts.isReturnStatement(it) && it.expression !== undefined && enclosingRoot(it) === fn);
  const isPromised = some(
    fn.body,
    (it) => ts.isReturnStatement(it) && enclosingRoot(it) === fn && /^return\s+new\s+\w*Promise\b/.test(it.getText()),
  );
  return isPromised || answers;
}

/** What reads the arguments of a command, or never comes to its end, is a program. */
function isProgram(fn: ts.FunctionLikeDeclaration): boolean {
  const { text } = fn.getSourceFile();
  return (
    /^#!|\brequire\.main\b|\bimport\.meta\.main\b|\bprocess\.argv\b|\byargs\b|\bcommander\b|\binquirer\b/.test(text) ||
    /\bwhile\s*\(\s*(?:true|1)\s*\)|\bfor\s*\(\s*;\s*;\s*\)|\.listen\(|new Promise(?:<\w+>)?\(\(\)\s*=>\s*\{\s*\}\)/.test(
      fn.getText(),
    ) ||
    (fn.body !== undefined && !some(fn.body, (it) => ts.isCallExpression(it) && !isOfProcess(it)))
  );
}
