import ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import { strip, unstrip } from '../../syntax/tree.ts';

/** Cleans up from the number on of which multiples were looked for: `size % 100 === 0` becomes `size >= 100`. */
export function fixes({ unit }: FileAnalysis, test: ts.BinaryExpression): readonly Fix[] {
  const comparison = comparedWithZero(test);
  if (!comparison) return [];
  const rewriter = new Rewriter();
  rewriter.replace(comparison.getStart(), comparison.end, `${test.left.getText()} >= ${test.right.getText()}`);
  return fixesOf(unit.path, [{ title: 'Clean up above that size', safety: 'suggestion', edits: rewriter.edits() }]);
}

/** `(size % n) === 0`, `0 === size % n`, `!(size % n)`. */
function comparedWithZero(test: ts.BinaryExpression): ts.Expression | undefined {
  const whole = unstrip(test);
  const { parent } = whole;
  if (ts.isPrefixUnaryExpression(parent)) {
    // Elsewhere a comparison would bind less strongly than the negation does.
    const isCondition = ts.isIfStatement(unstrip(parent).parent);
    return parent.operator === ts.SyntaxKind.ExclamationToken && isCondition ? parent : undefined;
  }
  if (!ts.isBinaryExpression(parent)) return undefined;
  const { kind } = parent.operatorToken;
  if (kind !== ts.SyntaxKind.EqualsEqualsEqualsToken && kind !== ts.SyntaxKind.EqualsEqualsToken) return undefined;
  const other = parent.left === whole ? parent.right : parent.left;
  return strip(other).getText() === '0' ? parent : undefined;
}
