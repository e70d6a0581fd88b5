import {
  getTouchingPropertyName,
  isAsExpression,
  isCallExpression,
  isClassDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isModuleDeclaration,
  isNewExpression,
  isNonNullExpression,
  isParenthesizedExpression,
  isPrivateIdentifier,
  isPropertyAccessExpression,
  isQualifiedName,
  isSatisfiesExpression,
  isStringLiteral,
  isTaggedTemplateExpression,
  isTypeReferenceNode,
  type Node,
  SyntaxKind,
} from 'typescript-native/unstable/ast';
import {
  type NodeHandle,
  type Project,
  type Signature,
  SignatureKind,
  SymbolFlags,
  type Symbol as SymbolHandle,
  type Type,
  TypeFlags,
} from 'typescript-native/unstable/sync';
import type { CalleeView, CheckerPort, SymbolKind, SymbolView } from './checkerPort.ts';
import { caseSensitive } from './paths.ts';
import { symbolName } from './symbolName.ts';

/** The questions of the facts, asked of one project of one snapshot of the native compiler. */
export class NativeChecker implements CheckerPort<SymbolHandle, Type, Signature> {
  readonly #project: Project;
  readonly #views = new Map<SymbolHandle, SymbolView>();
  #knowsDisposal: boolean | undefined;
  #fileNames: ReadonlyMap<string, string> | undefined;

  constructor(project: Project) {
    this.#project = project;
  }

  symbolsAt(path: string, positions: readonly number[]): readonly (SymbolHandle | undefined)[] {
    const checker = this.#project.checker;
    return checker.getSymbolAtPosition(path, positions).map((symbol) => {
      const target = symbol && symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return target && checker.isUnknownSymbol(target) ? undefined : target;
    });
  }

  view(symbol: SymbolHandle): SymbolView {
    const known = this.#views.get(symbol);
    if (known) {
      return known;
    }
    const view: SymbolView = {
      kind: kindOf(symbol),
      name: symbolName(symbol.escapedName, () => this.#defaultName(symbol)),
      files: symbol.declarations.map((declaration) => this.#fileOf(declaration)),
    };
    this.#views.set(symbol, view);
    return view;
  }

  /** Handles carry a path for comparing, which has lost its case where case does not count. */
  #fileOf(declaration: NodeHandle): string {
    if (caseSensitive) {
      return declaration.path;
    }
    this.#fileNames ??= new Map(
      this.#project.program.getSourceFileNames().map((name) => [name.toLowerCase(), name] as const),
    );
    return this.#fileNames.get(declaration.path.toLowerCase()) ?? declaration.path;
  }

  #defaultName(symbol: SymbolHandle): string | undefined {
    const node = symbol.declarations[0]?.resolve(this.#project);
    return node && (isClassDeclaration(node) || isFunctionDeclaration(node)) ? node.name?.text : undefined;
  }

  parent(symbol: SymbolHandle): SymbolHandle | undefined {
    return symbol.getParent();
  }

  moduleAround(symbol: SymbolHandle, declaration: number): string | undefined {
    let node: Node | undefined = symbol.declarations[declaration]?.resolve(this.#project);
    for (; node; node = node.parent) {
      if (isModuleDeclaration(node) && isStringLiteral(node.name)) {
        return node.name.text;
      }
    }
    return undefined;
  }

  typeOf(symbol: SymbolHandle): Type | undefined {
    return this.#project.checker.getTypeOfSymbol(symbol);
  }

  calleeAt(path: string, position: number): CalleeView<Type, Signature> | undefined {
    const file = this.#project.program.getSourceFile(path);
    const token = file && getTouchingPropertyName(file, position);
    if (!token || !(isIdentifier(token) || isPrivateIdentifier(token) || token.kind === SyntaxKind.SuperKeyword)) {
      return undefined;
    }
    if (isTypeReferenceNode(token.parent) || isQualifiedName(token.parent)) {
      return undefined;
    }
    const expression = calleeExpression(token);
    const type = this.#project.checker.getTypeAtLocation(token);
    const call = expression.parent;
    const isCall =
      ((isCallExpression(call) || isNewExpression(call)) && call.expression === expression) ||
      (isTaggedTemplateExpression(call) && call.tag === expression);
    return type && { type, resolved: isCall ? this.#project.checker.getResolvedSignature(call) : undefined };
  }

  signatures(type: Type): readonly Signature[] {
    const checker = this.#project.checker;
    const calls = checker.getSignaturesOfType(type, SignatureKind.Call);
    return calls.length > 0 ? calls : checker.getSignaturesOfType(type, SignatureKind.Construct);
  }

  parameterTypes(signature: Signature): readonly (Type | undefined)[] {
    return this.#project.checker.getTypeOfSymbol(signature.getParameters());
  }

  returnType(signature: Signature): Type | undefined {
    return this.#project.checker.getReturnTypeOfSignature(signature);
  }

  isOptional(property: SymbolHandle): boolean {
    return (property.flags & SymbolFlags.Optional) !== 0;
  }

  property(type: Type, name: string): SymbolHandle | undefined {
    return this.#project.checker.getPropertyOfType(type, name);
  }

  propertyKeys(type: Type): readonly string[] {
    return this.#project.checker.getPropertiesOfType(type).map((property) => property.escapedName);
  }

  nonNullable(type: Type): Type {
    return this.#project.checker.getNonNullableType(type) ?? type;
  }

  unionParts(type: Type): readonly Type[] | undefined {
    return type.isUnionType() ? type.getTypes() : undefined;
  }

  intersectionParts(type: Type): readonly Type[] | undefined {
    return type.isIntersectionType() ? type.getTypes() : undefined;
  }

  symbolOf(type: Type): SymbolHandle | undefined {
    return type.getSymbol();
  }

  aliasOf(type: Type): SymbolHandle | undefined {
    return type.getAliasSymbol();
  }

  isUnknown(type: Type): boolean {
    return (type.flags & (TypeFlags.Any | TypeFlags.Unknown)) !== 0;
  }

  isNever(type: Type): boolean {
    return (type.flags & TypeFlags.Never) !== 0;
  }

  knowsDisposal(): boolean {
    this.#knowsDisposal ??= this.#project.checker.resolveName('AsyncDisposable', SymbolFlags.Interface) !== undefined;
    return this.#knowsDisposal;
  }
}

/** The expression that a call would have as its callee if the token names that callee. */
function calleeExpression(token: Node): Node {
  let node: Node = isPropertyAccessExpression(token.parent) && token.parent.name === token ? token.parent : token;
  for (;;) {
    const outer: Node = node.parent;
    const wraps =
      isParenthesizedExpression(outer) ||
      isNonNullExpression(outer) ||
      isAsExpression(outer) ||
      isSatisfiesExpression(outer);
    if (!wraps) {
      return node;
    }
    node = outer;
  }
}

function kindOf(symbol: SymbolHandle): SymbolKind {
  const flags = symbol.flags;
  if (flags & SymbolFlags.Class) {
    return 'class';
  }
  if (flags & SymbolFlags.Interface) {
    return 'interface';
  }
  if (flags & SymbolFlags.Enum) {
    return 'enum';
  }
  if (flags & (SymbolFlags.Function | SymbolFlags.Method)) {
    return 'callable';
  }
  if (flags & SymbolFlags.Module && symbol.escapedName.startsWith('"')) {
    return /^"(?:\/|[A-Za-z]:)/.test(symbol.escapedName) ? 'sourceModule' : 'ambientModule';
  }
  if (flags & SymbolFlags.Variable) {
    const declared = symbol.declarations[0]?.kind;
    return declared === SyntaxKind.VariableDeclaration || declared === SyntaxKind.BindingElement ? 'variable' : 'other';
  }
  if (flags & SymbolFlags.Module) {
    return 'namespace';
  }
  return flags & SymbolFlags.TypeParameter ? 'typeParameter' : 'other';
}
