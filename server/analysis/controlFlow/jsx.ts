import ts from 'typescript';
import { visit } from './expressions.ts';
import type { Flow } from './flow.ts';

/** Builds what the attributes and children of an element evaluate, in order; making the element is no call. */
export function visitJsx(flow: Flow, node: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment): void {
  if (ts.isJsxSelfClosingElement(node)) {
    visitAttributes(flow, node.attributes);
    return;
  }
  if (ts.isJsxElement(node)) visitAttributes(flow, node.openingElement.attributes);
  for (const child of node.children) visitChild(flow, child);
}

function visitAttributes(flow: Flow, attributes: ts.JsxAttributes): void {
  for (const attribute of attributes.properties) {
    if (ts.isJsxSpreadAttribute(attribute)) visit(flow, attribute.expression);
    else if (attribute.initializer) visitChild(flow, attribute.initializer);
  }
}

function visitChild(flow: Flow, child: ts.JsxChild | ts.JsxAttributeValue): void {
  if (ts.isJsxExpression(child)) {
    if (child.expression) visit(flow, child.expression);
  } else if (ts.isJsxElement(child) || ts.isJsxSelfClosingElement(child) || ts.isJsxFragment(child)) {
    visitJsx(flow, child);
  }
}
