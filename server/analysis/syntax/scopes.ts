import ts from 'typescript';
import { isKept } from './keptFunctions.ts';
import { isAssignment, strip } from './tree.ts';

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
  parent: MutableScope | undefined;
  readonly names: Map<string, MutableBinding>;
}

interface Use {
  readonly identifier: ts.Identifier;
  readonly scope: MutableScope;
}

/**
 * The names inside of a function that lies in no other one. An edit somewhere else keeps the function's nodes, and with
 * them everything but what its free names mean.
 */
interface OutermostFunction {
  readonly scopes: ReadonlyMap<ts.Node, MutableScope>;
  readonly root: MutableScope;
  readonly free: readonly ts.Identifier[];
}

const functions = new WeakMap<ts.Node, OutermostFunction>();
let nextId = 0;

/** What its declaration gives a variable, without what changes no value; `undefined` for what has no value of its own there. */
export function initialOf(binding: Binding | undefined): ts.Expression | undefined {
  const declared = binding?.declarations[0]?.parent;
  return declared && ts.isVariableDeclaration(declared) && declared.initializer
    ? strip(declared.initializer)
    : undefined;
}

/** All names of one file, resolved lexically. */
export interface ScopeTable {
  /** The binding that an identifier in an expression, type or declaration refers to; `undefined` for globals and property names. */
  bindingOf(identifier: ts.Identifier): Binding | undefined;
  /** What `name` means at `node`. */
  lookup(name: string, node: ts.Node): Binding | undefined;
}

/** Whether names declared below the node belong to it. A body shares the scope of its function: parameters and body names live together. */
function opensScope(node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.Block:
      return !ts.isFunctionLike(node.parent) && !ts.isCatchClause(node.parent);
    case ts.SyntaxKind.CaseBlock:
    case ts.SyntaxKind.CatchClause:
    case ts.SyntaxKind.ForStatement:
    case ts.SyntaxKind.ForOfStatement:
    case ts.SyntaxKind.ForInStatement:
    case ts.SyntaxKind.ClassDeclaration:
    case ts.SyntaxKind.ClassExpression:
    case ts.SyntaxKind.ModuleBlock:
    case ts.SyntaxKind.ClassStaticBlockDeclaration:
      return true;
    default:
      return ts.isFunctionLike(node);
  }
}

/** Reads a file's names in one walk over its tree. */
export function createScopeTable(file: ts.SourceFile): ScopeTable {
  const root: MutableScope = { node: file, parent: undefined, names: new Map() };
  const { scopes, uses } = collectNames(root, (node, outer, found) => {
    if (!isKept(node)) return false;
    const known = functions.get(node) ?? readFunction(node);
    known.root.parent = outer;
    declareOwnName(node, outer);
    for (const [key, scope] of known.scopes) found.scopes.set(key, scope);
    for (const identifier of known.free) found.uses.push({ identifier, scope: outer });
    return true;
  });
  resolveUses(uses);

  const scopeAt = (node: ts.Node): MutableScope => {
    for (let current: ts.Node | undefined = node; current; current = current.parent) {
      const scope = scopes.get(current);
      if (scope && !isOutsideItsScope(node, current)) return scope;
    }
    return root;
  };

  const lookup = (name: string, node: ts.Node): Binding | undefined => bindingIn(scopeAt(node), name);
  return {
    bindingOf: (identifier) => (isPropertyName(identifier) ? undefined : lookup(identifier.text, identifier)),
    lookup,
  };
}

function readFunction(node: ts.SignatureDeclaration): OutermostFunction {
  const root: MutableScope = { node, parent: undefined, names: new Map() };
  const { scopes, uses } = collectNames(root, () => false);
  const read: OutermostFunction = { scopes, root, free: resolveUses(uses) };
  functions.set(node, read);
  return read;
}

/** Uses may come before what declares their names, so all declarations have to be known. Returns those that nothing declares. */
function resolveUses(uses: readonly Use[]): readonly ts.Identifier[] {
  const free: ts.Identifier[] = [];
  for (const { identifier, scope } of uses) {
    const binding = bindingIn(scope, identifier.text);
    if (!binding) free.push(identifier);
    binding?.references.push(identifier);
    if (binding && isWrite(identifier)) binding.writes.push(identifier);
  }
  return free;
}

interface Names {
  readonly scopes: Map<ts.Node, MutableScope>;
  readonly uses: Use[];
}

/** The scopes and uses below the node of `root`; `readElsewhere` may take over the rest of a node. */
function collectNames(
  root: MutableScope,
  readElsewhere: (node: ts.Node, outer: MutableScope, found: Names) => boolean,
): Names {
  const found: Names = { scopes: new Map([[root.node, root]]), uses: [] };
  const { scopes, uses } = found;

  const collect = (node: ts.Node, outer: MutableScope): void => {
    if (readElsewhere(node, outer, found)) return;
    let inner = outer;
    if (opensScope(node)) {
      inner = { node, parent: outer, names: new Map() };
      scopes.set(node, inner);
    }
    if (node.kind === ts.SyntaxKind.Identifier) {
      if (isReference(node as ts.Identifier)) uses.push({ identifier: node as ts.Identifier, scope: inner });
      return;
    }
    declareIn(node, outer, inner);
    ts.forEachChild(node, (child) => collect(child, inner));
  };

  if (root.parent === undefined && ts.isFunctionLike(root.node)) declareInside(root.node, root);
  ts.forEachChild(root.node, (child) => collect(child, root));
  return found;
}

function declareIn(node: ts.Node, outer: MutableScope, inner: MutableScope): void {
  switch (node.kind) {
    case ts.SyntaxKind.VariableDeclarationList: {
      const list = node as ts.VariableDeclarationList;
      const kind = variableKind(list);
      const target = kind === 'var' ? functionScope(inner) : inner;
      for (const declaration of list.declarations) declarePattern(target, declaration.name, kind);
      break;
    }
    case ts.SyntaxKind.Parameter:
      declarePattern(inner, (node as ts.ParameterDeclaration).name, 'parameter');
      break;
    case ts.SyntaxKind.CatchClause: {
      const { variableDeclaration } = node as ts.CatchClause;
      if (variableDeclaration) declarePattern(inner, variableDeclaration.name, 'catch');
      break;
    }
    default:
      declareOwnName(node, outer);
      declareInside(node, inner);
  }
}

/** The name of a declaration, which belongs around it. */
function declareOwnName(node: ts.Node, outer: MutableScope): void {
  const named = declarationKinds.get(node.kind);
  if (named?.around) declareName(node, outer, named.kind);
}

/** The name of a function or class expression, which belongs inside, and that of what opens no scope. */
function declareInside(node: ts.Node, inner: MutableScope): void {
  const named = declarationKinds.get(node.kind);
  if (named && !named.around) declareName(node, inner, named.kind);
}

function declareName(node: ts.Node, scope: MutableScope, kind: BindingKind): void {
  const { name } = node as ts.NamedDeclaration;
  if (!name || !ts.isIdentifier(name)) return;
  if (kind === 'type' && scope.names.has(name.text)) return;
  declare(scope, name, kind);
}

function declare(scope: MutableScope, identifier: ts.Identifier, kind: BindingKind): void {
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
}

function declarePattern(scope: MutableScope, name: ts.BindingName, kind: BindingKind): void {
  if (ts.isIdentifier(name)) declare(scope, name, kind);
  else for (const element of name.elements) if (ts.isBindingElement(element)) declarePattern(scope, element.name, kind);
}

function functionScope(scope: MutableScope): MutableScope {
  let current = scope;
  while (current.parent && !ts.isFunctionLike(current.node) && !ts.isClassStaticBlockDeclaration(current.node)) {
    current = current.parent;
  }
  return current;
}

function bindingIn(scope: MutableScope, name: string): MutableBinding | undefined {
  for (let current: MutableScope | undefined = scope; current; current = current.parent) {
    const binding = current.names.get(name);
    if (binding) return binding;
  }
  return undefined;
}

const declarationKinds: ReadonlyMap<ts.SyntaxKind, { readonly kind: BindingKind; readonly around?: true }> = new Map([
  [ts.SyntaxKind.FunctionDeclaration, { kind: 'function', around: true }],
  [ts.SyntaxKind.FunctionExpression, { kind: 'function' }],
  [ts.SyntaxKind.ClassDeclaration, { kind: 'class', around: true }],
  [ts.SyntaxKind.ClassExpression, { kind: 'class' }],
  [ts.SyntaxKind.ImportClause, { kind: 'import' }],
  [ts.SyntaxKind.NamespaceImport, { kind: 'import' }],
  [ts.SyntaxKind.ImportSpecifier, { kind: 'import' }],
  [ts.SyntaxKind.ImportEqualsDeclaration, { kind: 'import' }],
  [ts.SyntaxKind.InterfaceDeclaration, { kind: 'type' }],
  [ts.SyntaxKind.TypeAliasDeclaration, { kind: 'type' }],
  [ts.SyntaxKind.EnumDeclaration, { kind: 'const' }],
  [ts.SyntaxKind.ModuleDeclaration, { kind: 'const' }],
]);

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
  switch (parent.kind) {
    case ts.SyntaxKind.PropertyAccessExpression:
    case ts.SyntaxKind.PropertyAssignment:
    case ts.SyntaxKind.JsxAttribute:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.PropertyDeclaration:
    case ts.SyntaxKind.GetAccessor:
    case ts.SyntaxKind.SetAccessor:
    case ts.SyntaxKind.PropertySignature:
    case ts.SyntaxKind.MethodSignature:
    case ts.SyntaxKind.EnumMember:
      return (parent as ts.NamedDeclaration).name === node;
    case ts.SyntaxKind.QualifiedName:
      return (parent as ts.QualifiedName).right === node;
    case ts.SyntaxKind.BindingElement:
    case ts.SyntaxKind.ImportSpecifier:
      return (parent as ts.BindingElement | ts.ImportSpecifier).propertyName === node;
    case ts.SyntaxKind.ExportSpecifier:
      return (parent as ts.ExportSpecifier).name === node && (parent as ts.ExportSpecifier).propertyName !== undefined;
    case ts.SyntaxKind.LabeledStatement:
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ContinueStatement:
      return (parent as ts.LabeledStatement | ts.BreakOrContinueStatement).label === node;
    default:
      return parent.kind === ts.SyntaxKind.MetaProperty;
  }
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
