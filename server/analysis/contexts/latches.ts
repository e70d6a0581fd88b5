import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, isAssignment, memberName, some, strip, walk } from '../syntax/tree.ts';

/**
 * A place that remembers that something was done: `installed` of `if (installed) return; installed = true`. Code behind
 * it runs one time for each life of that place.
 */
export interface Latch {
  /** Where the place itself is made: the scope of a name; `undefined` for a field of `this`. */
  readonly scope: ts.Node | undefined;
  /** The place as it is written: `this.installed`; empty where the answer is counted. */
  readonly place: string;
}

/** Questions whose answer is itself what registering changes. */
const selfCounting = new Set(['listenerCount', 'listeners', 'rawListeners', 'eventNames', 'hasListeners']);
/** Questions to a collection, and what answers them differently the next time. */
const asks = new Set(['has', 'get', 'includes', 'indexOf', 'find', 'some']);
const remembers = new Set(['add', 'set', 'push', 'unshift']);
/** The same of a page. */
const finds = new Set(['getElementById', 'querySelector']);
const puts = new Set(['append', 'appendChild', 'prepend', 'insertBefore', 'insertAdjacentElement']);

/**
 * The latch that stands between a node and one of its ancestors' parents: `child` holds the node, `parent` is the next
 * one outward. A test counts only where something in the same function makes it come out differently the next time.
 */
export function latchBetween(semantics: Semantics, child: ts.Node, parent: ts.Node, root: ts.Node): Latch | undefined {
  if (ts.isIfStatement(parent) && child !== parent.expression)
    return latchOf(semantics, parent.expression, root, child === parent.thenStatement);
  if (ts.isConditionalExpression(parent) && child !== parent.condition)
    return latchOf(semantics, parent.condition, root);
  if (ts.isBinaryExpression(parent) && child === parent.right) return latchOfBinary(semantics, parent, root);
  if (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent)) {
    for (const statement of parent.statements) {
      if (statement === child) break;
      const asserted = assertedBy(statement);
      const latch = asserted
        ? latchOf(semantics, asserted, root, true)
        : ts.isIfStatement(statement) && leaves(statement.thenStatement)
          ? latchOf(semantics, statement.expression, root, false)
          : undefined;
      if (latch) return latch;
    }
  }
  return undefined;
}

/** `x ??= …`, `x ||= …`, `x ?? (x = …)`, `done || …`, `done && …`. */
function latchOfBinary(semantics: Semantics, node: ts.BinaryExpression, root: ts.Node): Latch | undefined {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
    case ts.SyntaxKind.BarBarEqualsToken:
      return cellOf(semantics, strip(node.left));
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return latchOf(semantics, node.left, root);
    default:
      return undefined;
  }
}

/** What holds behind `assert(!this.consumed)`. */
function assertedBy(statement: ts.Statement): ts.Expression | undefined {
  const call = ts.isExpressionStatement(statement) ? strip(statement.expression) : undefined;
  if (!call || !ts.isCallExpression(call)) return undefined;
  return /^(?:assert|invariant)(?:\.ok)?$/.test(call.expression.getText()) ? call.arguments[0] : undefined;
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) ||
      ts.isContinueStatement(last) ||
      ts.isThrowStatement(last) ||
      ts.isBreakStatement(last))
  );
}

/** `holds`: whether the code behind the test runs where it holds. What it turns off then is off the next time. */
function latchOf(semantics: Semantics, condition: ts.Expression, root: ts.Node, holds?: boolean): Latch | undefined {
  let found: Latch | undefined;
  walk(condition, (node) => {
    if (found || !ts.isExpression(node)) return;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
      found = isFilled(node.right, root) ? cellOf(semantics, node.right) : undefined;
    } else if (ts.isBinaryExpression(node) && isLoading(node) === (holds ?? true)) {
      found = { scope: condition.getSourceFile(), place: '' };
    } else if (ts.isCallExpression(node)) {
      const callee = strip(node.expression);
      const name = memberName(callee);
      if (name !== undefined && selfCounting.has(name)) found = { scope: condition.getSourceFile(), place: '' };
      else if (name !== undefined && asks.has(name) && ts.isPropertyAccessExpression(callee))
        found = isRemembered(callee.expression, root) ? cellOf(semantics, callee.expression) : undefined;
    } else if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
      const isDenied =
        ts.isPrefixUnaryExpression(node.parent) && node.parent.operator === ts.SyntaxKind.ExclamationToken;
      const isOff = holds !== undefined && holds !== isDenied && isTurnedOff(node, root);
      found = aliased(semantics, node, root) ?? (isOff || isWritten(node, root) ? cellOf(semantics, node) : undefined);
    }
  });
  return found;
}

/** `if (!(name in cache)) cache[name] = …`: whether the function puts something into the object. */
function isFilled(object: ts.Expression, root: ts.Node): boolean {
  const text = strip(object).getText();
  return some(
    root,
    (node) =>
      ts.isBinaryExpression(node) &&
      isAssignment(node.operatorToken.kind) &&
      ts.isElementAccessExpression(node.left) &&
      node.left.expression.getText() === text,
  );
}

/** `document.readyState === 'loading'`: true until the page is there, and never again. */
function isLoading({ left, right, operatorToken }: ts.BinaryExpression): boolean | undefined {
  const isEqual = /^===?$/.test(operatorToken.getText());
  if (!isEqual && !/^!==?$/.test(operatorToken.getText())) return undefined;
  const value = strip(right);
  if (!/(?:^|\.)document\.readyState$/.test(left.getText()) || !ts.isStringLiteralLike(value)) return undefined;
  return isEqual === (value.text === 'loading');
}

/** `const known = this.sockets[id]; if (known) …`: what the name was read from. */
function aliased(semantics: Semantics, node: ts.Expression, root: ts.Node): Latch | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = semantics.program.unitOf(node).scopes.bindingOf(node)?.declarations[0]?.parent;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
  if (!contains(root, declaration)) return undefined;
  const initial = strip(declaration.initializer);
  if (ts.isPropertyAccessExpression(initial) || ts.isElementAccessExpression(initial))
    return isWritten(initial, root) ? cellOf(semantics, initial) : undefined;
  if (!ts.isCallExpression(initial) || !ts.isPropertyAccessExpression(initial.expression)) return undefined;
  const { name, expression } = initial.expression;
  if (finds.has(name.text) && putsIntoPage(root)) return { scope: root.getSourceFile(), place: '' };
  return asks.has(name.text) && isRemembered(expression, root) ? cellOf(semantics, expression) : undefined;
}

/** `const style = document.getElementById(id); if (!style) { … head.append(…) }` */
function putsIntoPage(root: ts.Node): boolean {
  return some(root, (node) => ts.isCallExpression(node) && puts.has(memberName(strip(node.expression)) ?? ''));
}

/** The place that an expression names. */
function cellOf(semantics: Semantics, node: ts.Expression): Latch | undefined {
  let base = strip(node);
  while (ts.isPropertyAccessExpression(base) || ts.isElementAccessExpression(base)) base = strip(base.expression);
  const place = node.getText();
  if (base.kind === ts.SyntaxKind.ThisKeyword) return { scope: undefined, place };
  if (!ts.isIdentifier(base)) return undefined;
  const binding = semantics.program.unitOf(base).scopes.bindingOf(base);
  // What a given object remembers, it remembers for all who are given it.
  if (binding?.kind === 'parameter' && base !== strip(node)) return { scope: undefined, place };
  return { scope: binding?.scope.node ?? base.getSourceFile(), place };
}

/** Whether the function sets the place to something that is not empty. */
function isWritten(node: ts.Expression, root: ts.Node): boolean {
  const text = node.getText();
  if (isGathered(text, root)) return false;
  let written = false;
  walk(root, (inner) => {
    if (written) return;
    if (ts.isBinaryExpression(inner) && isAssignment(inner.operatorToken.kind) && inner.left.getText() === text) {
      const right = strip(inner.right);
      written = right.kind !== ts.SyntaxKind.FalseKeyword && right.kind !== ts.SyntaxKind.NullKeyword;
    } else if (ts.isPrefixUnaryExpression(inner) || ts.isPostfixUnaryExpression(inner)) {
      written =
        inner.operand.getText() === text &&
        (inner.operator === ts.SyntaxKind.PlusPlusToken || inner.operator === ts.SyntaxKind.MinusMinusToken);
    }
  });
  return written;
}

/** `buffered += chunk` of what the function is given: what was taken out of it comes in again. */
function isGathered(text: string, root: ts.Node): boolean {
  if (!ts.isFunctionLike(root)) return false;
  const names = root.parameters.map(({ name }) => name.getText());
  return some(root, (it) => {
    if (!ts.isBinaryExpression(it) || it.left.getText() !== text) return false;
    if (it.operatorToken.kind !== ts.SyntaxKind.PlusEqualsToken) return false;
    return names.includes(/^[\w$]+/.exec(it.right.getText())?.[0] ?? '');
  });
}

/** `this.idle = false`, which nothing in the function takes back. */
function isTurnedOff(node: ts.Expression, root: ts.Node): boolean {
  const text = node.getText();
  const values: ts.Expression[] = [];
  walk(root, (inner) => {
    if (ts.isBinaryExpression(inner) && isAssignment(inner.operatorToken.kind) && inner.left.getText() === text)
      values.push(strip(inner.right));
  });
  return values.length > 0 && values.every(({ kind }) => kind === ts.SyntaxKind.FalseKeyword);
}

function isRemembered(collection: ts.Expression, root: ts.Node): boolean {
  const text = collection.getText();
  let found = false;
  walk(root, (inner) => {
    if (!ts.isCallExpression(inner) || !ts.isPropertyAccessExpression(inner.expression)) return;
    if (remembers.has(inner.expression.name.text) && inner.expression.expression.getText() === text) found = true;
  });
  return found;
}

/** Whether a latch holds over all runs of a piece of code: its place lies outside of it. */
export function holdsOver({ scope }: Latch, region: ts.Node): boolean {
  if (scope === undefined) return !ts.isConstructorDeclaration(region) && !ts.isClassLike(region);
  return scope !== region && !contains(region, scope);
}
