import ts from 'typescript';
import { calleeName, strip } from '../syntax/tree.ts';

/** The parameters that are asked for when `if (!key) throw …` guards a `throw`: nothing else makes it run. */
export function guardOf(statement: ts.ThrowStatement, fn: ts.FunctionLikeDeclaration): readonly number[] | undefined {
  let node: ts.Node = statement;
  if (ts.isBlock(node.parent) && node.parent.statements.length === 1) node = node.parent;
  const { parent } = node;
  if (!ts.isIfStatement(parent) || parent.thenStatement !== node) return undefined;
  return missing(parent.expression, fn);
}

/** `!key`, `key == null`, `key === undefined`, `!key.length`, and several of them beside each other. */
function missing(condition: ts.Expression, fn: ts.FunctionLikeDeclaration): readonly number[] | undefined {
  const node = strip(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const asked = strip(node.operand);
    const isLength = ts.isPropertyAccessExpression(asked) && /^(?:length|byteLength)$/.test(asked.name.text);
    return parameterOf(isLength ? asked.expression : asked, fn);
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const { operatorToken, left, right } = node;
  if (operatorToken.kind === ts.SyntaxKind.BarBarToken) {
    const [a, b] = [missing(left, fn), missing(right, fn)];
    return a && b && [...a, ...b];
  }
  const isEqual =
    operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken ||
    operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
  return isEqual && /^(?:null|undefined)$/.test(right.getText()) ? parameterOf(left, fn) : undefined;
}

function parameterOf(node: ts.Expression, { parameters }: ts.FunctionLikeDeclaration): readonly number[] | undefined {
  const name = strip(node);
  if (!ts.isIdentifier(name)) return undefined;
  const index = parameters.findIndex((it) => ts.isIdentifier(it.name) && it.name.text === name.text);
  return index < 0 ? undefined : [index];
}

/** Functions that always give a value with something in it. */
const making = new Set(['randomBytes', 'randomUUID', 'createHash', 'createHmac', 'nanoid', 'uuidv4']);

/** Whether the code shows that an expression's value is there, and not empty. */
export function isVisiblyThere(node: ts.Expression): boolean {
  const value = strip(node);
  if (ts.isStringLiteralLike(value)) return value.text !== '';
  if (ts.isTemplateExpression(value)) return value.head.text !== '';
  if (ts.isArrayLiteralExpression(value)) return value.elements.length > 0;
  if (ts.isCallExpression(value)) return making.has(calleeName(value)?.text ?? '');
  return (
    ts.isNewExpression(value) ||
    ts.isObjectLiteralExpression(value) ||
    ts.isArrowFunction(value) ||
    ts.isFunctionExpression(value)
  );
}
