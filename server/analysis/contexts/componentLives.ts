import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, functionName, isFunctionLiteral, strip } from '../syntax/tree.ts';
import { isTestFile } from './places.ts';
import { type Component, componentAround, conditionOf, hookAround, placeOf, switching } from './rootComponents.ts';

/** What is written for the end of a component. */
const cleanups =
  /\b(?:componentWillUnmount|disconnectedCallback|ngOnDestroy|on(?:Before)?Unmount(?:ed)?|onCleanup|onDestroy)\b|\breturn\s+(?:\(\s*\)\s*=>|function\b)/;
/** Conditions that turn one time: what they keep back comes, and stays. */
const gates = /load|ready|init|auth|log(?:ged|in|out)|session|config|error|support|\bwindow\b|\bdocument\b/i;

/**
 * Whether it is seen that the component around a node is mounted more than once, or its effect runs again: it has several
 * places, or one that comes and goes, others use it, or it says itself what is done at its end.
 */
export function comesAndGoes(semantics: Semantics, node: ts.Node): boolean {
  const component = componentAround(node) ?? hookAround(node);
  // What a page attaches by itself it attaches again when it is moved.
  if (!component || (ts.isClassLike(component) && !isReact(component))) return true;
  return runsAgain(node) || comes(semantics, component, new Set());
}

/** An effect without a list of what it depends on, or with one that is not empty. */
function runsAgain(node: ts.Node): boolean {
  for (let current = node; current.parent; current = current.parent) {
    const { parent } = current;
    if (!isFunctionLiteral(current) || !ts.isCallExpression(parent)) continue;
    if (!/^use\w*Effect$/.test(calleeName(parent)?.text ?? '')) continue;
    const [, dependencies] = parent.arguments;
    const list = dependencies && strip(dependencies);
    return !list || !ts.isArrayLiteralExpression(list) || list.elements.length > 0;
  }
  return false;
}

function comes(semantics: Semantics, component: Component, seen: Set<Component>): boolean {
  if (seen.has(component)) return false;
  seen.add(component);
  if (cleanups.test(component.getText())) return true;
  const uses = semantics.references.usesOf(component);
  if (uses === 'unknown') return false;
  const { host } = semantics.program;
  const mentions = [...uses.values.map(({ token, unit }) => ({ token, unit }))]
    .filter(({ token, unit }) => !ts.isJsxClosingElement(token.parent) && !isTestFile(host, unit.path))
    .map(({ token }): ts.Node => token);
  const calls = uses.calls.filter(({ unit }) => !isTestFile(host, unit.path)).map(({ call }): ts.Node => call);
  const [only, another] = [...mentions, ...calls];
  // Others use it, or an object holds it under another name: `{ path: '/map', component: Chart }`.
  if (!only) return true;
  return another !== undefined || placeComes(semantics, only, seen);
}

/** From a mention outward: what makes it several, or takes it away again. */
function placeComes(semantics: Semantics, mention: ts.Node, seen: Set<Component>): boolean {
  const { parent: element } = mention;
  if (ts.isPropertyAssignment(element) || ts.isShorthandPropertyAssignment(element)) return true;
  const isElement = ts.isJsxOpeningLikeElement(element);
  const place = ts.isCallExpression(mention) ? mention : placeOf(mention);
  if (!place) return isElement || ts.isJsxExpression(element);
  for (let child = place; child.parent && !ts.isSourceFile(child.parent); child = child.parent) {
    const { parent } = child;
    const condition = conditionOf(parent, child);
    if (condition !== undefined && !gates.test(condition)) return true;
    if (ts.isJsxElement(parent) && switching.test(parent.openingElement.tagName.getText())) return true;
    if (ts.isJsxAttribute(parent) || ts.isIterationStatement(parent, false)) return true;
    if (!ts.isFunctionLike(parent)) continue;
    const outer = componentAround(child) ?? hookAround(child);
    if (outer === parent || isRender(parent)) return outer !== undefined && comes(semantics, outer, seen);
    // `rows.map((it) => <Row />)`
    if (isFunctionLiteral(parent) && functionName(parent) === undefined) return true;
  }
  return false;
}

function isRender(node: ts.Node): boolean {
  return ts.isMethodDeclaration(node) && node.name.getText() === 'render';
}

function isReact(component: ts.ClassLikeDeclaration): boolean {
  return component.heritageClauses?.some((it) => /\b(?:Pure)?Component\b/.test(it.getText())) ?? false;
}
