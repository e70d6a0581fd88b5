import ts from 'typescript';
import { calleeName, isAssignment, strip } from '../syntax/tree.ts';

/** A condition in canonical form: `key` holds iff the condition does, or iff it does not when `negated`. */
export interface Condition {
  readonly key: string;
  readonly negated: boolean;
}

/** The `x` of `Boolean(x)`. */
export function booleanOperand(node: ts.Expression): ts.Expression | undefined {
  const converts = ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Boolean';
  return converts ? node.arguments[0] : undefined;
}

const numberTests: ReadonlySet<string> = new Set(['isInteger', 'isSafeInteger', 'isFinite']);

/** The `x` of `Number.isInteger(x)`. */
export function askedForNumber(node: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  const asks = ts.isIdentifier(expression) && expression.text === 'Number' && numberTests.has(name.text);
  return asks ? node.arguments[0] : undefined;
}

/** What `part` has to be for the condition, which is `part` or its negation, to hold. */
export function polarity(condition: ts.Expression, part: ts.Expression): boolean | undefined {
  const expression = strip(condition);
  if (expression === part) return true;
  if (!ts.isPrefixUnaryExpression(expression) || expression.operator !== ts.SyntaxKind.ExclamationToken)
    return undefined;
  const inner = polarity(expression.operand, part);
  return inner === undefined ? undefined : !inner;
}

export const textOf = (node: ts.Node): string =>
  (ts.isExpression(node) ? strip(node) : node).getText().replace(/\s+/g, ' ').replaceAll('?.', '.');

export function isNullish(node: ts.Expression): boolean {
  return (
    node.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(node) && node.text === 'undefined') ||
    ts.isVoidExpression(node)
  );
}

export function literalTruth(node: ts.Expression): boolean | undefined {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword || isNullish(node)) return false;
  if (ts.isNumericLiteral(node)) return Number(node.text) !== 0;
  if (ts.isStringLiteralLike(node)) return node.text !== '';
  return ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || ts.isNewExpression(node)
    ? true
    : undefined;
}

export function equalityOf(operator: ts.SyntaxKind): boolean | undefined {
  if (operator === ts.SyntaxKind.EqualsEqualsToken || operator === ts.SyntaxKind.EqualsEqualsEqualsToken) return true;
  if (operator === ts.SyntaxKind.ExclamationEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsEqualsToken)
    return false;
  return undefined;
}

/** `read += n`: the new value comes out of the old one. */
export function isCompound({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return isAssignment(kind) && kind !== ts.SyntaxKind.EqualsToken && !logicalAssignments.has(kind);
}

const logicalAssignments: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** `-1`: what a variable holds that has no descriptor. */
export function isNegative(node: ts.Expression): boolean {
  const expression = strip(node);
  return ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.MinusToken;
}

/** Whether a comparison holds for what is on its left when that is no negative number: `fd >= 0`, `fd < 0`, `fd > -1`. */
export function comparisonWithZero({ operatorToken, right }: ts.BinaryExpression): boolean | undefined {
  const value = strip(right);
  if (!isNegative(value) && !(ts.isNumericLiteral(value) && value.text === '0')) return undefined;
  const { kind } = operatorToken;
  if (kind === ts.SyntaxKind.GreaterThanToken || kind === ts.SyntaxKind.GreaterThanEqualsToken) return true;
  if (kind === ts.SyntaxKind.LessThanToken || kind === ts.SyntaxKind.LessThanEqualsToken) return false;
  return undefined;
}

export function typeofOperand(node: ts.Expression): ts.Expression | undefined {
  const expression = strip(node);
  return ts.isTypeOfExpression(expression) ? expression.expression : undefined;
}

/** Normalises a condition; `undefined` when its outcome may differ between two evaluations. */
export function canonical(node: ts.Expression): Condition | undefined {
  const expression = strip(node);
  if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = canonical(expression.operand);
    return inner && { key: inner.key, negated: !inner.negated };
  }
  const nothing = askedForNothing(expression);
  if (nothing && isStable(nothing.asked)) return { key: `${textOf(nothing.asked)}==null`, negated: !nothing.outcome };
  if (!isStable(expression)) return undefined;
  if (!ts.isBinaryExpression(expression)) return { key: textOf(expression), negated: false };
  const equality = equalityOf(expression.operatorToken.kind);
  if (equality === undefined) return { key: textOf(expression), negated: false };
  if (isNullish(strip(expression.right))) return { key: `${textOf(expression.left)}==null`, negated: !equality };
  return { key: `${textOf(expression.left)}==${textOf(expression.right)}`, negated: !equality };
}

/** What `_.isNil(x)`, `isUndefined(x)` or `isDefined(x)` asks for, and its answer when that is nothing. */
export function askedForNothing(node: ts.Expression): { asked: ts.Expression; outcome: boolean } | undefined {
  const call = strip(node);
  if (!ts.isCallExpression(call) || call.arguments.length !== 1) return undefined;
  const [asked] = call.arguments;
  const name = calleeName(call)?.text ?? '';
  if (!asked || !/^(?:is(?:Nil|Undefined|Null|NullOrUndefined|Nullish)|is(?:Defined|NotNil|Present))$/.test(name))
    return undefined;
  return { asked, outcome: /^is(?:N|U)(?!ot)/.test(name) };
}

/** Only names, members, literals and comparisons: nothing that computes anew. */
export function isStable(node: ts.Expression): boolean {
  const expression = strip(node);
  if (
    ts.isIdentifier(expression) ||
    expression.kind === ts.SyntaxKind.ThisKeyword ||
    ts.isLiteralExpression(expression)
  )
    return true;
  if (isNullish(expression) || literalTruth(expression) !== undefined) return !ts.isNewExpression(expression);
  if (ts.isPropertyAccessExpression(expression)) return isStable(expression.expression);
  if (ts.isTypeOfExpression(expression)) return isStable(expression.expression);
  if (ts.isBinaryExpression(expression)) {
    return !isAssignment(expression.operatorToken.kind) && isStable(expression.left) && isStable(expression.right);
  }
  return false;
}

export function operands(node: ts.Expression): readonly ts.Expression[] {
  const expression = strip(node);
  if (ts.isPrefixUnaryExpression(expression)) return operands(expression.operand);
  if (ts.isConditionalExpression(expression)) return operands(expression.condition);
  const converted = booleanOperand(expression);
  if (converted) return operands(converted);
  if (ts.isBinaryExpression(expression) && !equalityOf(expression.operatorToken.kind)) {
    return [...operands(expression.left), ...operands(expression.right)];
  }
  return [expression];
}

/** `clients` of the test in `for (let i = 0; i < clients.length; i++)`. */
export function listCounted(test: ts.Node): ts.Expression | undefined {
  const { parent: loop } = test;
  if (!loop || !ts.isForStatement(loop) || loop.condition !== test || !ts.isBinaryExpression(test)) return undefined;
  const count = strip(test.right);
  const index = test.left;
  if (test.operatorToken.kind !== ts.SyntaxKind.LessThanToken || !ts.isIdentifier(index)) return undefined;
  if (!ts.isPropertyAccessExpression(count) || count.name.text !== 'length') return undefined;
  const list = loop.initializer && ts.isVariableDeclarationList(loop.initializer) ? loop.initializer.declarations : [];
  const isFromStart = list.some(
    ({ name, initializer }) => name.getText() === index.text && initializer?.getText() === '0',
  );
  return isFromStart ? count.expression : undefined;
}
