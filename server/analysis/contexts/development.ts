import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingRoot, isRoot, strip } from '../syntax/tree.ts';
import { knownCallsOf } from './knownCalls.ts';

/** How many callers are followed. */
const maxDepth = 2;
const environment = /\bNODE_ENV$|^import\.meta\.env\.MODE$/;
const flag =
  /(?:^|\.)(?:__DEV__|(?:is|in)_?(?:dev|development|debug)(?:Mode|Env(?:ironment)?)?|import\.meta\.env\.DEV)$/i;

/** Whether code runs on the machine of a developer only: a condition around it, or around every call of it, asks for that. */
export function isForDevelopment(semantics: Semantics, node: ts.Node, depth = maxDepth): boolean {
  if (isGuarded(node)) return true;
  const fn = enclosingRoot(node);
  if (depth === 0 || ts.isSourceFile(fn)) return false;
  return knownCallsOf(semantics, fn)?.every((call) => isForDevelopment(semantics, call, depth - 1)) ?? false;
}

function isGuarded(node: ts.Node): boolean {
  for (let current = node; current.parent; current = current.parent) {
    const { parent } = current;
    const holds = outcomeFor(parent, current);
    const condition = conditionOf(parent);
    if (holds !== undefined && condition && asksForDevelopment(condition) === holds) return true;
    if (isRoot(parent) && !ts.isFunctionLike(parent)) return false;
  }
  return false;
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  return ts.isBinaryExpression(node) ? node.left : undefined;
}

/** On which outcome of the condition of a node its child runs. */
function outcomeFor(node: ts.Node, child: ts.Node): boolean | undefined {
  if (ts.isIfStatement(node))
    return child === node.thenStatement ? true : child === node.elseStatement ? false : undefined;
  if (ts.isConditionalExpression(node))
    return child === node.whenTrue ? true : child === node.whenFalse ? false : undefined;
  if (!ts.isBinaryExpression(node) || child !== node.right) return undefined;
  if (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return true;
  return node.operatorToken.kind === ts.SyntaxKind.BarBarToken ? false : undefined;
}

/** The outcome of a condition that says that this is a developer's machine. */
function asksForDevelopment(condition: ts.Expression): boolean | undefined {
  const asked = strip(condition);
  if (ts.isPrefixUnaryExpression(asked)) {
    const inner = asked.operator === ts.SyntaxKind.ExclamationToken ? asksForDevelopment(asked.operand) : undefined;
    return inner === undefined ? undefined : !inner;
  }
  if (!ts.isBinaryExpression(asked)) return flag.test(asked.getText()) ? true : undefined;
  const { left, right, operatorToken } = asked;
  if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
    return asksForDevelopment(left) || asksForDevelopment(right) ? true : undefined;
  if (!environment.test(strip(left).getText()) || !ts.isStringLiteralLike(right)) return undefined;
  const equality = /^===?$/.test(operatorToken.getText());
  if (!equality && !/^!==?$/.test(operatorToken.getText())) return undefined;
  if (/^(?:dev|development|local)$/.test(right.text)) return equality;
  return /^prod(?:uction)?$/.test(right.text) ? !equality : undefined;
}
