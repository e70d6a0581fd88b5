import ts from 'typescript';
import { prototypeField } from '../inference/prototypes.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { Binding } from '../syntax/scopes.ts';
import { enclosingClass, isNothing, memberName, strip, walk, walkFunction } from '../syntax/tree.ts';
import { exportedNode } from './exported.ts';

/** Where a value can come from, with the names that it goes by on the way. */
export type Origin =
  /** Made by this expression: a literal, `new`, a call of a library. */
  | { readonly kind: 'made'; readonly node: ts.Expression; readonly names: readonly Binding[] }
  /** Given by the caller; `path` leads from the parameter to the value. */
  | {
      readonly kind: 'parameter';
      readonly parameter: ts.ParameterDeclaration;
      readonly path: readonly string[];
      readonly names: readonly Binding[];
    }
  | { readonly kind: 'unknown'; readonly node: ts.Node };

/** How many definitions one question follows. */
const maxSteps = 60;

/** Follows values back to the expressions that make them, through names, fields, imports and functions of the project. */
export class Origins {
  readonly #semantics: Semantics;

  constructor(semantics: Semantics) {
    this.#semantics = semantics;
  }

  /** Every expression that the value can come from. */
  of(expression: ts.Expression): readonly Origin[] {
    return new Search(this.#semantics).of(expression, []);
  }

  /** Every expression that a name can stand for. */
  ofBinding(binding: Binding): readonly Origin[] {
    return new Search(this.#semantics).binding(binding, []);
  }

  /** The property of a value that was made by an object literal. */
  member(origin: Origin, name: string): readonly Origin[] {
    return new Search(this.#semantics).member(origin, name);
  }
}

const unknown = (node: ts.Node): readonly Origin[] => [{ kind: 'unknown', node }];

class Search {
  readonly #semantics: Semantics;
  readonly #visited = new Set<ts.Node>();
  #steps = 0;

  constructor(semantics: Semantics) {
    this.#semantics = semantics;
  }

  of(expression: ts.Expression, names: readonly Binding[]): readonly Origin[] {
    const node = strip(expression);
    if (this.#steps++ > maxSteps) return unknown(node);
    const made: Origin = { kind: 'made', node, names };
    if (ts.isConditionalExpression(node)) return [...this.of(node.whenTrue, names), ...this.of(node.whenFalse, names)];
    if (ts.isAwaitExpression(node)) return this.of(node.expression, names);
    if (ts.isBinaryExpression(node)) return this.#binary(node, names) ?? [made];
    if (ts.isIdentifier(node)) {
      if (node.text === 'undefined') return [made];
      const binding = this.#semantics.program.unitOf(node).scopes.bindingOf(node);
      return binding ? this.binding(binding, names) : [made];
    }
    if (ts.isPropertyAccessExpression(node)) return named(this.#access(node) ?? [made], names);
    if (ts.isCallExpression(node)) return named(this.#returned(node) ?? [made], names);
    return [made];
  }

  #binary(node: ts.BinaryExpression, names: readonly Binding[]): readonly Origin[] | undefined {
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarToken:
        return [...this.of(node.left, names), ...this.of(node.right, names)];
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.CommaToken:
      case ts.SyntaxKind.EqualsToken:
        return this.of(node.right, names);
      default:
        return undefined;
    }
  }

  binding(binding: Binding, names: readonly Binding[]): readonly Origin[] {
    const passed = [...names, binding];
    const found: Origin[] = [];
    for (const identifier of binding.declarations) {
      if (this.#visited.has(identifier)) continue;
      this.#visited.add(identifier);
      found.push(...this.#declared(identifier, passed));
    }
    for (const write of binding.writes) {
      const { parent } = write;
      const plain =
        ts.isBinaryExpression(parent) &&
        parent.left === write &&
        (parent.operatorToken.kind === ts.SyntaxKind.EqualsToken ||
          parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
          parent.operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken);
      if (!plain) found.push({ kind: 'unknown', node: write });
      else if (!this.#visited.has(parent)) {
        this.#visited.add(parent);
        found.push(...this.of(parent.right, passed));
      }
    }
    const [declaration] = binding.declarations;
    return found.length > 0 || !declaration ? found : unknown(declaration);
  }

  #declared(identifier: ts.Identifier, names: readonly Binding[]): readonly Origin[] {
    const { parent } = identifier;
    if (ts.isVariableDeclaration(parent)) {
      if (parent.initializer) return this.of(parent.initializer, names);
      return ts.isForOfStatement(parent.parent.parent) ? unknown(identifier) : [];
    }
    if (ts.isParameter(parent)) return this.#parameter(parent, [], names);
    if (ts.isBindingElement(parent)) return this.#destructured(parent, names);
    if (ts.isImportSpecifier(parent) || ts.isImportClause(parent)) return this.#imported(identifier, names);
    return [{ kind: 'made', node: identifier, names }];
  }

  #parameter(
    parameter: ts.ParameterDeclaration,
    path: readonly string[],
    names: readonly Binding[],
  ): readonly Origin[] {
    const given: Origin = { kind: 'parameter', parameter, path, names: path.length === 0 ? names : [] };
    return parameter.initializer && path.length === 0 ? [given, ...this.of(parameter.initializer, names)] : [given];
  }

  /** `const { timeout = 5 } = options`, `function f({ timeout }) {}`. */
  #destructured(element: ts.BindingElement, names: readonly Binding[]): readonly Origin[] {
    const own = element.initializer ? this.of(element.initializer, names) : [];
    const path: string[] = [];
    let current: ts.BindingElement = element;
    for (;;) {
      const key = current.propertyName ?? current.name;
      if (current.dotDotDotToken || !ts.isObjectBindingPattern(current.parent) || !ts.isIdentifier(key))
        return unknown(element);
      path.unshift(key.text);
      const holder = current.parent.parent;
      if (ts.isBindingElement(holder)) current = holder;
      else if (ts.isParameter(holder)) return [...this.#parameter(holder, path, names), ...own];
      else {
        let origins = holder.initializer ? this.of(holder.initializer, []) : unknown(holder);
        for (const name of path) origins = origins.flatMap((origin) => this.member(origin, name));
        return [...origins, ...own];
      }
    }
  }

  #imported(identifier: ts.Identifier, names: readonly Binding[]): readonly Origin[] {
    const node = exportedNode(this.#semantics.program, identifier);
    if (!node) return [{ kind: 'made', node: identifier, names }];
    if (ts.isIdentifier(node)) {
      const binding = this.#semantics.program.unitOf(node).scopes.lookup(node.text, node);
      return binding ? this.binding(binding, names) : unknown(node);
    }
    return ts.isExpression(node) ? this.of(node, names) : [{ kind: 'made', node: identifier, names }];
  }

  /** The origins of `this.options` or `config.http`; `undefined` where the property access is all that is known. */
  #access(node: ts.PropertyAccessExpression): readonly Origin[] | undefined {
    if (node.expression.kind === ts.SyntaxKind.ThisKeyword) return this.#field(node, node.name.text);
    const owners = this.of(node.expression, []);
    if (owners.some((owner) => owner.kind === 'unknown')) return unknown(node);
    return owners.flatMap((owner) => this.member(owner, node.name.text));
  }

  member(owner: Origin, name: string): readonly Origin[] {
    if (owner.kind === 'parameter') return [{ ...owner, path: [...owner.path, name], names: [] }];
    if (owner.kind === 'unknown' || !ts.isObjectLiteralExpression(owner.node)) return unknown(owner.node);
    for (const property of owner.node.properties) {
      if (ts.isSpreadAssignment(property) || !property.name || memberKey(property.name) !== name) continue;
      if (ts.isPropertyAssignment(property)) return this.of(property.initializer, []);
      if (ts.isShorthandPropertyAssignment(property)) {
        const binding = this.#semantics.program.unitOf(property).scopes.lookup(name, property);
        return binding ? this.binding(binding, []) : unknown(property);
      }
    }
    return unknown(owner.node);
  }

  #field(node: ts.PropertyAccessExpression, name: string): readonly Origin[] {
    const owner = enclosingClass(node);
    const found: Origin[] = [];
    if (!owner) {
      for (const value of prototypeField(node, name)) found.push(...this.#once(value));
      return found.length > 0 && !this.#isFilledElsewhere(node, name, found) ? found : unknown(node);
    }
    for (const member of owner.members) {
      if (ts.isPropertyDeclaration(member) && memberKey(member.name) === name && member.initializer)
        found.push(...this.#once(member.initializer));
      if (ts.isConstructorDeclaration(member)) {
        const parameter = member.parameters.find(
          (p) => ts.isParameterPropertyDeclaration(p, member) && memberKey(p.name) === name,
        );
        if (parameter) found.push(...this.#parameter(parameter, [], []));
      }
      walk(member, (inner) => {
        if (!ts.isBinaryExpression(inner) || inner.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
        if (memberName(inner.left) !== name || !isThis(inner.left)) return;
        found.push(...this.#once(inner.right));
      });
    }
    return found.length > 0 && !this.#isFilledElsewhere(node, name, found) ? found : unknown(node);
  }

  /** A field that its own class leaves empty is there for others to fill. */
  #isFilledElsewhere(node: ts.PropertyAccessExpression, name: string, found: readonly Origin[]): boolean {
    if (ts.isPrivateIdentifier(node.name) || !found.every((origin) => origin.kind === 'made' && isNothing(origin.node)))
      return false;
    const { program } = this.#semantics;
    const { path } = program.unitOf(node);
    const paths = program.host.mentioning(path, name);
    const filled = new RegExp(`(?<!\\bthis)\\.${name}\\s*(?:\\?\\?|\\|\\|)?=(?!=)`);
    return !paths || paths.some((other) => filled.test(program.host.read(other) ?? ''));
  }

  #once(expression: ts.Expression): readonly Origin[] {
    if (this.#visited.has(expression)) return [];
    this.#visited.add(expression);
    return this.of(expression, []);
  }

  /** What a function of the project returns, with the call's arguments for its parameters. */
  #returned(call: ts.CallExpression): readonly Origin[] | undefined {
    const fn = this.#semantics.targets.resolve(call)?.function;
    if (!fn?.body || this.#visited.has(fn) || ('asteriskToken' in fn && fn.asteriskToken)) return undefined;
    this.#visited.add(fn);
    const returned: ts.Expression[] = [];
    if (!ts.isBlock(fn.body)) returned.push(fn.body);
    else {
      walkFunction(fn.body, (node) => {
        if (ts.isReturnStatement(node) && node.expression) returned.push(node.expression);
      });
    }
    if (returned.length === 0) return undefined;
    return returned
      .flatMap((expression) => this.of(expression, []))
      .flatMap((origin) => this.#argument(origin, call, fn));
  }

  #argument(origin: Origin, call: ts.CallExpression, fn: ts.FunctionLikeDeclaration): readonly Origin[] {
    if (origin.kind !== 'parameter' || origin.parameter.parent !== fn) return [origin];
    const argument = call.arguments[fn.parameters.indexOf(origin.parameter)];
    if (!argument || call.arguments.some(ts.isSpreadElement)) return [];
    let origins = this.of(argument, []);
    for (const name of origin.path) origins = origins.flatMap((o) => this.member(o, name));
    return origins;
  }
}

/** The value goes by these names as well. */
function named(origins: readonly Origin[], names: readonly Binding[]): readonly Origin[] {
  if (names.length === 0) return origins;
  return origins.map((origin) =>
    origin.kind === 'unknown' ? origin : { ...origin, names: [...origin.names, ...names] },
  );
}

function isThis(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

/** The name of a property, where it is written out. */
export function memberKey(name: ts.Node): string | undefined {
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}
