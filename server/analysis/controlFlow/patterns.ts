import ts from 'typescript';
import { visit } from './expressions.ts';
import type { Flow } from './flow.ts';
import { stripTransparent } from './syntax.ts';

/** Builds parameters in order: default, defaults of the pattern, then the names. */
export function bindParameters(flow: Flow, parameters: readonly ts.ParameterDeclaration[]): void {
  for (const parameter of parameters) {
    if (!flow.reachable) return;
    if (ts.isIdentifier(parameter.name) && parameter.name.text === 'this') continue;
    visitDefault(flow, parameter, parameter.initializer);
    visitPattern(flow, parameter.name);
    if (flow.reachable) flow.add('bind', parameter);
  }
}

/** Builds computed names and defaults of a binding pattern; the caller adds the one `bind` behind it. */
export function visitPattern(flow: Flow, name: ts.BindingName): void {
  if (ts.isIdentifier(name)) return;
  for (const element of name.elements) {
    if (ts.isOmittedExpression(element)) continue;
    if (element.propertyName && ts.isComputedPropertyName(element.propertyName)) {
      visit(flow, element.propertyName.expression);
    }
    visitDefault(flow, element, element.initializer);
    visitPattern(flow, element.name);
  }
}

/** The same for the left side of a destructuring assignment, whose targets are any expressions. */
export function visitAssignmentPattern(flow: Flow, target: ts.Expression): void {
  const inner = stripTransparent(target);
  if (ts.isArrayLiteralExpression(inner)) {
    for (const element of inner.elements) visitTarget(flow, ts.isSpreadElement(element) ? element.expression : element);
  } else if (ts.isObjectLiteralExpression(inner)) {
    for (const property of inner.properties) visitTargetProperty(flow, property);
  } else {
    visit(flow, inner);
  }
}

function visitTargetProperty(flow: Flow, property: ts.ObjectLiteralElementLike): void {
  if (ts.isShorthandPropertyAssignment(property)) {
    visitDefault(flow, property, property.objectAssignmentInitializer);
  } else if (ts.isPropertyAssignment(property)) {
    if (ts.isComputedPropertyName(property.name)) visit(flow, property.name.expression);
    visitTarget(flow, property.initializer);
  } else if (ts.isSpreadAssignment(property)) {
    visitTarget(flow, property.expression);
  }
}

function visitTarget(flow: Flow, element: ts.Expression): void {
  const inner = stripTransparent(element);
  if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    visitDefault(flow, inner, inner.right);
    visitAssignmentPattern(flow, inner.left);
  } else {
    visitAssignmentPattern(flow, inner);
  }
}

/** The default is evaluated when the value for `element` is `undefined`. */
function visitDefault(flow: Flow, element: ts.Node, initializer: ts.Expression | undefined): void {
  if (initializer === undefined || !flow.reachable) return;
  const { yes, no } = flow.branch(element, 'undefined');
  flow.current = yes;
  visit(flow, initializer);
  flow.merge(no);
}
