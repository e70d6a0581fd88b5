import type ts from 'typescript';
import type { CalleeView, CheckerPort, SymbolKind, SymbolView } from './checkerPort.ts';
import { symbolName } from './symbolName.ts';
import { innermostAt } from './syntaxPath.ts';

/** The questions of the facts, asked of one program of TypeScript 6. */
export class Typescript6Checker implements CheckerPort<ts.Symbol, ts.Type, ts.Signature> {
  readonly #ts: typeof ts;
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #views = new Map<ts.Symbol, SymbolView>();
  #knowsDisposal: boolean | undefined;

  constructor(typescript: typeof ts, program: ts.Program) {
    this.#ts = typescript;
    this.#program = program;
    this.#checker = program.getTypeChecker();
  }

  symbolsAt(path: string, positions: readonly number[]): readonly (ts.Symbol | undefined)[] {
    return positions.map((position) => {
      const token = this.#tokenAt(path, position);
      const symbol = token && this.#checker.getSymbolAtLocation(token);
      const target =
        symbol && symbol.flags & this.#ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
      return target && this.#checker.isUnknownSymbol(target) ? undefined : target;
    });
  }

  #tokenAt(path: string, position: number): ts.Node | undefined {
    const file = this.#program.getSourceFile(path);
    const token = file && innermostAt<ts.Node>(file, position, this.#ts.forEachChild);
    const isName = token && token !== file && token.kind !== this.#ts.SyntaxKind.ImportKeyword;
    return isName && token.getStart(file) <= position ? token : undefined;
  }

  view(symbol: ts.Symbol): SymbolView {
    const known = this.#views.get(symbol);
    if (known) {
      return known;
    }
    const view: SymbolView = {
      kind: this.#kindOf(symbol),
      name: symbolName(String(symbol.escapedName), () => this.#defaultName(symbol)),
      files: (symbol.declarations ?? []).map((declaration) => declaration.getSourceFile().fileName),
    };
    this.#views.set(symbol, view);
    return view;
  }

  #defaultName(symbol: ts.Symbol): string | undefined {
    const node = symbol.declarations?.[0];
    return node && (this.#ts.isClassDeclaration(node) || this.#ts.isFunctionDeclaration(node))
      ? node.name?.text
      : undefined;
  }

  parent(symbol: ts.Symbol): ts.Symbol | undefined {
    // Public in 7, marked internal in 6.
    return (symbol as ts.Symbol & { readonly parent?: ts.Symbol }).parent;
  }

  moduleAround(symbol: ts.Symbol, declaration: number): string | undefined {
    let node: ts.Node | undefined = symbol.declarations?.[declaration];
    for (; node; node = node.parent) {
      if (this.#ts.isModuleDeclaration(node) && this.#ts.isStringLiteral(node.name)) {
        return node.name.text;
      }
    }
    return undefined;
  }

  typeOf(symbol: ts.Symbol): ts.Type | undefined {
    return this.#checker.getTypeOfSymbol(symbol);
  }

  calleeAt(path: string, position: number): CalleeView<ts.Type, ts.Signature> | undefined {
    const token = this.#tokenAt(path, position);
    const { isIdentifier, isPrivateIdentifier, SyntaxKind } = this.#ts;
    if (!token || !(isIdentifier(token) || isPrivateIdentifier(token) || token.kind === SyntaxKind.SuperKeyword)) {
      return undefined;
    }
    if (this.#ts.isTypeReferenceNode(token.parent) || this.#ts.isQualifiedName(token.parent)) {
      return undefined;
    }
    const expression = this.#calleeExpression(token);
    const call = expression.parent;
    const isCall =
      ((this.#ts.isCallExpression(call) || this.#ts.isNewExpression(call)) && call.expression === expression) ||
      (this.#ts.isTaggedTemplateExpression(call) && call.tag === expression);
    return {
      type: this.#checker.getTypeAtLocation(token),
      resolved: isCall ? this.#checker.getResolvedSignature(call as ts.CallLikeExpression) : undefined,
    };
  }

  /** The expression that a call would have as its callee if the token names that callee. */
  #calleeExpression(token: ts.Node): ts.Node {
    const { parent } = token;
    let node = this.#ts.isPropertyAccessExpression(parent) && parent.name === token ? parent : token;
    for (;;) {
      const outer: ts.Node = node.parent;
      const wraps =
        this.#ts.isParenthesizedExpression(outer) ||
        this.#ts.isNonNullExpression(outer) ||
        this.#ts.isAsExpression(outer) ||
        this.#ts.isSatisfiesExpression(outer);
      if (!wraps) {
        return node;
      }
      node = outer;
    }
  }

  signatures(type: ts.Type): readonly ts.Signature[] {
    const { SignatureKind } = this.#ts;
    const calls = this.#checker.getSignaturesOfType(type, SignatureKind.Call);
    return calls.length > 0 ? calls : this.#checker.getSignaturesOfType(type, SignatureKind.Construct);
  }

  parameterTypes(signature: ts.Signature): readonly (ts.Type | undefined)[] {
    return signature.parameters.map((parameter) => this.#checker.getTypeOfSymbol(parameter));
  }

  returnType(signature: ts.Signature): ts.Type | undefined {
    return this.#checker.getReturnTypeOfSignature(signature);
  }

  isOptional(property: ts.Symbol): boolean {
    return (property.flags & this.#ts.SymbolFlags.Optional) !== 0;
  }

  property(type: ts.Type, name: string): ts.Symbol | undefined {
    return this.#checker.getPropertyOfType(type, name);
  }

  propertyKeys(type: ts.Type): readonly string[] {
    return this.#checker.getPropertiesOfType(type).map((property) => String(property.escapedName));
  }

  nonNullable(type: ts.Type): ts.Type {
    return this.#checker.getNonNullableType(type);
  }

  unionParts(type: ts.Type): readonly ts.Type[] | undefined {
    return type.isUnion() ? type.types : undefined;
  }

  intersectionParts(type: ts.Type): readonly ts.Type[] | undefined {
    return type.isIntersection() ? type.types : undefined;
  }

  symbolOf(type: ts.Type): ts.Symbol | undefined {
    return type.getSymbol();
  }

  aliasOf(type: ts.Type): ts.Symbol | undefined {
    return type.aliasSymbol;
  }

  isUnknown(type: ts.Type): boolean {
    return (type.flags & (this.#ts.TypeFlags.Any | this.#ts.TypeFlags.Unknown)) !== 0;
  }

  isNever(type: ts.Type): boolean {
    return (type.flags & this.#ts.TypeFlags.Never) !== 0;
  }

  knowsDisposal(): boolean {
    const { Interface } = this.#ts.SymbolFlags;
    this.#knowsDisposal ??= this.#checker.resolveName('AsyncDisposable', undefined, Interface, false) !== undefined;
    return this.#knowsDisposal;
  }

  #kindOf(symbol: ts.Symbol): SymbolKind {
    const { SymbolFlags, isVariableDeclaration, isBindingElement } = this.#ts;
    const { flags } = symbol;
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
    if (flags & SymbolFlags.Module && String(symbol.escapedName).startsWith('"')) {
      return /^"(?:\/|[A-Za-z]:)/.test(String(symbol.escapedName)) ? 'sourceModule' : 'ambientModule';
    }
    if (flags & SymbolFlags.Variable) {
      const [declared] = symbol.declarations ?? [];
      return declared && (isVariableDeclaration(declared) || isBindingElement(declared)) ? 'variable' : 'other';
    }
    if (flags & SymbolFlags.Module) {
      return 'namespace';
    }
    return flags & SymbolFlags.TypeParameter ? 'typeParameter' : 'other';
  }
}
