import ts from 'typescript';
import type { Acquisition, CallCondition } from '../resources/model.ts';
import { isFunctionLiteral, strip } from '../syntax/tree.ts';
import { isAbortedAtOnce } from './aborted.ts';
import type { Inference } from './inference.ts';
import { propertyOf, sourcesOf } from './literals.ts';

type Call = ts.CallExpression | ts.NewExpression;
type Truth = boolean | 'unknown';

/** Whether a call acquires as far as its arguments tell. What nobody can see speaks for silence. */
export function acquiresAsCalled(inference: Inference, call: Call, { when, unless, duty }: Acquisition): boolean {
  return (
    !(duty === 'body' && isAbortedAtOnce(call)) &&
    (when ?? []).every((condition) => holds(inference, call, condition) === true) &&
    (unless ?? []).every((condition) => holds(inference, call, condition) === false)
  );
}

function holds(inference: Inference, call: Call, condition: CallCondition): Truth {
  const args = call.arguments ?? [];
  const spread = args.findIndex((argument) => ts.isSpreadElement(argument));
  if (spread >= 0 && spread <= condition.argument) return 'unknown';
  const argument = args[condition.argument];
  if (!argument) return false;
  const { option } = condition;
  return either(
    sourcesOf(inference.program, argument).map((source) =>
      option === undefined
        ? matches(inference, source, condition)
        : optionMatches(inference, source, option, condition),
    ),
  );
}

/** What several possible values have in common. */
function either(truths: readonly Truth[]): Truth {
  const [first = false] = truths;
  return truths.every((truth) => truth === first) ? first : 'unknown';
}

function optionMatches(inference: Inference, object: ts.Expression, option: string, condition: CallCondition): Truth {
  if (isAbsent(object) || ts.isStringLiteralLike(object) || ts.isNumericLiteral(object)) return false;
  if (isFunctionLiteral(object) || ts.isArrayLiteralExpression(object)) return false;
  if (!ts.isObjectLiteralExpression(object)) return 'unknown';
  const value = propertyOf(object, option);
  if (value) return either(sourcesOf(inference.program, value).map((source) => matches(inference, source, condition)));
  // A method of that name, or one that is computed or comes from another object.
  const isMethod = object.properties.some((p) => ts.isMethodDeclaration(p) && p.name.getText() === option);
  if (isMethod) return condition.equals === undefined;
  for (const property of object.properties) {
    if (property.name && ts.isComputedPropertyName(property.name)) return 'unknown';
    if (!ts.isSpreadAssignment(property)) continue;
    const inside = sourcesOf(inference.program, property.expression).map((source) =>
      optionMatches(inference, source, option, condition),
    );
    const spread = either(inside);
    if (spread !== false) return spread;
  }
  return false;
}

function matches(inference: Inference, value: ts.Expression, { equals, is }: CallCondition): Truth {
  if (equals !== undefined) return isLiteral(value) ? literalOf(value) === equals : 'unknown';
  if (isAbsent(value)) return false;
  if (is === undefined) return true;
  if (is === 'text') return ts.isStringLiteralLike(value) || ts.isTemplateExpression(value);
  if (isFunctionLiteral(value)) return true;
  if (isLiteral(value) || ts.isObjectLiteralExpression(value) || ts.isArrayLiteralExpression(value)) return false;
  const known = inference.evaluate(value);
  if (known?.kind === 'function' || known?.kind === 'signature') return true;
  return known === undefined || known.kind === 'library' ? 'unknown' : false;
}

function isAbsent(node: ts.Expression): boolean {
  const expression = strip(node);
  return (
    expression.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'undefined') ||
    ts.isVoidExpression(expression)
  );
}

function isLiteral(node: ts.Expression): boolean {
  return literalOf(node) !== undefined;
}

function literalOf(node: ts.Expression): string | number | boolean | null | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  return node.kind === ts.SyntaxKind.NullKeyword ? null : undefined;
}
