import ts from 'typescript';
import type { Binding } from '../syntax/scopes.ts';
import { calleeName, isAsync, isFunctionLiteral, isRoot, someInFunction, strip, walk } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import { type ExistingRelease, mentions } from './releases.ts';

/** What depends on the resource being alive: its own name and names of what is not waited for. */
export interface Uses {
  /** Every identifier whose value needs the resource, releases excluded, in source order. */
  readonly all: readonly ts.Identifier[];
  /** Whether the identifier's value needs the resource. */
  needs(identifier: ts.Identifier): boolean;
}

/** Whether a call is over when it returns, and what it gives is mere data: `fs.readSync(…)`. */
export function isOver(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /Sync$/.test(calleeName(node)?.text ?? '');
}

/** Finds the uses of the resource, also through closures over it and through results nobody has waited for. */
export function usesOf(held: Held, releases: readonly ExistingRelease[]): Uses {
  const { scopes } = held.analysis.unit;
  const bindings = new Set<Binding>([held.binding]);
  const isRelease = (node: ts.Node): boolean => releases.some((r) => r.node.pos <= node.pos && node.end <= r.node.end);
  for (const binding of bindings) {
    for (const reference of binding.references) {
      if (isRelease(reference)) continue;
      for (const name of namesFor(reference, held)) {
        const derived = scopes.bindingOf(name);
        if (derived) bindings.add(derived);
      }
    }
  }
  const needs = (identifier: ts.Identifier): boolean => {
    const binding = scopes.bindingOf(identifier);
    return binding !== undefined && bindings.has(binding);
  };
  const all = [...bindings].flatMap((b) => b.references.filter((r) => !isRelease(r) && r !== held.target));
  return { all: all.sort((a, b) => a.pos - b.pos), needs };
}

/** The names that get a value in which the use lives on: a closure, an unsettled promise, an object around it. */
function namesFor(use: ts.Identifier, { fn }: Held): readonly ts.Identifier[] {
  let alive = true;
  for (let node: ts.Node = use; node !== fn && node.parent; node = node.parent) {
    const { parent } = node;
    if (isRoot(node)) {
      if (ts.isFunctionDeclaration(node)) return node.name ? [node.name] : [];
      // Whatever its body waits for: running the closure needs the resource.
      alive = true;
    }
    if (ts.isAwaitExpression(node) || isOver(node)) alive = false;
    if (!alive) continue;
    if (ts.isVariableDeclaration(parent) && parent.initializer === node) return boundNames(parent.name);
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const left = strip(parent.left);
      if (parent.right === node && ts.isIdentifier(left)) return [left];
    }
  }
  return [];
}

/** The names that a pattern binds. */
export function boundNames(name: ts.BindingName): readonly ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((e) => (ts.isBindingElement(e) ? boundNames(e.name) : []));
}

/** The names that statements declare for the rest of their block. */
export function declaredIn(statements: readonly ts.Statement[]): readonly ts.Identifier[] {
  return statements.flatMap((statement): readonly ts.Identifier[] => {
    if (ts.isVariableStatement(statement)) {
      const { flags, declarations } = statement.declarationList;
      return flags & ts.NodeFlags.BlockScoped ? declarations.flatMap((d) => boundNames(d.name)) : [];
    }
    const isNamed =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement);
    return isNamed && statement.name ? [statement.name] : [];
  });
}

/** Whether the node mentions one of the names, in types too. */
export function mentionsAny(node: ts.Node, names: readonly ts.Identifier[]): boolean {
  const texts = new Set(names.map((n) => n.text));
  return mentions(node, (identifier) => texts.has(identifier.text)).length > 0;
}

/** Whether something in the node waits, so that time passes: functions inside it do not count. */
export function waits(node: ts.Node): boolean {
  return someInFunction(
    node,
    (inner) =>
      ts.isAwaitExpression(inner) ||
      ts.isYieldExpression(inner) ||
      (ts.isForOfStatement(inner) && inner.awaitModifier !== undefined),
  );
}

/** Whether a statement may throw, by the cautious rule that every call does. */
export function mayThrow(node: ts.Node): boolean {
  let found = false;
  walk(node, (inner) => {
    const call = ts.isCallExpression(inner) || ts.isNewExpression(inner) || ts.isTaggedTemplateExpression(inner);
    found ||= (call && !/^console\.|^clear(?:Timeout|Interval)\b/.test(inner.getText())) || ts.isThrowStatement(inner);
    found ||= ts.isAwaitExpression(inner) || ts.isYieldExpression(inner);
  });
  return found;
}

/**
 * Whether the use may go on when its statement is over: it stands in a closure that is neither run in place nor waited
 * for. Closures with a name are followed by that name.
 */
export function outlives(use: ts.Identifier, { fn, graph }: Held): boolean {
  let pending = false;
  for (let node: ts.Node = use; node !== fn && node.parent; node = node.parent) {
    const { parent } = node;
    if (ts.isAwaitExpression(node) || ts.isReturnStatement(node)) pending = false;
    else if (isRoot(node)) {
      if (!isFunctionLiteral(node)) return !ts.isFunctionDeclaration(node);
      const how = graph.inlined.get(node);
      pending = !(how === 'iife' || how === 'each' || how === 'executor') || isAsync(node);
    }
    if (ts.isVariableDeclaration(parent)) return false;
    if (pending && (ts.isStatement(node) || ts.isPropertyAssignment(node))) return true;
  }
  return false;
}

/** Whether the use starts something that nobody waits for: a bare `client.query(…)` statement in asynchronous code. */
export function floats(use: ts.Identifier): boolean {
  let called = false;
  for (let node: ts.Node = use; node.parent; node = node.parent) {
    if (ts.isCallExpression(node)) called ||= !isRegistration(node) && !isOver(node);
    if (ts.isExpressionStatement(node)) return called;
    if (ts.isAwaitExpression(node) || ts.isStatement(node) || isRoot(node) || ts.isVariableDeclaration(node))
      return false;
  }
  return false;
}

const isRegistration = ({ expression }: ts.CallExpression): boolean =>
  ts.isPropertyAccessExpression(expression) &&
  /^(?:on|once|off|addListener|removeListener|removeAllListeners|setMaxListeners)$/.test(expression.name.text);

/** A statement after which the connection is there to be told something. */
const listens = /^['"`]\s*listen\b/i;

/** Whether the unawaited work that the use starts says what comes after it: a handler, a callback, a pipe, a subscription. */
export function continues(use: ts.Identifier): boolean {
  if (!floats(use)) return false;
  for (let node: ts.Node = use; node.parent && !ts.isStatement(node); node = node.parent) {
    if (!ts.isCallExpression(node)) continue;
    if (node.arguments.some((argument) => isFunctionLiteral(strip(argument)) || listens.test(argument.getText())))
      return true;
    if (/^(?:then|pipe|finally|catch)$/.test(calleeName(node)?.text ?? '')) return true;
  }
  return false;
}
