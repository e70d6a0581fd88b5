import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import {
  calledMethod,
  contains,
  enclosingRoot,
  functionName,
  isAssignment,
  isFunctionLiteral,
  isRoot,
  memberName,
  some,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import { isCalledAtOnce, takerOf } from './calledBack.ts';
import { isPartOfCommand, isRunByHand } from './handRun.ts';
import { latchBetween } from './latches.ts';
import { isTestFile } from './places.ts';

/** A function that makes something for the work of one call. */
export interface EachCall {
  readonly name: string;
  /** What comes with each call. */
  readonly parameter: ts.ParameterDeclaration;
  /** Whether that decides what is made, and not only what is done with it. */
  readonly isMadeOf: boolean;
}

/** What is called one time, when something begins or ends, or what people run by hand. */
const once =
  /^_*(?:main|start|init|initiali[sz]e|setup|boot|bootstrap|configure|install|launch|listen|run|serve|migrate|seed|register|plugin|activate|apply|up|down|mount|attach|enable|create|make|build|open|connect|load|watch|subscribe|consume|on(?=[A-Z]))(?:$|[A-Z_])/;
/** What nobody closes who works with it for good. */
const serving =
  /^_*(?:p?subscribe|run|watch|process|listen|consume|serve|use|monitor|attach|accept|bind|psubscribe|createConsumer|changes|follow)$/;
/** Events of a client's own life: to hear of them is no work. */
const own =
  /^(?:error|connect|connection|connecting|ready|open|end|close|disconnect|disconnected|reconnecting|reconnect|timeout|warning|drain|idle|notice|debug|log|trace|commandFailed|connectFailed)$/;
const registering = /^(?:on|once|addListener|addEventListener|prependListener)$/;

/**
 * The function whose every call makes another one for this call only: what the function is given decides what is made or
 * what is done with it, the function waits for that, and its name tells of nothing that begins one time.
 */
export function madeForEachCall(
  semantics: Semantics,
  site: ts.CallExpression | ts.NewExpression,
): EachCall | undefined {
  const path = site.getSourceFile().fileName;
  const { host } = semantics.program;
  if (isRunByHand(host, path) || isPartOfCommand(host, path)) return undefined;
  const fn = functionAround(semantics, site);
  const name = fn && functionName(fn);
  if (!fn || name === undefined || once.test(name) || ts.isConstructorDeclaration(fn)) return undefined;
  const decisive = fn.parameters.find((it) => (site.arguments ?? []).some((made) => isMadeOf(semantics, made, it, 3)));
  const parameter = decisive ?? fn.parameters.find((it) => isReadBehind(semantics, it, site));
  const variable = variableOf(site);
  if (!parameter || !variable || isUsedForGood(semantics, variable) || !waitsForWork(fn, site)) return undefined;
  if (isLetOut(semantics, variable, fn, 4)) return undefined;
  return isCalledOnce(semantics, fn) ? undefined : { name, parameter, isMadeOf: decisive !== undefined };
}

/** The function with a name in which the code runs once for each call, and no latch lies between. */
function functionAround(semantics: Semantics, site: ts.Node): ts.FunctionLikeDeclaration | undefined {
  for (let node: ts.Node = site; ; ) {
    const root = enclosingRoot(node);
    if (ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root)) return undefined;
    for (let child = node; child !== root; child = child.parent) {
      if (ts.isIterationStatement(child.parent, false) || latchBetween(semantics, child, child.parent, root))
        return undefined;
    }
    if (!isFunctionLiteral(root) || !(isCalledAtOnce(root) || isExecutor(root)))
      return takerOf(root as ts.Expression) ? undefined : root;
    node = unstrip(root);
  }
}

/** `new Promise((resolve) => …)` */
function isExecutor(fn: ts.Expression): boolean {
  const { parent } = unstrip(fn);
  return ts.isNewExpression(parent) && parent.expression.getText() === 'Promise';
}

/** Whether an expression reads the parameter, or a variable that was made of it. */
function isMadeOf(semantics: Semantics, node: ts.Node, parameter: ts.ParameterDeclaration, depth: number): boolean {
  return some(node, (inner) => {
    if (!ts.isIdentifier(inner) || depth === 0) return false;
    const declared = semantics.program.unitOf(inner).scopes.bindingOf(inner)?.declarations[0];
    if (!declared) return false;
    if (contains(parameter, declared)) return true;
    let declaration: ts.Node = declared;
    while (!ts.isVariableDeclaration(declaration) && !ts.isStatement(declaration)) declaration = declaration.parent;
    if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return false;
    if (!contains(parameter.parent, declaration) || contains(declaration, inner)) return false;
    return isMadeOf(semantics, declaration.initializer, parameter, depth - 1);
  });
}

/** Whether the work behind the site depends on the parameter. */
function isReadBehind(semantics: Semantics, parameter: ts.ParameterDeclaration, site: ts.Node): boolean {
  const { scopes } = semantics.program.unitOf(parameter);
  return some(parameter.name, (node) => {
    const references = ts.isIdentifier(node) ? (scopes.bindingOf(node)?.references ?? []) : [];
    return references.some((it) => it.pos > site.end);
  });
}

/** The variable that is given the value, behind calls in between: `const client = await new Client().connect()`. */
function variableOf(site: ts.Expression): ts.Identifier | undefined {
  let node: ts.Node = site;
  while (ts.isExpression(node) && !ts.isFunctionLike(node)) node = node.parent;
  return ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) ? node.name : undefined;
}

function referencesOf(semantics: Semantics, name: ts.Identifier): readonly ts.Identifier[] {
  const all = semantics.program.unitOf(name).scopes.bindingOf(name)?.references ?? [];
  return all.filter((it) => it !== name);
}

/** Methods that promise a part of what they are called on, and no data. */
const giving =
  /^(?:connect|open|init|ready|(?:get|create|acquire|use|select)?_?(?:connection|client|db|database|collection|channel|session|model|repository|manager|table|index|bucket|queue))$/i;

/** Whether something leaves the function that works with what the variable holds: a handle of it, or an object around. */
function isLetOut(semantics: Semantics, variable: ts.Identifier, fn: ts.Node, depth: number): boolean {
  return referencesOf(semantics, variable).some((reference) => {
    if (isInKeptFunction(reference, fn)) return true;
    for (let node: ts.Node = reference; node !== fn; node = node.parent) {
      const { parent } = node;
      if (ts.isAwaitExpression(parent) && !givesPart(parent.expression)) return false;
      if (ts.isReturnStatement(parent) || ts.isYieldExpression(parent)) return enclosingRoot(parent) === fn;
      if (ts.isArrowFunction(parent) && parent.body === node && parent === fn) return true;
      if (ts.isBinaryExpression(parent) && parent.right === node && isAssignment(parent.operatorToken.kind))
        return true;
      if (ts.isVariableDeclaration(parent) && parent.initializer === node) {
        const isPlain = ts.isIdentifier(parent.name) && depth > 0;
        return !isPlain || isLetOut(semantics, parent.name as ts.Identifier, fn, depth - 1);
      }
      if (ts.isStatement(parent)) return false;
    }
    return false;
  });
}

/** Whether a function with a name, or one in an object, lies between: who calls it, and when, is not seen. */
function isInKeptFunction(reference: ts.Node, fn: ts.Node): boolean {
  for (let node = reference; node !== fn; node = node.parent) {
    const isSeen = isFunctionLiteral(node) && (takerOf(node) || isCalledAtOnce(node) || isExecutor(node));
    if (isRoot(node) && !isSeen) return true;
  }
  return false;
}

/** `await client.getConnection()`, other than `await client.query(…)`. */
function givesPart(awaited: ts.Expression): boolean {
  const call = strip(awaited);
  return !ts.isCallExpression(call) || giving.test(calledMethod(call) ?? '');
}

/** Whether it is made to hear of something, and not for what one call wants of it. */
function isUsedForGood(semantics: Semantics, variable: ts.Identifier): boolean {
  return referencesOf(semantics, variable).some((reference) => {
    const { parent } = unstrip(reference);
    if (!ts.isPropertyAccessExpression(parent)) return false;
    const { text } = parent.name;
    const call = parent.parent;
    // `client.onmessage = …`
    if (ts.isBinaryExpression(call) && call.left === parent) return /^on/.test(text);
    if (!ts.isCallExpression(call) || call.expression !== parent) return false;
    if (serving.test(text)) return true;
    const [event] = call.arguments;
    return registering.test(text) && !(event && ts.isStringLiteralLike(event) && own.test(event.text));
  });
}

/** Whether the function waits for something behind the site: then it has had what it wanted. */
function waitsForWork(fn: ts.FunctionLikeDeclaration, site: ts.Node): boolean {
  if (!fn.body) return false;
  return some(fn.body, (node) => {
    if (node.end <= site.end) return false;
    if (ts.isAwaitExpression(node)) return !contains(node, site);
    return ts.isCallExpression(node) && memberName(strip(node.expression)) === 'then' && !contains(node, site);
  });
}

/** Whether all that is known to call it runs one time: when a module is loaded, or something begins. */
function isCalledOnce(semantics: Semantics, fn: ts.FunctionLikeDeclaration): boolean {
  const uses = semantics.references.usesOf(fn);
  if (uses === 'unknown') return false;
  const calls = uses.calls.filter(({ unit }) => !isTestFile(semantics.program.host, unit.path));
  return (
    calls.length > 0 && calls.every(({ call, unit }) => isStart(call) || isRunByHand(semantics.program.host, unit.path))
  );
}

function isStart(call: ts.Node): boolean {
  for (let node = enclosingRoot(call); ; node = enclosingRoot(node)) {
    if (ts.isSourceFile(node) || ts.isClassStaticBlockDeclaration(node) || ts.isConstructorDeclaration(node))
      return true;
    const name = functionName(node);
    if (name !== undefined) return once.test(name);
  }
}
