import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { edgeNames, executionWord, ownExecution, timersEndWords } from '../resources/runtimes.ts';
import { enclosingRoot } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

const known = new WeakMap<SourceUnit, boolean>();

/** Whether code runs where there is no process that a timer keeps alive: by its file, or because all who call it ask. */
export function runsWithoutProcess({ unit, semantics }: FileAnalysis, node: ts.Node): boolean {
  let answer = known.get(unit);
  if (answer === undefined) {
    const { text } = unit;
    answer = timersEndWords.test(text) || (executionWord.test(text) && !ownExecution.test(text));
    known.set(unit, answer);
  }
  if (answer || asksForOther(node)) return true;
  const root = enclosingRoot(node);
  const uses =
    ts.isFunctionLike(root) && !ts.isConstructorDeclaration(root) ? semantics.references.usesOf(root) : 'unknown';
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0 || uses.calls.length === 0) return false;
  return uses.calls.every(({ call }) => asksForOther(call));
}

/** `if (getRuntimeKey() === 'workerd') …` around a node. */
function asksForOther(node: ts.Node): boolean {
  for (let current = node; current.parent && !ts.isFunctionLike(current); current = current.parent) {
    const { parent } = current;
    const condition = ts.isIfStatement(parent)
      ? parent.thenStatement === current && parent.expression
      : ts.isConditionalExpression(parent) && parent.whenTrue === current && parent.condition;
    if (condition && edgeNames.test(condition.getText()) && !/!/.test(condition.getText())) return true;
  }
  return false;
}
