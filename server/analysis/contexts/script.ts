import ts from 'typescript';
import type { GraphRoot } from '../controlFlow/graph.ts';
import { actionMethods, commandClasses } from '../resources/commandLines.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calledMethod, enclosingRoot, isFunctionLiteral, isRoot, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { isCalledAtOnce } from './calledBack.ts';
import { knownCallsOf } from './knownCalls.ts';

/**
 * Whether the function belongs to a script: every mention of it is a call at the top level of its file, or a call in such
 * a function that catches nothing. An exception that leaves it ends the process.
 */
export function isScriptMain(unit: SourceUnit, root: GraphRoot): boolean {
  return isPartOfScript(unit, root, new Set(), false);
}

/** The same, or the action of a command: nobody catches what leaves it. */
export function endsProcess(unit: SourceUnit, root: GraphRoot): boolean {
  return isPartOfScript(unit, root, new Set(), true);
}

function isPartOfScript(unit: SourceUnit, root: ts.Node, seen: Set<ts.Node>, actions: boolean): boolean {
  if (ts.isSourceFile(root)) return true;
  if (seen.has(root)) return false;
  seen.add(root);
  if (actions && isFunctionLiteral(root) && isCommandAction(unit, root)) return true;
  if (actions && ts.isMethodDeclaration(root)) return isCommandMethod(unit, root);
  if (!ts.isFunctionDeclaration(root) && !isFunctionLiteral(root)) return false;
  const name = ts.isFunctionDeclaration(root) ? root.name : declaredName(root);
  if (!name) return false;
  const binding = unit.scopes.bindingOf(name);
  if (!binding || !ts.isSourceFile(binding.scope.node) || isExported(root)) return false;
  return (
    binding.references.length > 0 &&
    binding.references.every(
      (reference) =>
        isTopLevelCall(reference) ||
        (actions && isCommandAction(unit, reference)) ||
        isCalledInScript(unit, reference, seen, actions),
    )
  );
}

/**
 * `program.command('init').action(init)`: nobody but the command line runs it, and what it throws ends the process,
 * unless somebody listens for that.
 */
function isCommandAction({ text }: SourceUnit, fn: ts.Expression): boolean {
  const value = unstrip(fn);
  const { parent } = value;
  if (!ts.isCallExpression(parent) || parent.arguments.at(-1) !== value || text.includes('unhandledRejection'))
    return false;
  const method = calledMethod(parent) ?? '';
  return Object.hasOwn(actionMethods, method) && actionMethods[method]?.test(text) === true;
}

/** `class Init extends Command { async run() {} }`: the framework prints what leaves it, and ends the process. */
function isCommandMethod({ text }: SourceUnit, { name, parent }: ts.MethodDeclaration): boolean {
  if (!commandClasses.method.test(name.getText()) || !ts.isClassLike(parent)) return false;
  const base = parent.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  return commandClasses.base.test(base?.expression.getText() ?? '') && commandClasses.module.test(text);
}

/**
 * Whether only the command line runs the code: all that is known to call it are the actions of commands. Somebody sits
 * before it, whatever else the program is.
 */
export function isOfCommands(semantics: Semantics, node: ts.Node, depth = 4): boolean {
  const root = enclosingRoot(node);
  if (depth === 0 || ts.isSourceFile(root)) return false;
  if (isFunctionLiteral(root) && isCommandAction(semantics.program.unitOf(root), root)) return true;
  return knownCallsOf(semantics, root)?.every((call) => isOfCommands(semantics, call, depth - 1)) ?? false;
}

/** Whether a piece of code runs once, while its module is loaded: at the top level, or in a function called there at once. */
export function runsOnLoad(node: ts.Node): boolean {
  for (let current = node; current.parent; current = current.parent) {
    if (ts.isIterationStatement(current.parent, false)) return false;
    if (isRoot(current) && !isCalledAtOnce(current)) return false;
    if (ts.isSourceFile(current.parent)) return true;
  }
  return false;
}

function declaredName(literal: ts.Node): ts.Identifier | undefined {
  const { parent } = literal;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
}

function isExported(node: ts.Node): boolean {
  const statement = ts.isFunctionDeclaration(node) ? node : node.parent.parent.parent;
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

/** `await seed()` in `main()`, where nobody catches what it throws. */
function isCalledInScript(unit: SourceUnit, reference: ts.Identifier, seen: Set<ts.Node>, actions: boolean): boolean {
  const { parent } = reference;
  if (!ts.isCallExpression(parent) || parent.expression !== reference) return false;
  const caller = enclosingRoot(parent);
  if (ts.isSourceFile(caller) || ts.isClassStaticBlockDeclaration(caller)) return false;
  const outer = unstrip(parent).parent;
  const isPassedOn = ts.isAwaitExpression(outer) || ts.isReturnStatement(outer) || ts.isExpressionStatement(outer);
  for (let node: ts.Node = parent; node !== caller; node = node.parent) {
    if (ts.isTryStatement(node.parent) && node.parent.tryBlock === node && node.parent.catchClause) return false;
  }
  return isPassedOn && isPartOfScript(unit, caller, seen, actions);
}

function isTopLevelCall(reference: ts.Identifier): boolean {
  const { parent } = reference;
  if (!ts.isCallExpression(parent) || parent.expression !== reference) return false;
  const root = enclosingRoot(parent);
  if (ts.isSourceFile(root)) return true;
  // `(async () => { await main(); })()` at top level.
  const callee = isFunctionLiteral(root) ? unstrip(root).parent : undefined;
  return (
    callee !== undefined &&
    ts.isCallExpression(callee) &&
    isRoot(enclosingRoot(callee)) &&
    ts.isSourceFile(enclosingRoot(callee))
  );
}
