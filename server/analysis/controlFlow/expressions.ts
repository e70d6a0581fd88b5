import ts from 'typescript';
import { member, optionalChain } from './access.ts';
import { visitClass } from './classes.ts';
import { complete, enclosingFunction, raise } from './completions.ts';
import { visitBranching, visitLogicalAssignment } from './conditions.ts';
import type { End, Flow } from './flow.ts';
import { visitJsx } from './jsx.ts';
import { visitAssignmentPattern } from './patterns.ts';
import { promise, visitPromise } from './promises.ts';
import { isAssignmentOperator, isOptionalChain, isTransparent, stripTransparent, writesProperty } from './syntax.ts';

/**
 * Builds the evaluation of an expression whose value is used. `floating` says that it is not: nobody will see the
 * rejection of a promise that it makes.
 */
export function visit(flow: Flow, node: ts.Expression, floating = false): void {
  if (!flow.reachable) return;
  if (isOptionalChain(node)) {
    visitOptionalChain(flow, node, floating);
    return;
  }
  if (isTransparent(node)) {
    visit(flow, node.expression, floating);
    return;
  }
  switch (node.kind) {
    case ts.SyntaxKind.CallExpression:
    case ts.SyntaxKind.NewExpression:
      visitPromise(flow, node, floating);
      return;
    case ts.SyntaxKind.BinaryExpression:
      visitBinary(flow, node as ts.BinaryExpression, floating);
      return;
    case ts.SyntaxKind.ConditionalExpression:
      visitBranching(flow, node as ts.ConditionalExpression, floating);
      return;
    case ts.SyntaxKind.PropertyAccessExpression:
    case ts.SyntaxKind.ElementAccessExpression:
      member(flow, node, []);
      return;
    case ts.SyntaxKind.AwaitExpression:
      visitAwait(flow, node as ts.AwaitExpression);
      return;
    case ts.SyntaxKind.YieldExpression:
      visitYield(flow, node as ts.YieldExpression);
      return;
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.FunctionExpression:
      flow.add('closure', node);
      return;
    case ts.SyntaxKind.ClassExpression:
      visitClass(flow, node as ts.ClassExpression);
      return;
    case ts.SyntaxKind.VoidExpression:
      visit(flow, (node as ts.VoidExpression).expression, true);
      return;
    case ts.SyntaxKind.TypeOfExpression:
    case ts.SyntaxKind.SpreadElement:
      visit(flow, (node as ts.TypeOfExpression | ts.SpreadElement).expression);
      return;
    case ts.SyntaxKind.PrefixUnaryExpression:
    case ts.SyntaxKind.PostfixUnaryExpression:
      visitUnary(flow, node as ts.PrefixUnaryExpression | ts.PostfixUnaryExpression);
      return;
    case ts.SyntaxKind.DeleteExpression:
      visit(flow, (node as ts.DeleteExpression).expression);
      if (flow.reachable) flow.add('evaluate', node);
      return;
    case ts.SyntaxKind.TemplateExpression:
      visitTemplate(flow, node as ts.TemplateExpression);
      return;
    case ts.SyntaxKind.TaggedTemplateExpression:
      visitTaggedTemplate(flow, node as ts.TaggedTemplateExpression);
      return;
    case ts.SyntaxKind.ArrayLiteralExpression:
      for (const element of (node as ts.ArrayLiteralExpression).elements) visit(flow, element);
      return;
    case ts.SyntaxKind.ObjectLiteralExpression:
      for (const property of (node as ts.ObjectLiteralExpression).properties) visitProperty(flow, property);
      return;
    case ts.SyntaxKind.JsxElement:
    case ts.SyntaxKind.JsxSelfClosingElement:
    case ts.SyntaxKind.JsxFragment:
      visitJsx(flow, node as ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment);
      return;
  }
}

/** Builds the name of a property or member where it is computed. */
export function visitName(flow: Flow, name: ts.PropertyName | undefined): void {
  if (name && ts.isComputedPropertyName(name)) visit(flow, name.expression);
}

function visitOptionalChain(flow: Flow, node: ts.Expression, floating: boolean): void {
  const short: End[] = [];
  const { rejections } = optionalChain(flow, node, short);
  if (floating) flow.connect(rejections, flow.thrown);
  else raise(flow, rejections);
  flow.merge(short);
}

function visitBinary(flow: Flow, node: ts.BinaryExpression, floating: boolean): void {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      visitBranching(flow, node, floating);
      return;
    case ts.SyntaxKind.AmpersandAmpersandEqualsToken:
    case ts.SyntaxKind.BarBarEqualsToken:
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
      visitLogicalAssignment(flow, node);
      return;
    case ts.SyntaxKind.CommaToken:
      visit(flow, node.left, true);
      visit(flow, node.right, floating);
      return;
  }
  if (isAssignmentOperator(node.operatorToken.kind)) visitAssignment(flow, node);
  else visitOperands(flow, node);
}

function visitAssignment(flow: Flow, node: ts.BinaryExpression): void {
  const target = stripTransparent(node.left);
  const pattern = ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target);
  if (!pattern) visit(flow, target);
  visit(flow, node.right);
  if (pattern) visitAssignmentPattern(flow, target);
  if (flow.reachable) flow.add(writesProperty(node) ? 'evaluate' : 'bind', node);
}

/** Counting up or down is the only unary operation that writes. */
function visitUnary(flow: Flow, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): void {
  visit(flow, node.operand);
  const updates = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  if (updates && flow.reachable) flow.add('evaluate', node);
}

/** Sums of thousands of terms lean to the left: a loop instead of a recursion. */
function visitOperands(flow: Flow, node: ts.BinaryExpression): void {
  const rights: ts.Expression[] = [];
  let left: ts.Expression = node;
  while (ts.isBinaryExpression(left) && isStrict(left.operatorToken.kind)) {
    rights.push(left.right);
    left = left.left;
  }
  visit(flow, left);
  while (rights.length > 0) visit(flow, rights.pop() as ts.Expression);
}

/** Operators that evaluate both operands and do nothing else. */
function isStrict(operator: ts.SyntaxKind): boolean {
  switch (operator) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.CommaToken:
      return false;
    default:
      return !isAssignmentOperator(operator);
  }
}

function visitAwait(flow: Flow, node: ts.AwaitExpression): void {
  const { rejections, settled } = promise(flow, node.expression);
  raise(flow, rejections);
  if (!flow.reachable) return;
  const made = flow.add('evaluate', node);
  if (!settled) raise(flow, [{ node: made, kind: 'throw' }]);
}

function visitYield(flow: Flow, node: ts.YieldExpression): void {
  if (node.expression) visit(flow, node.expression);
  if (!flow.reachable) return;
  const made = flow.add('evaluate', node);
  // A delegate runs code of its own; a plain `yield` throws only where a consumer calls `throw()`, which hardly any does.
  if (node.asteriskToken) raise(flow, [{ node: made, kind: 'throw' }]);
  complete(flow, { kind: 'return', target: enclosingFunction(flow) }, [{ node: made, kind: 'return' }]);
}

function visitTemplate(flow: Flow, node: ts.TemplateExpression): void {
  for (const span of node.templateSpans) visit(flow, span.expression);
}

function visitTaggedTemplate(flow: Flow, node: ts.TaggedTemplateExpression): void {
  visit(flow, node.tag);
  if (ts.isTemplateExpression(node.template)) visitTemplate(flow, node.template);
  if (!flow.reachable) return;
  const made = flow.add('evaluate', node);
  if (flow.policy.mayThrow(node)) raise(flow, [{ node: made, kind: 'throw' }]);
}

function visitProperty(flow: Flow, property: ts.ObjectLiteralElementLike): void {
  if (ts.isSpreadAssignment(property)) {
    visit(flow, property.expression);
    return;
  }
  visitName(flow, property.name);
  if (ts.isPropertyAssignment(property)) visit(flow, property.initializer);
  else if (ts.isShorthandPropertyAssignment(property)) return;
  else if (flow.reachable) flow.add('closure', property);
}
