import ts from 'typescript';
import { raise } from './completions.ts';
import { condition } from './conditions.ts';
import { visit } from './expressions.ts';
import type { Flow } from './flow.ts';
import { visitAssignmentPattern, visitPattern } from './patterns.ts';
import { isUsing, visitDeclarations, visitEmbedded, visitUsing, withDisposal, withTarget } from './statements.ts';

/** `while (…) …` */
export function visitWhile(flow: Flow, node: ts.WhileStatement, labels: readonly string[]): void {
  const head = flow.add('join', node);
  const { yes, no } = condition(flow, node.expression);
  flow.current = [...yes];
  const frame = withTarget(flow, 'loop', labels, () => visitEmbedded(flow, node.statement));
  flow.merge(frame.continues);
  flow.connect(flow.take(), head);
  flow.current = [...no, ...frame.breaks];
}

/** `do … while (…)` */
export function visitDo(flow: Flow, node: ts.DoStatement, labels: readonly string[]): void {
  const head = flow.add('join', node);
  const frame = withTarget(flow, 'loop', labels, () => visitEmbedded(flow, node.statement));
  flow.merge(frame.continues);
  const { yes, no } = condition(flow, node.expression);
  flow.connect(yes, head);
  flow.current = [...no, ...frame.breaks];
}

/** `for (…; …; …) …` */
export function visitFor(flow: Flow, node: ts.ForStatement, labels: readonly string[]): void {
  const { initializer } = node;
  if (initializer && ts.isVariableDeclarationList(initializer)) {
    if (isUsing(initializer)) {
      visitUsing(flow, initializer, () => visitForLoop(flow, node, labels));
      return;
    }
    visitDeclarations(flow, initializer);
  } else if (initializer) {
    visit(flow, initializer, true);
  }
  visitForLoop(flow, node, labels);
}

function visitForLoop(flow: Flow, node: ts.ForStatement, labels: readonly string[]): void {
  if (!flow.reachable) return;
  const head = flow.add('join', node);
  const { yes, no } = node.condition ? condition(flow, node.condition) : { yes: flow.take(), no: [] };
  flow.current = [...yes];
  const frame = withTarget(flow, 'loop', labels, () => visitEmbedded(flow, node.statement));
  flow.merge(frame.continues);
  if (node.incrementor) visit(flow, node.incrementor, true);
  flow.connect(flow.take(), head);
  flow.current = [...no, ...frame.breaks];
}

/** `for (… in …) …`, `for (… of …) …` and `for await (… of …) …` */
export function visitForEach(flow: Flow, node: ts.ForInOrOfStatement, labels: readonly string[]): void {
  visit(flow, node.expression);
  if (!flow.reachable) return;
  const head = flow.add('join', node);
  if (ts.isForOfStatement(node) && node.awaitModifier) {
    const step = flow.add('evaluate', node);
    raise(flow, [{ node: step, kind: 'throw' }]);
  }
  const { yes, no } = flow.branch(node, 'next');
  flow.current = yes;
  const frame = withTarget(flow, 'loop', labels, () => visitElement(flow, node));
  flow.merge(frame.continues);
  flow.connect(flow.take(), head);
  flow.current = [...no, ...frame.breaks];
}

function visitElement(flow: Flow, node: ts.ForInOrOfStatement): void {
  const { initializer } = node;
  const body = () => visitEmbedded(flow, node.statement);
  if (!ts.isVariableDeclarationList(initializer)) {
    visitAssignmentPattern(flow, initializer);
    if (flow.reachable) flow.add('bind', initializer);
    body();
    return;
  }
  const [declaration] = initializer.declarations;
  if (declaration) {
    visitPattern(flow, declaration.name);
    if (flow.reachable) flow.add('bind', declaration);
  }
  if (declaration && flow.reachable && isUsing(initializer)) withDisposal(flow, declaration, body);
  else body();
}
