import ts from 'typescript';
import { isAssignment } from './tree.ts';

export type BindingKind = 'import' | 'const' | 'let' | 'var' | 'parameter' | 'function' | 'class' | 'catch' | 'type';

/** A name and everything the file does with it. */
export interface Binding {
  readonly id: number;
  readonly name: string;
  readonly kind: BindingKind;
  readonly scope: Scope;
  /** The identifiers that declare it: several for `var`, overloads and merged declarations. */
  readonly declarations: readonly ts.Identifier[];
  /** Every use in an expression, in source order; writes are among them. */
  readonly references: readonly ts.Identifier[];
  /** The uses that assign. */
  readonly writes: readonly ts.Identifier[];
}

interface MutableBinding extends Binding {
  readonly declarations: ts.Identifier[];
  readonly references: ts.Identifier[];
  readonly writes: ts.Identifier[];
}

export interface Scope {
  readonly node: ts.Node;
  readonly parent: Scope | undefined;
  readonly names: ReadonlyMap<string, Binding>;
}

interface MutableScope extends Scope {
  readonly parent: MutableScope | undefined;
  readonly names: Map<string, MutableBinding>;
}

/** All names of one file, resolved lexically. */
export interface ScopeTable {
  /** The binding that an identifier in an expression, type or declaration refers to; `undefined` for globals and property names. */
  bindingOf(identifier: ts.Identifier): Binding | undefined;
  /** What `name` means at `node`. */
  lookup(name: string, node: ts.Node): Binding | undefined;
}

const opensScope = (node: ts.Node): boolean =>
  ts.isSourceFile(node) ||
  ts.isFunctionLike(node) ||
  ts.isBlock(node) ||
  ts.isCaseBlock(node) ||
  ts.isCatchClause(node) ||
  ts.isForStatement(node) ||
  ts.isForOfStatement(node) ||
  ts.isForInStatement(node) ||
  ts.isClassLike(node) ||
  ts.isModuleBlock(node) ||
  ts.isClassStaticBlockDeclaration(node);

/** A block that is a function's body shares the function's scope: parameters and body names live together. */
const sharesScope = (node: ts.Node): boolean =>
  ts.isBlock(node) && (ts.isFunctionLike(node.parent) || ts.isCatchClause(node.parent));

export function createScopeTable(file: ts.SourceFile): ScopeTable {
  const scopes = new Map<ts.Node, MutableScope>();
  let nextId = 0;

  const declare = (scope: MutableScope, identifier: ts.Identifier, kind: BindingKind): void => {
    const known = scope.names.get(identifier.text);
    if (known) {
      known.declarations.push(identifier);
      return;
    }
    scope.names.set(identifier.text, {
      id: nextId++,
      name: identifier.text,
      kind,
      scope,
      declarations: [identifier],
      references: [],
      writes: [],
    });
  };

  const declarePattern = (scope: MutableScope, name: ts.BindingName, kind: BindingKind): void => {
    if (ts.isIdentifier(name)) declare(scope, name, kind);
    else
      for (const element of name.elements) if (ts.isBindingElement(element)) declarePattern(scope, element.name, kind);
  };

  const functionScope = (scope: MutableScope): MutableScope => {
    let current = scope;
    while (current.parent && !ts.isFunctionLike(current.node) && !ts.isClassStaticBlockDeclaration(current.node)) {
      current = current.parent;
    }
    return current;
  };

  const collect = (node: ts.Node, scope: MutableScope): void => {
    let inner = scope;
    if (opensScope(node) && !sharesScope(node)) {
      inner = { node, parent: ts.isSourceFile(node) ? undefined : scope, names: new Map() };
      scopes.set(node, inner);
    }
    declareNames(node, scope, inner);
    ts.forEachChild(node, (child) => collect(child, inner));
  };

  const declareNames = (node: ts.Node, outer: MutableScope, inner: MutableScope): void => {
    if (ts.isVariableDeclarationList(node)) {
      const kind = variableKind(node);
      const target = kind === 'var' ? functionScope(inner) : inner;
      for (const declaration of node.declarations) declarePattern(target, declaration.name, kind);
    } else if (ts.isFunctionDeclaration(node)) {
      if (node.name) declare(outer, node.name, 'function');
    } else if (ts.isFunctionExpression(node)) {
      if (node.name) declare(inner, node.name, 'function');
    } else if (ts.isClassDeclaration(node)) {
      if (node.name) declare(outer, node.name, 'class');
    } else if (ts.isClassExpression(node)) {
      if (node.name) declare(inner, node.name, 'class');
    } else if (ts.isParameter(node)) {
      declarePattern(inner, node.name, 'parameter');
    } else if (ts.isCatchClause(node)) {
      if (node.variableDeclaration) declarePattern(inner, node.variableDeclaration.name, 'catch');
    } else if (ts.isImportClause(node)) {
      if (node.name) declare(inner, node.name, 'import');
    } else if (ts.isNamespaceImport(node) || ts.isImportSpecifier(node) || ts.isImportEqualsDeclaration(node)) {
      declare(inner, node.name, 'import');
    } else if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
      if (!inner.names.has(node.name.text)) declare(inner, node.name, 'type');
    } else if (ts.isEnumDeclaration(node)) {
      declare(inner, node.name, 'const');
    } else if (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name)) {
      declare(inner, node.name, 'const');
    }
  };

  const root: MutableScope = { node: file, parent: undefined, names: new Map() };
  collect(file, root);

  const scopeAt = (node: ts.Node): MutableScope => {
    for (let current: ts.Node | undefined = node; current; current = current.parent) {
      const scope = scopes.get(current);
      if (scope && !isOutsideItsScope(node, current)) return scope;
    }
    return root;
  };

  const find = (name: string, node: ts.Node): MutableBinding | undefined => {
    for (let scope: MutableScope | undefined = scopeAt(node); scope; scope = scope.parent) {
      const binding = scope.names.get(name);
      if (binding) return binding;
    }
    return undefined;
  };

  const resolve = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isReference(node)) {
      const binding = find(node.text, node);
      if (binding) {
        binding.references.push(node);
        if (isWrite(node)) binding.writes.push(node);
      }
    }
    ts.forEachChild(node, resolve);
  };
  resolve(file);

  return {
    bindingOf: (identifier) => (isPropertyName(identifier) ? undefined : find(identifier.text, identifier)),
    lookup: find,
  };
}

function variableKind(list: ts.VariableDeclarationList): BindingKind {
  // `using` and `await using` share bits with const.
  if (list.flags & ts.NodeFlags.Const || list.flags & ts.NodeFlags.Using) return 'const';
  return list.flags & ts.NodeFlags.Let ? 'let' : 'var';
}

/** The name of a function or class declaration is looked up outside of it; everything else inside. */
function isOutsideItsScope(node: ts.Node, scopeNode: ts.Node): boolean {
  return (ts.isFunctionDeclaration(scopeNode) || ts.isClassDeclaration(scopeNode)) && scopeNode.name === node;
}

/** Whether the identifier is only a label of something: a property name, an import's foreign name, a label. */
function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isPropertyAssignment(parent) || ts.isJsxAttribute(parent)) return parent.name === node;
  if (ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isAccessor(parent))
    return parent.name === node;
  if (ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isEnumMember(parent))
    return parent.name === node;
  if (ts.isImportSpecifier(parent)) return parent.propertyName === node;
  if (ts.isExportSpecifier(parent)) return parent.name === node && parent.propertyName !== undefined;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return parent.label === node;
  return ts.isMetaProperty(parent);
}

function isReference(node: ts.Identifier): boolean {
  if (isPropertyName(node) || ts.isPartOfTypeNode(node)) return false;
  const { parent } = node;
  if (ts.isImportClause(parent) || ts.isImportSpecifier(parent) || ts.isNamespaceImport(parent)) return false;
  const named = parent as { name?: ts.Node };
  if (named.name === node && !ts.isShorthandPropertyAssignment(parent) && !ts.isExportSpecifier(parent)) return false;
  return true;
}

/** Whether the identifier is assigned here: `x = …`, `x++`, destructuring assignment, `for (x of …)`. */
export function isWrite(node: ts.Identifier): boolean {
  let current: ts.Node = node;
  for (;;) {
    const { parent } = current as { parent: ts.Node };
    if (ts.isBinaryExpression(parent)) {
      return parent.left === current && isAssignment(parent.operatorToken.kind);
    }
    if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
      return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
    }
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === current;
    const inPattern =
      ts.isParenthesizedExpression(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isSpreadAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      (ts.isPropertyAssignment(parent) && parent.initializer === current);
    if (!inPattern) return false;
    current = parent;
  }
}
