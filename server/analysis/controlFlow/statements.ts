import ts from 'typescript';
import { visitClass } from './classes.ts';
import { complete, enclosingFunction, jumpTarget, raise, withCleanup } from './completions.ts';
import { condition } from './conditions.ts';
import { visit } from './expressions.ts';
import type { Flow, TargetFrame } from './flow.ts';
import { visitDo, visitFor, visitForEach, visitWhile } from './loops.ts';
import { visitPattern } from './patterns.ts';
import { visitSwitch } from './switch.ts';
import { hasModifier } from './syntax.ts';
import { visitTry } from './try.ts';

/** Builds a list of statements that forms one scope: its functions exist from the start. */
export function visitStatements(flow: Flow, statements: readonly ts.Statement[]): void {
  hoist(flow, statements);
  visitFrom(flow, statements, 0);
}

/** Binds the function declarations of a scope. */
export function hoist(flow: Flow, statements: readonly ts.Statement[]): void {
  if (!flow.reachable) return;
  for (let statement of statements) {
    while (ts.isLabeledStatement(statement)) statement = statement.statement;
    if (ts.isFunctionDeclaration(statement) && statement.body) flow.add('bind', statement);
  }
}

/** Builds the statements behind `start`; those behind a `using` declaration lie in its scope. */
export function visitFrom(flow: Flow, statements: readonly ts.Statement[], start: number): void {
  for (let i = start; i < statements.length; i++) {
    const statement = statements[i];
    if (!flow.reachable || statement === undefined) return;
    if (ts.isVariableStatement(statement) && isUsing(statement.declarationList)) {
      visitUsing(flow, statement.declarationList, () => visitFrom(flow, statements, i + 1));
      return;
    }
    visitStatement(flow, statement, []);
  }
}

/** Builds the single statement that is the body of an `if`, a loop or a label. */
export function visitEmbedded(flow: Flow, statement: ts.Statement, labels: readonly string[] = []): void {
  if (!ts.isBlock(statement)) hoist(flow, [statement]);
  visitStatement(flow, statement, labels);
}

function visitStatement(flow: Flow, node: ts.Statement, labels: readonly string[]): void {
  if (!flow.reachable || hasModifier(node, ts.SyntaxKind.DeclareKeyword)) return;
  switch (node.kind) {
    case ts.SyntaxKind.Block:
      visitStatements(flow, (node as ts.Block).statements);
      return;
    case ts.SyntaxKind.ExpressionStatement:
      visit(flow, (node as ts.ExpressionStatement).expression, true);
      return;
    case ts.SyntaxKind.VariableStatement:
      visitDeclarations(flow, (node as ts.VariableStatement).declarationList);
      return;
    case ts.SyntaxKind.IfStatement:
      visitIf(flow, node as ts.IfStatement);
      return;
    case ts.SyntaxKind.WhileStatement:
      visitWhile(flow, node as ts.WhileStatement, labels);
      return;
    case ts.SyntaxKind.DoStatement:
      visitDo(flow, node as ts.DoStatement, labels);
      return;
    case ts.SyntaxKind.ForStatement:
      visitFor(flow, node as ts.ForStatement, labels);
      return;
    case ts.SyntaxKind.ForInStatement:
    case ts.SyntaxKind.ForOfStatement:
      visitForEach(flow, node as ts.ForInOrOfStatement, labels);
      return;
    case ts.SyntaxKind.SwitchStatement:
      visitSwitch(flow, node as ts.SwitchStatement, labels);
      return;
    case ts.SyntaxKind.TryStatement:
      visitTry(flow, node as ts.TryStatement);
      return;
    case ts.SyntaxKind.LabeledStatement:
      visitLabeled(flow, node as ts.LabeledStatement, labels);
      return;
    case ts.SyntaxKind.ReturnStatement:
      visitReturn(flow, node as ts.ReturnStatement);
      return;
    case ts.SyntaxKind.ThrowStatement:
      visitThrow(flow, node as ts.ThrowStatement);
      return;
    case ts.SyntaxKind.BreakStatement:
      jump(flow, node as ts.BreakStatement, 'break');
      return;
    case ts.SyntaxKind.ContinueStatement:
      jump(flow, node as ts.ContinueStatement, 'continue');
      return;
    case ts.SyntaxKind.WithStatement:
      visit(flow, (node as ts.WithStatement).expression);
      visitEmbedded(flow, (node as ts.WithStatement).statement);
      return;
    case ts.SyntaxKind.ClassDeclaration:
      visitClass(flow, node as ts.ClassDeclaration);
      if (flow.reachable) flow.add('bind', node);
      return;
    case ts.SyntaxKind.ExportAssignment:
      visit(flow, (node as ts.ExportAssignment).expression);
      return;
    case ts.SyntaxKind.EnumDeclaration:
      for (const member of (node as ts.EnumDeclaration).members)
        if (member.initializer) visit(flow, member.initializer);
      return;
    case ts.SyntaxKind.ModuleDeclaration:
      visitNamespace(flow, node as ts.ModuleDeclaration);
      return;
  }
}

/** Builds declarations one after the other. */
export function visitDeclarations(flow: Flow, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) visitDeclaration(flow, declaration);
}

/** Builds `using` declarations and what lies in their scope, with the disposals on every way out. */
export function visitUsing(flow: Flow, list: ts.VariableDeclarationList, scope: () => void, index = 0): void {
  const declaration = list.declarations[index];
  if (declaration === undefined) {
    scope();
    return;
  }
  visitDeclaration(flow, declaration);
  withDisposal(flow, declaration, () => visitUsing(flow, list, scope, index + 1));
}

/** Builds `scope` with the disposal of one `using` variable on every way out of it. */
export function withDisposal(flow: Flow, declaration: ts.VariableDeclaration, scope: () => void): void {
  withCleanup(flow, scope, () => flow.add('dispose', declaration));
}

/** `using` or `await using`. */
export function isUsing(list: ts.VariableDeclarationList): boolean {
  const kind = list.flags & ts.NodeFlags.BlockScoped;
  return kind === ts.NodeFlags.Using || kind === ts.NodeFlags.AwaitUsing;
}

/** Builds the body of a frame that takes `break` and `continue`; afterwards both lists of the frame are complete. */
export function withTarget(
  flow: Flow,
  construct: TargetFrame['construct'],
  labels: readonly string[],
  body: () => void,
): TargetFrame {
  const frame: TargetFrame = { kind: 'target', labels, construct, breaks: [], continues: [] };
  flow.frames.push(frame);
  body();
  flow.frames.pop();
  return frame;
}

/** The `return` of a value that has been evaluated: `syntax` is the statement or a concise body. */
export function returnFrom(flow: Flow, syntax: ts.Node): void {
  if (!flow.reachable) return;
  const target = enclosingFunction(flow);
  flow.add('return', syntax, target.literal && { inlined: target.literal });
  complete(flow, { kind: 'return', target }, flow.take());
}

function visitDeclaration(flow: Flow, declaration: ts.VariableDeclaration): void {
  if (declaration.initializer) visit(flow, declaration.initializer);
  visitPattern(flow, declaration.name);
  if (flow.reachable) flow.add('bind', declaration);
}

function visitIf(flow: Flow, node: ts.IfStatement): void {
  const { yes, no } = condition(flow, node.expression);
  flow.current = [...yes];
  visitEmbedded(flow, node.thenStatement);
  const first = flow.take();
  flow.current = [...no];
  if (node.elseStatement) visitEmbedded(flow, node.elseStatement);
  flow.merge(first);
}

function visitLabeled(flow: Flow, node: ts.LabeledStatement, labels: readonly string[]): void {
  const all = [...labels, node.label.text];
  const { statement } = node;
  if (
    ts.isIterationStatement(statement, false) ||
    ts.isSwitchStatement(statement) ||
    ts.isLabeledStatement(statement)
  ) {
    visitStatement(flow, statement, all);
    return;
  }
  const frame = withTarget(flow, 'block', all, () => visitStatement(flow, statement, []));
  flow.merge(frame.breaks);
}

function visitReturn(flow: Flow, node: ts.ReturnStatement): void {
  if (node.expression) visit(flow, node.expression);
  returnFrom(flow, node);
}

function visitThrow(flow: Flow, node: ts.ThrowStatement): void {
  if (node.expression) visit(flow, node.expression);
  if (!flow.reachable) return;
  const made = flow.add('throw', node);
  flow.current = [];
  raise(flow, [{ node: made, kind: 'throw' }]);
}

function jump(flow: Flow, node: ts.BreakOrContinueStatement, kind: 'break' | 'continue'): void {
  const target = jumpTarget(flow, kind, node.label?.text);
  // Without a target the program is wrong; going on keeps the rest of it in the graph.
  if (target === undefined) return;
  flow.add(kind, node);
  complete(flow, { kind, target }, flow.take());
}

function visitNamespace(flow: Flow, node: ts.ModuleDeclaration): void {
  const { body } = node;
  if (!body) return;
  if (ts.isModuleBlock(body)) visitStatements(flow, body.statements);
  else if (ts.isModuleDeclaration(body)) visitNamespace(flow, body);
}
