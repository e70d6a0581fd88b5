import ts from 'typescript';

export type FunctionLiteral = ts.FunctionExpression | ts.ArrowFunction;

/** The expression without parentheses, type assertions and `!`, none of which do anything at run time. */
export function stripTransparent(node: ts.Expression): ts.Expression {
  let inner = node;
  while (isTransparent(inner) && !isOptionalChain(inner)) inner = inner.expression;
  return inner;
}

type Transparent =
  | ts.ParenthesizedExpression
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.TypeAssertion
  | ts.NonNullExpression
  | ts.ExpressionWithTypeArguments;

/** Whether an expression only wraps another one. */
export function isTransparent(node: ts.Node): node is Transparent {
  switch (node.kind) {
    case ts.SyntaxKind.ParenthesizedExpression:
    case ts.SyntaxKind.AsExpression:
    case ts.SyntaxKind.SatisfiesExpression:
    case ts.SyntaxKind.TypeAssertionExpression:
    case ts.SyntaxKind.NonNullExpression:
    case ts.SyntaxKind.ExpressionWithTypeArguments:
      return true;
    default:
      return false;
  }
}

/**
 * Whether the node belongs to a chain that a `?.` in it can cut short. The flag alone does not tell: the parser also
 * sets it on a tagged template at the end of a chain, which is an error.
 */
export function isOptionalChain(node: ts.Node): boolean {
  return ts.isOptionalChain(node);
}

/** The function literal that an expression is, looking through parentheses and assertions. */
export function functionLiteral(node: ts.Expression): FunctionLiteral | undefined {
  const inner = stripTransparent(node);
  return ts.isArrowFunction(inner) || ts.isFunctionExpression(inner) ? inner : undefined;
}

export function isAsync(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.AsyncKeyword);
}

export function hasModifier(node: ts.Node, kind: ts.ModifierSyntaxKind): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;
}

/** Whether an assignment writes a property, so that a setter may run; otherwise its target is a name or a pattern. */
export function writesProperty(node: ts.BinaryExpression): boolean {
  const target = stripTransparent(node.left);
  return ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target);
}

export function isAssignmentOperator(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** What a call names: `a.b.log.warn` → `warn` on `log`; `f` → `f` on nothing. */
export interface CalleeName {
  readonly name: string;
  /** The last name of the receiver; `undefined` without a receiver or with one that has no name. */
  readonly receiver: string | undefined;
  readonly isMember: boolean;
}

/** The name by which an expression is called, if it has one. */
export function calleeName(node: ts.Expression): CalleeName | undefined {
  const callee = stripTransparent(node);
  if (ts.isIdentifier(callee)) return { name: callee.text, receiver: undefined, isMember: false };
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  return { name: callee.name.text, receiver: lastName(callee.expression), isMember: true };
}

function lastName(node: ts.Expression): string | undefined {
  const inner = stripTransparent(node);
  if (ts.isIdentifier(inner)) return inner.text;
  return ts.isPropertyAccessExpression(inner) ? inner.name.text : undefined;
}
