import ts from 'typescript';
import type { Edge, FlowNode } from '../controlFlow/graph.ts';
import { calleeName, isAssignment, isFunctionLiteral, strip, unstrip, walk } from '../syntax/tree.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/**
 * Recognises tests that only come out one way once the timer has fired: of a flag that its callback sets, or of an abort
 * that its callback makes. On such a path there is nothing left to clear.
 */
export class FiredTests {
  /** Text of what the callback assigns → whether it becomes true. */
  readonly #assigned = new Map<string, boolean>();
  readonly #aborts: boolean;
  /** Text of what its callback settles a promise with. */
  #settled: string | undefined;

  constructor(timer: Timer) {
    let aborts = /\babort\b/.test(timer.callback?.getText() ?? '');
    const body = callbackLiteral(timer)?.body;
    if (body) {
      walk(body, (node) => {
        if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
          this.#assigned.set(node.left.getText(), !isFalsy(node.right));
        } else if (ts.isCallExpression(node)) {
          const name = calleeName(node)?.text ?? '';
          aborts ||= name === 'abort';
          if (/^res(?:olve)?$/.test(name)) this.#settled = node.arguments[0]?.getText() ?? 'undefined';
        }
      });
    }
    this.#aborts = aborts;
  }

  /** Whether taking the edge means that the timer has fired. */
  shows({ kind, test, syntax }: FlowNode, { kind: way }: Edge): boolean {
    if (kind !== 'branch' || test !== 'truthy' || (way !== 'true' && way !== 'false') || !ts.isExpression(syntax))
      return false;
    return this.#meansFired(syntax, way === 'true');
  }

  #meansFired(node: ts.Expression, holds: boolean): boolean {
    const expression = strip(node);
    if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.ExclamationToken)
      return this.#meansFired(expression.operand, !holds);
    const text = expression.getText();
    const assigned = this.#assigned.get(text);
    if (assigned !== undefined) return assigned === holds;
    if (this.#settled !== undefined && isResultOfTimer(expression, holds, this.#settled)) return true;
    return holds && this.#aborts && /AbortError|TimeoutError|\.aborted\b/.test(text);
  }
}

/** `if (finished) … else …` and `result === 'timeout'` of a race in which the timer brings `false`, or `'timeout'`. */
function isResultOfTimer(expression: ts.Expression, holds: boolean, settled: string): boolean {
  if (ts.isIdentifier(expression))
    return !holds && /^(?:false|null|undefined|0|'')$/.test(settled) && isResultName(expression);
  if (!ts.isBinaryExpression(expression)) return false;
  const { left, right, operatorToken } = expression;
  const sides = [strip(left), strip(right)];
  if (!sides.some((side) => side.getText() === settled) || !sides.some(isResultName)) return false;
  switch (operatorToken.kind) {
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return holds;
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return !holds;
    default:
      return false;
  }
}

/** A name that holds what a race came to. */
function isResultName(node: ts.Expression): boolean {
  if (!ts.isIdentifier(node)) return false;
  for (let current: ts.Node = node; current.parent; current = current.parent) {
    if (isFunctionLiteral(current) && current.parameters[0]?.name.getText() === node.text) {
      const then = unstrip(current).parent;
      return ts.isCallExpression(then) && /\brace\b[\s\S]*\bthen$/.test(then.expression.getText());
    }
    if (!ts.isBlock(current)) continue;
    for (const statement of current.statements) {
      const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
      const found = declared.find(({ name }) => name.getText() === node.text);
      if (found) return /\brace\s*\(/.test(found.initializer?.getText() ?? '');
    }
  }
  return false;
}

function isFalsy(node: ts.Expression): boolean {
  const { kind } = strip(node);
  return kind === ts.SyntaxKind.FalseKeyword || kind === ts.SyntaxKind.NullKeyword;
}
