import ts from 'typescript';
import { areExclusive } from '../contexts/exclusive.ts';
import { calleeName, contains, functionName, strip, walk } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** What makes a timer superfluous. */
export interface Superseded {
  /** `flag`: its callback asks a flag · `interval`: it gives up an interval that ends by itself. */
  readonly by: 'flag' | 'interval';
  /** The test in the callback, or the call that clears the interval. */
  readonly flag: ts.Node;
  /** Where the flag is set or the interval ends: there the timer could be cleared. */
  readonly set: ts.Node;
}

/**
 * `setTimeout(() => { if (closed) return; … })` where `closed` is a local latch that other code sets: the code
 * knows when the timer has become superfluous, but nobody kept it to clear it.
 */
export function supersededBy(timer: Timer, unit: SourceUnit): Superseded | undefined {
  return flagged(timer, unit) ?? besideInterval(timer, unit);
}

/** `setTimeout(() => { clearInterval(check); … })` beside a `check` that clears itself when it has seen what it waits for. */
function besideInterval(timer: Timer, unit: SourceUnit): Superseded | undefined {
  const own = callbackLiteral(timer);
  let found: Superseded | undefined;
  if (!own || timer.keeping.by !== 'nobody') return undefined;
  walk(own, (node) => {
    const name = clearedBy(node);
    const binding = name && unit.scopes.bindingOf(name);
    const declaration = binding?.declarations[0]?.parent;
    if (found || !binding || !declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return;
    const set = binding.references.find((it) => contains(declaration, it) && clearedBy(it.parent) === it);
    const others = binding.references.filter((it) => clearedBy(it.parent) === it && !contains(declaration, it));
    if (set && others.every((it) => contains(own, it))) found = { by: 'interval', flag: node, set: set.parent };
  });
  return found;
}

function clearedBy(node: ts.Node): ts.Identifier | undefined {
  if (!ts.isCallExpression(node) || calleeName(node)?.text !== 'clearInterval') return undefined;
  const [handle] = node.arguments;
  return handle && ts.isIdentifier(handle) ? handle : undefined;
}

function flagged(timer: Timer, unit: SourceUnit): Superseded | undefined {
  const body = callbackLiteral(timer)?.body;
  if (!body || !ts.isBlock(body) || body.statements.length < 2) return undefined;
  const [first] = body.statements;
  if (!first || !ts.isIfStatement(first) || first.elseStatement || !leaves(first.thenStatement)) return undefined;
  const flag = strip(first.expression);
  if (!ts.isIdentifier(flag)) return undefined;
  const binding = unit.scopes.bindingOf(flag);
  const declaration = binding?.declarations[0]?.parent;
  if (!binding || !declaration || !ts.isVariableDeclaration(declaration)) return undefined;
  if (declaration.initializer?.kind !== ts.SyntaxKind.FalseKeyword || ts.isSourceFile(binding.scope.node))
    return undefined;
  const [set, another] = binding.writes.filter((write) => isSetTrue(write));
  if (!set || another || binding.writes.length !== 1) return undefined;
  let setsItself = false;
  walk(body, (node) => {
    if (node === set) setsItself = true;
  });
  // What set it has left before; and a pause before the next attempt is the work itself.
  if (areExclusive(set, timer.call) || goesOn(body, timer.call)) return undefined;
  return setsItself ? undefined : { by: 'flag', flag: first.expression, set: set.parent };
}

/** Whether the callback runs, or hands on, a function that starts the timer: `() => { if (done) return; attempt(); }`. */
function goesOn(body: ts.Block, start: ts.Node): boolean {
  const names = new Set<string>();
  for (let current = start; current.parent; current = current.parent) {
    if (!ts.isFunctionLike(current)) continue;
    const name = functionName(current as ts.SignatureDeclaration);
    if (name !== undefined) names.add(name);
  }
  let found = false;
  walk(body, (node) => {
    if (!ts.isIdentifier(node) || !names.has(node.text)) return;
    const { parent } = node;
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
    found ||= !isMember || parent.expression.kind === ts.SyntaxKind.ThisKeyword;
  });
  return found;
}

function leaves(statement: ts.Statement): boolean {
  const inner = ts.isBlock(statement) && statement.statements.length === 1 ? statement.statements[0] : statement;
  return inner !== undefined && ts.isReturnStatement(inner) && inner.expression === undefined;
}

function isSetTrue({ parent }: ts.Identifier): boolean {
  return ts.isBinaryExpression(parent) && parent.right.kind === ts.SyntaxKind.TrueKeyword;
}
