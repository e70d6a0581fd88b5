import ts from 'typescript';
import type { Edge, FlowNode } from '../controlFlow/graph.ts';
import { calleeName, isAssignment, strip, walk } from '../syntax/tree.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/**
 * Recognises tests that only come out one way once the timer has fired: of a flag that its callback sets, or of an abort
 * that its callback makes. On such a path there is nothing left to clear.
 */
export class FiredTests {
  /** Text of what the callback assigns → whether it becomes true. */
  readonly #assigned = new Map<string, boolean>();
  readonly #aborts: boolean;

  constructor(timer: Timer) {
    let aborts = /\babort\b/.test(timer.callback?.getText() ?? '');
    const body = callbackLiteral(timer)?.body;
    if (body) {
      walk(body, (node) => {
        if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
          this.#assigned.set(node.left.getText(), !isFalsy(node.right));
        } else if (ts.isCallExpression(node) && calleeName(node)?.text === 'abort') aborts = true;
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
    return holds && this.#aborts && /AbortError|TimeoutError|\.aborted\b/.test(text);
  }
}

function isFalsy(node: ts.Expression): boolean {
  const { kind } = strip(node);
  return kind === ts.SyntaxKind.FalseKeyword || kind === ts.SyntaxKind.NullKeyword;
}
