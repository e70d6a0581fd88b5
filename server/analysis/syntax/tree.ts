import ts from 'typescript';

/** The wrapped expression behind parentheses, `as`, `satisfies`, `!` and `<T>`: the same value. */
export function strip(node: ts.Expression): ts.Expression {
  let current = node;
  while (
    ts.isParenthesizedExpression(current) ||
    ts.isAsExpression(current) ||
    ts.isSatisfiesExpression(current) ||
    ts.isNonNullExpression(current) ||
    ts.isTypeAssertionExpression(current)
  ) {
    current = current.expression;
  }
  return current;
}

/** The outermost expression that still has the same value as `node`: the inverse of `strip`. */
export function unstrip(node: ts.Expression): ts.Expression {
  let current = node;
  while (
    current.parent &&
    strip(current.parent as ts.Expression) !== current.parent &&
    ts.isExpression(current.parent)
  ) {
    current = current.parent;
  }
  return current;
}

/** The token that names what is called: `connect` of `pool.connect()`, `createPool` of `createPool()`, `Client` of `new pg.Client()`. */
export function calleeName(
  call: ts.CallExpression | ts.NewExpression,
): ts.Identifier | ts.PrivateIdentifier | undefined {
  const callee = strip(call.expression);
  if (ts.isIdentifier(callee)) return callee;
  if (ts.isPropertyAccessExpression(callee)) return callee.name;
  return undefined;
}

/** The object a method is called on, `undefined` for plain calls. */
export function receiver(call: ts.CallExpression | ts.NewExpression): ts.Expression | undefined {
  const callee = strip(call.expression);
  return ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee) ? callee.expression : undefined;
}

/** The name a property access, string-keyed element access or identifier ends in. */
export function memberName(node: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return node.argumentExpression.text;
  return undefined;
}

/** The name of the method that a call calls, also of a well-known symbol's: `[Symbol.dispose]`. */
export function calledMethod(call: ts.CallExpression): string | undefined {
  const callee = strip(call.expression);
  if (ts.isElementAccessExpression(callee) && ts.isPropertyAccessExpression(callee.argumentExpression))
    return `[${callee.argumentExpression.getText()}]`;
  return calleeName(call)?.text ?? memberName(callee);
}

/** The argument of a call that is called back: the last function literal, else the last argument. */
export function callbackOf(call: ts.CallExpression | ts.NewExpression): ts.Expression | undefined {
  const args = call.arguments ?? [];
  return args.findLast((argument) => isFunctionLiteral(strip(argument))) ?? args.at(-1);
}

export type FunctionLiteral = ts.FunctionExpression | ts.ArrowFunction;

export function isFunctionLiteral(node: ts.Node): node is FunctionLiteral {
  return ts.isFunctionExpression(node) || ts.isArrowFunction(node);
}

export function isAsync(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}

/** The nearest function, accessor, constructor or static block around a node, or the file. */
export function enclosingRoot(
  node: ts.Node,
): ts.FunctionLikeDeclaration | ts.ClassStaticBlockDeclaration | ts.SourceFile {
  let current = node.parent;
  while (!isRoot(current)) current = current.parent;
  return current;
}

export function isRoot(
  node: ts.Node,
): node is ts.FunctionLikeDeclaration | ts.ClassStaticBlockDeclaration | ts.SourceFile {
  return ts.isSourceFile(node) || ts.isClassStaticBlockDeclaration(node) || (ts.isFunctionLike(node) && 'body' in node);
}

export function enclosingClass(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (ts.isClassLike(current)) return current;
    // `this` of a plain function is not the class around it.
    if (ts.isFunctionDeclaration(current) || ts.isFunctionExpression(current)) return undefined;
    if (ts.isObjectLiteralExpression(current) && !ts.isArrowFunction(node)) {
      const method = current.properties.find((p) => p.pos <= node.pos && node.end <= p.end);
      if (method && (ts.isMethodDeclaration(method) || ts.isAccessor(method))) return undefined;
    }
  }
  return undefined;
}

/** `Orders.place`, `createServer`, `<anonymous>` inside them; `<module>` at top level. */
export function qualifiedName(node: ts.Node): string {
  const parts: string[] = [];
  for (let current: ts.Node | undefined = node; current && !ts.isSourceFile(current); current = current.parent) {
    if (ts.isClassLike(current)) parts.unshift(current.name?.text ?? variableName(current) ?? '<class>');
    else if (ts.isConstructorDeclaration(current)) parts.unshift('constructor');
    else if (ts.isFunctionLike(current) && 'body' in current) parts.unshift(functionName(current) ?? '<anonymous>');
  }
  return parts.join('.') || '<module>';
}

export function functionName(node: ts.SignatureDeclaration): string | undefined {
  const { name } = node;
  if (name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteral(name))) return name.text;
  return variableName(node);
}

function variableName(node: ts.Node): string | undefined {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if ((ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) && ts.isIdentifier(parent.name))
    return parent.name.text;
  if (ts.isBinaryExpression(parent) && parent.right === node) return memberName(parent.left);
  return undefined;
}

/** Calls `visit` for the node and everything below it that belongs to the same function; nested functions are skipped. */
export function walkFunction(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => {
    if (!isRoot(child)) walkFunction(child, visit);
  });
}

/** Calls `visit` for the node and all its descendants, nested functions included. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Whether the node or one of its descendants passes the test, nested functions included. */
export function some(node: ts.Node, test: (node: ts.Node) => boolean): boolean {
  return test(node) || (ts.forEachChild(node, (child) => some(child, test)) ?? false);
}

/** The same for what belongs to one function. */
export function someInFunction(node: ts.Node, test: (node: ts.Node) => boolean): boolean {
  return test(node) || (ts.forEachChild(node, (child) => !isRoot(child) && someInFunction(child, test)) ?? false);
}

/** Whether an identifier of this name stands anywhere in the node. */
export function mentionsName(node: ts.Node, name: string): boolean {
  return some(node, (inner) => ts.isIdentifier(inner) && inner.text === name);
}

export function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}

/** Whether a `catch` inside of the function is around the node. */
export function isCaught(node: ts.Node, fn: ts.Node): boolean {
  for (let current = node; current !== fn && current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isTryStatement(parent) && parent.tryBlock === current && parent.catchClause) return true;
  }
  return false;
}

/** The statement (or concise arrow body) that a node is part of. */
export function enclosingStatement(node: ts.Node): ts.Node {
  let current = node;
  while (!ts.isStatement(current) && !ts.isSourceFile(current) && !isConciseBody(current)) current = current.parent;
  return current;
}

function isConciseBody(node: ts.Node): boolean {
  return node.parent !== undefined && ts.isArrowFunction(node.parent) && node.parent.body === node;
}

/** Source text with white space folded, cut to `limit` characters. */
export function shortText(node: ts.Node, limit = 60): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** `null` and `undefined`: no value. */
export function isNothing(node: ts.Expression): boolean {
  const value = strip(node);
  return value.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(value) && value.text === 'undefined');
}

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Whether the expression is what its function returns, so that a promise's failure is the function's own. */
export function isReturned(node: ts.Expression): boolean {
  const { parent } = unstrip(node);
  return ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === unstrip(node));
}
