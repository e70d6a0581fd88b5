import ts from 'typescript';
import { memberName, strip } from './tree.ts';

/** What an exported name stands for: a node of this file, or a name of another module. */
export type Exported = { readonly node: ts.Node } | { readonly from: string; readonly name: string };

/** The exports of one file, ES modules and CommonJS alike. */
export interface ModuleExports {
  /** By exported name; `default` is also CommonJS' `module.exports = …`. `*` is a re-export's whole namespace. */
  readonly named: ReadonlyMap<string, Exported>;
  /** Specifiers of `export * from …`. */
  readonly stars: readonly string[];
}

/** Collects the exports of a file by syntax alone. */
export function exportsOf(file: ts.SourceFile): ModuleExports {
  const named = new Map<string, Exported>();
  const stars: string[] = [];
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) addExportDeclaration(statement, named, stars);
    else if (ts.isExportAssignment(statement)) named.set('default', { node: statement.expression });
    else if (ts.isExpressionStatement(statement)) addCommonJs(statement.expression, named);
    else if (isExported(statement)) addDeclaration(statement, named);
    else if (ts.isVariableStatement(statement)) addInitialisers(statement, named);
  }
  return { named, stars };
}

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

function addExportDeclaration(node: ts.ExportDeclaration, named: Map<string, Exported>, stars: string[]): void {
  const from = node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
  if (!node.exportClause) {
    if (from !== undefined) stars.push(from);
  } else if (ts.isNamespaceExport(node.exportClause)) {
    if (from !== undefined) named.set(node.exportClause.name.text, { from, name: '*' });
  } else {
    for (const element of node.exportClause.elements) {
      const local = element.propertyName ?? element.name;
      named.set(element.name.text, from === undefined ? { node: local } : { from, name: local.text });
    }
  }
}

function addDeclaration(statement: ts.Statement, named: Map<string, Exported>): void {
  if (ts.isVariableStatement(statement)) {
    for (const { name } of statement.declarationList.declarations) addPattern(name, named);
  } else if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  ) {
    const isDefault = ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.DefaultKeyword) ?? false;
    // A function's body stands before its overloads' signatures.
    const key = isDefault ? 'default' : statement.name?.text;
    const bodiless = ts.isFunctionDeclaration(statement) && !statement.body;
    if (key !== undefined && !(bodiless && named.has(key))) named.set(key, { node: statement });
  }
}

function addPattern(name: ts.BindingName, named: Map<string, Exported>): void {
  if (ts.isIdentifier(name)) named.set(name.text, { node: name });
  else for (const element of name.elements) if (ts.isBindingElement(element)) addPattern(element.name, named);
}

/** `var Archive = module.exports = function () {}` */
function addInitialisers({ declarationList }: ts.VariableStatement, named: Map<string, Exported>): void {
  for (const { initializer } of declarationList.declarations) if (initializer) addCommonJs(strip(initializer), named);
}

/** `module.exports = x`, `module.exports = { a, b }`, `module.exports.a = x`, `exports.a = x`. */
function addCommonJs(expression: ts.Expression, named: Map<string, Exported>): void {
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
  const { left } = expression;
  // `exports = module.exports = x` assigns both.
  const right = strip(expression.right);
  if (ts.isBinaryExpression(right)) addCommonJs(right, named);
  if (isModuleExports(left)) {
    named.set('default', { node: right });
    if (ts.isObjectLiteralExpression(right)) addObject(right, named);
  } else if (
    ts.isPropertyAccessExpression(left) &&
    (isModuleExports(left.expression) || isIdentifier(left.expression, 'exports'))
  ) {
    named.set(left.name.text, { node: right });
  }
}

function addObject(object: ts.ObjectLiteralExpression, named: Map<string, Exported>): void {
  for (const property of object.properties) {
    if (ts.isShorthandPropertyAssignment(property)) named.set(property.name.text, { node: property.name });
    else if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name))
      named.set(property.name.text, { node: property.initializer });
    else if (ts.isMethodDeclaration(property) && ts.isIdentifier(property.name))
      named.set(property.name.text, { node: property });
  }
}

function isModuleExports(node: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(node) && memberName(node) === 'exports' && isIdentifier(node.expression, 'module')
  );
}

function isIdentifier(node: ts.Expression, text: string): boolean {
  return ts.isIdentifier(node) && node.text === text;
}
