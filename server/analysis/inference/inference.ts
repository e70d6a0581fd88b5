import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import type { Binding } from '../syntax/scopes.ts';
import { enclosingClass, isAsync, isFunctionLiteral, memberName, strip, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { Guard } from './guard.ts';
import { awaited, callable, type Known, libraryType, promised } from './known.ts';
import { memberOf } from './members.ts';
import type { ModelIndex } from './modelIndex.ts';
import { prototypeField } from './prototypes.ts';
import { collection, declaredType, elementArgument, fromType } from './types.ts';

/** Objects of which every global is a property. */
const globalObjects = new Set(['globalThis', 'global', 'window', 'self']);

/** Methods of collections that yield one of their elements. */
const readsElement = new Set(['get', 'at', 'find', 'findLast', 'pop', 'shift']);

/** Follows values through declarations, imports, annotations and assignments, within and across files. */
export class Inference {
  readonly program: Program;
  readonly models: ModelIndex;
  readonly #guard = new Guard<Known>();

  constructor(program: Program, models: ModelIndex) {
    this.program = program;
    this.models = models;
  }

  /** What is known of an expression's value; `undefined` when reading alone does not tell. */
  evaluate(node: ts.Expression): Known | undefined {
    return this.guarded(node, 'value', () => this.#evaluate(node));
  }

  /** Asks something about a node that may lead back to it; see `Guard`. */
  guarded(node: ts.Node, question: string, compute: () => Known | undefined): Known | undefined {
    return this.#guard.run(node, question, compute);
  }

  #evaluate(node: ts.Expression): Known | undefined {
    if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isTypeAssertionExpression(node)) {
      return fromType(this, node.type) ?? this.evaluate(node.expression);
    }
    if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return this.evaluate(node.expression);
    if (ts.isIdentifier(node)) {
      const binding = this.program.unitOf(node).scopes.bindingOf(node);
      return binding ? this.binding(binding) : this.global(node.text);
    }
    if (node.kind === ts.SyntaxKind.ThisKeyword) {
      const owner = enclosingClass(node);
      return owner && { kind: 'instance', class: owner };
    }
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return this.#access(node);
    if (ts.isCallExpression(node)) return this.#call(node);
    if (ts.isNewExpression(node)) return this.#new(node);
    if (ts.isAwaitExpression(node)) return awaited(this.evaluate(node.expression));
    if (ts.isConditionalExpression(node)) return this.evaluate(node.whenTrue) ?? this.evaluate(node.whenFalse);
    if (ts.isBinaryExpression(node)) return this.#binary(node);
    if (isFunctionLiteral(node)) return { kind: 'function', function: node };
    if (ts.isClassExpression(node)) return { kind: 'class', class: node };
    if (ts.isObjectLiteralExpression(node)) return { kind: 'object', object: node };
    const [element] = ts.isArrayLiteralExpression(node) ? node.elements : [];
    if (element) return collection(this.evaluate(element));
    return undefined;
  }

  /** What a name that nobody declares stands for. */
  global(name: string): Known | undefined {
    const known = this.models.global(name);
    return known && { kind: 'library', ...known };
  }

  #access(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Known | undefined {
    if (ts.isElementAccessExpression(node)) {
      const whole = this.evaluate(node.expression);
      if (whole?.kind === 'collection') return whole.of;
    }
    const name = memberName(node);
    if (name === undefined) return undefined;
    const owner = this.evaluate(node.expression);
    const member = owner && memberOf(this, owner, name);
    if (member) return member;
    const base = strip(node.expression);
    if (base.kind === ts.SyntaxKind.ThisKeyword && !owner) return this.#prototypeField(base, name);
    if (!ts.isIdentifier(base)) return undefined;
    const binding = this.program.unitOf(base).scopes.bindingOf(base);
    if (binding) return this.assignedProperty(binding, name);
    return globalObjects.has(base.text) ? this.global(name) : undefined;
  }

  /** `this.pool` in a function that is a class. */
  #prototypeField(node: ts.Node, name: string): Known | undefined {
    for (const value of prototypeField(node, name)) {
      const known = this.evaluate(value);
      if (known) return known;
    }
    return undefined;
  }

  /** `db.pool = new Pool()` somewhere in the file. */
  assignedProperty(binding: Binding, name: string): Known | undefined {
    for (const reference of binding.references) {
      const access = reference.parent;
      if (!ts.isPropertyAccessExpression(access) || access.expression !== reference || access.name.text !== name)
        continue;
      const known = this.#assignedTo(access);
      if (known) return known;
    }
    return undefined;
  }

  #assignedTo(target: ts.Expression): Known | undefined {
    const { parent } = target;
    const assigns =
      ts.isBinaryExpression(parent) &&
      parent.left === target &&
      (parent.operatorToken.kind === ts.SyntaxKind.EqualsToken ||
        parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
        parent.operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken);
    return assigns ? this.evaluate(parent.right) : undefined;
  }

  #call(node: ts.CallExpression): Known | undefined {
    const [first] = node.arguments;
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      return first && ts.isStringLiteralLike(first)
        ? promised(this.module(this.program.unitOf(node), first.text, '*'))
        : undefined;
    }
    if (
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'require' &&
      first &&
      ts.isStringLiteralLike(first)
    ) {
      return this.module(this.program.unitOf(node), first.text, '*');
    }
    const callee = strip(node.expression);
    if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind') return this.evaluate(callee.expression);
    if (ts.isPropertyAccessExpression(callee) && readsElement.has(callee.name.text)) {
      const whole = this.evaluate(callee.expression);
      if (whole?.kind === 'collection') return whole.of;
    }
    const target = callable(this.evaluate(callee));
    return target && this.result(target);
  }

  /** What a call of a known value yields. */
  result(callee: Known): Known | undefined {
    const target = this.#callable(callee);
    if (target.kind === 'signature') return target.returns && fromType(this, target.returns);
    if (target.kind === 'function') return this.returned(target.function);
    if (target.kind !== 'library') return undefined;
    const { model, shape } = target;
    if ('class' in shape) return shape.callable ? { kind: 'library', model, shape: { value: shape.class } } : undefined;
    if (!('returns' in shape) || shape.returns === undefined) return undefined;
    const value: Known = { kind: 'library', model, shape: { value: shape.returns } };
    return shape.promise ? promised(value) : value;
  }

  /** What a function of the project returns: its annotation, else the first of its return statements that tells. */
  returned(node: ts.FunctionLikeDeclaration): Known | undefined {
    return this.guarded(node, 'result', () => {
      const type = node.type ?? ts.getJSDocReturnType(node);
      if (type) return fromType(this, type);
      const { body } = node;
      if (!body || ('asteriskToken' in node && node.asteriskToken)) return undefined;
      let found: Known | undefined;
      if (!ts.isBlock(body)) found = this.evaluate(body);
      else {
        walkFunction(body, (inner) => {
          if (!found && ts.isReturnStatement(inner) && inner.expression) found = this.evaluate(inner.expression);
        });
      }
      return isAsync(node) ? promised(found) : found;
    });
  }

  /** What is called where a value is: the module's default export, the function that an object with members is. */
  #callable(known: Known): Known {
    const value = callable(known) ?? known;
    const type = libraryType(value);
    const call = type && this.models.callOf(type);
    return call ? { kind: 'library', model: type.model, shape: call } : value;
  }

  #new(node: ts.NewExpression): Known | undefined {
    if (ts.isIdentifier(node.expression)) {
      const element = node.typeArguments?.[elementArgument[node.expression.text] ?? -1];
      if (element) return collection(fromType(this, element));
    }
    const target = callable(this.evaluate(node.expression));
    if (target?.kind === 'class') return { kind: 'instance', class: target.class };
    if (target?.kind === 'library' && 'class' in target.shape) {
      return { kind: 'library', model: target.model, shape: { value: target.shape.class } };
    }
    return undefined;
  }

  #binary(node: ts.BinaryExpression): Known | undefined {
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.BarBarToken:
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarEqualsToken:
      case ts.SyntaxKind.QuestionQuestionEqualsToken:
        return this.evaluate(node.left) ?? this.evaluate(node.right);
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.CommaToken:
      case ts.SyntaxKind.EqualsToken:
        return this.evaluate(node.right);
      default:
        return undefined;
    }
  }

  /** What is known of a name's value: its declaration first, then what is assigned to it. */
  binding(binding: Binding): Known | undefined {
    const [declaration] = binding.declarations;
    if (!declaration) return undefined;
    return this.guarded(declaration, 'name', () => {
      for (const identifier of binding.declarations) {
        const known = this.declared(identifier);
        if (known) return known;
      }
      for (const write of binding.writes) {
        const known = this.#assignedTo(write);
        if (known) return known;
      }
      return undefined;
    });
  }

  /** What is known from the declaration around a declaring identifier. */
  declared(identifier: ts.Identifier): Known | undefined {
    const { parent } = identifier;
    const unit = this.program.unitOf(identifier);
    if (ts.isVariableDeclaration(parent)) {
      const type = parent.type ?? ts.getJSDocType(parent);
      return (
        (type && fromType(this, type)) ??
        (parent.initializer && this.evaluate(parent.initializer)) ??
        this.#iterated(parent)
      );
    }
    if (ts.isBindingElement(parent)) return this.#destructured(parent);
    if (ts.isParameter(parent)) return this.#parameter(parent);
    if (ts.isFunctionDeclaration(parent) || ts.isFunctionExpression(parent))
      return { kind: 'function', function: parent };
    if (ts.isClassLike(parent)) return { kind: 'class', class: parent };
    if (ts.isImportClause(parent)) return this.#imported(unit, parent, 'default');
    if (ts.isNamespaceImport(parent)) return this.#imported(unit, parent.parent, '*');
    if (ts.isImportSpecifier(parent))
      return this.#imported(unit, parent.parent.parent, (parent.propertyName ?? parent.name).text);
    if (ts.isImportEqualsDeclaration(parent) && ts.isExternalModuleReference(parent.moduleReference)) {
      const { expression } = parent.moduleReference;
      return ts.isStringLiteralLike(expression) ? this.module(unit, expression.text, '*') : undefined;
    }
    return undefined;
  }

  /** The variable of `for (const pool of pools)`. */
  #iterated(node: ts.VariableDeclaration): Known | undefined {
    const loop = node.parent.parent;
    const whole = ts.isForOfStatement(loop) ? this.evaluate(loop.expression) : undefined;
    return whole?.kind === 'collection' ? whole.of : undefined;
  }

  #imported(unit: SourceUnit, clause: ts.ImportClause, name: string): Known | undefined {
    const { moduleSpecifier } = clause.parent as ts.ImportDeclaration;
    return ts.isStringLiteral(moduleSpecifier) ? this.module(unit, moduleSpecifier.text, name) : undefined;
  }

  #destructured(element: ts.BindingElement): Known | undefined {
    const pattern = element.parent;
    const holder = pattern.parent;
    let source: Known | undefined;
    if (ts.isBindingElement(holder)) source = this.#destructured(holder);
    else if (ts.isParameter(holder)) source = this.#parameter(holder);
    else if (holder.type) source = fromType(this, holder.type);
    else if (holder.initializer) source = this.evaluate(holder.initializer);
    if (source?.kind === 'collection' && ts.isArrayBindingPattern(pattern)) return source.of;
    if (!source || !ts.isObjectBindingPattern(pattern)) return undefined;
    const key = element.propertyName ?? element.name;
    return ts.isIdentifier(key) || ts.isStringLiteral(key) ? memberOf(this, source, key.text) : undefined;
  }

  #parameter(node: ts.ParameterDeclaration): Known | undefined {
    const type = node.type ?? ts.getJSDocType(node);
    const known = (type && fromType(this, type)) ?? (node.initializer && this.evaluate(node.initializer));
    return known ?? this.#callbackParameter(node);
  }

  /** The parameter of a function literal that a library calls back: typed by the library's model. */
  #callbackParameter(node: ts.ParameterDeclaration): Known | undefined {
    const literal = node.parent;
    if (!isFunctionLiteral(literal) || !ts.isCallExpression(literal.parent)) return undefined;
    const call = literal.parent;
    const index = literal.parameters.indexOf(node);
    const callee = strip(call.expression);
    if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'then' && index === 0) {
      return call.arguments[0] === literal ? awaited(this.evaluate(callee.expression)) : undefined;
    }
    const target = this.evaluate(callee);
    if (target?.kind !== 'library' || !('callback' in target.shape)) return undefined;
    const type = target.shape.callback?.parameters[index];
    return type === undefined ? undefined : { kind: 'library', model: target.model, shape: { value: type } };
  }

  /** What `name` of a module is: `*` the namespace (or what `require` yields), `default`, or a named export. */
  module(from: SourceUnit, specifier: string, name: string): Known | undefined {
    const library = this.models.module(specifier);
    if (library) {
      const { model, module } = library;
      if (name === '*') return { kind: 'library', model, shape: { namespace: module } };
      const shape = Object.hasOwn(module, name) ? module[name] : undefined;
      if (shape) return { kind: 'library', model, shape };
      return name === 'default' ? { kind: 'library', model, shape: { namespace: module } } : undefined;
    }
    const unit = this.program.imported(from, specifier);
    return unit && this.exported(unit, name);
  }

  /** What a file of the project exports under a name. */
  exported(unit: SourceUnit, name: string): Known | undefined {
    if (name === '*') return { kind: 'module', unit };
    return this.guarded(unit.file, `export ${name}`, () => {
      const exported = unit.exports.named.get(name);
      if (exported && 'from' in exported) return this.module(unit, exported.from, exported.name);
      if (exported) return this.#node(exported.node);
      for (const star of unit.exports.stars) {
        const known = this.module(unit, star, name);
        if (known) return known;
      }
      // A default import of a CommonJS file without `module.exports =` is its namespace.
      return name === 'default' && unit.exports.named.size > 0 ? { kind: 'module', unit } : undefined;
    });
  }

  #node(node: ts.Node): Known | undefined {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return declaredType(this, node);
    if (ts.isClassLike(node)) return { kind: 'class', class: node };
    if (ts.isFunctionLike(node) && 'body' in node) return { kind: 'function', function: node };
    if (ts.isIdentifier(node)) {
      const binding = this.program.unitOf(node).scopes.lookup(node.text, node);
      return binding && this.binding(binding);
    }
    return ts.isExpression(node) ? this.evaluate(node) : undefined;
  }
}
