import ts from 'typescript';
import { isTestCode } from '../contexts/places.ts';
import { fromType } from '../inference/types.ts';
import { callersOf } from '../semantics/callers.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { Binding } from '../syntax/scopes.ts';
import { calleeName, memberName, receiver } from '../syntax/tree.ts';
import { memberKey, type Origin, Origins } from './origins.ts';

/** Whether an options object has a property, as far as reading tells. */
export type Lookup =
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly node: ts.Node }
  | { readonly state: 'present'; readonly values: readonly ts.Expression[] };

const absent: Lookup = { state: 'absent' };

/** Functions that give back their arguments' properties in one object. */
const merging =
  /^(?:assign|merge|mergeWith|extend|defaults|defaultsDeep|deepmerge|freeze|seal|clone|cloneDeep|structuredClone|omit|omitBy|pick|pickBy)$/;
/** Functions that may add a deadline to the options they are given. */
const completing = /timeout|deadline|abort|signal|intercept|prepare|enhance|default|normali[sz]e/i;

/** What the parts of an address are called. */
const addressParts = new Set(['protocol', 'host', 'hostname', 'port', 'path', 'pathname', 'search', 'auth', 'href']);

const maxDepth = 8;

const isUrlName = (name: string): boolean => /^(?:url|uri|href)$|(?:Url|URL|Uri|URI)$/.test(name);

const isNoTest = (path: string): boolean => !isTestCode(path);

/** Finds properties of options objects, wherever they are written. */
export class Options {
  readonly #semantics: Semantics;
  readonly #origins: Origins;

  constructor(semantics: Semantics) {
    this.#semantics = semantics;
    this.#origins = new Origins(semantics);
  }

  /** The property at `path` of an options value. */
  find(options: ts.Expression, path: readonly string[]): Lookup {
    return this.#any(this.#origins.of(options).map((origin) => this.#inOrigin(origin, path, 0)));
  }

  /** Where the options come from, for what must be told of them. */
  origins(options: ts.Expression): readonly Origin[] {
    return this.#origins.of(options);
  }

  /** What all callers give for a parameter; `undefined` where they are not all known. */
  givenFor({ parameter, path }: Extract<Origin, { kind: 'parameter' }>): readonly ts.Expression[] | undefined {
    const index = parameter.parent.parameters.indexOf(parameter);
    const given = callersOf(this.#semantics, parameter.parent, isNoTest)?.map(({ arguments: all = [] }) =>
      all.some(ts.isSpreadElement) ? undefined : all[index],
    );
    if (!given?.every((argument) => argument !== undefined)) return undefined;
    if (path.length === 0) return given;
    const found = given.map((argument) => this.find(argument, path));
    if (!found.every((lookup) => lookup.state === 'present')) return undefined;
    return found.flatMap((lookup) => (lookup.state === 'present' ? lookup.values : []));
  }

  /** One that has it outweighs those that have not: which one is meant is decided elsewhere. */
  #any(lookups: readonly Lookup[]): Lookup {
    const values = lookups.flatMap((lookup) => (lookup.state === 'present' ? lookup.values : []));
    if (values.length > 0) return { state: 'present', values };
    return lookups.find(({ state }) => state === 'unknown') ?? absent;
  }

  #expression(node: ts.Expression, path: readonly string[], depth: number): Lookup {
    if (depth > maxDepth) return { state: 'unknown', node };
    return this.#any(this.#origins.of(node).map((origin) => this.#inOrigin(origin, path, depth)));
  }

  #inOrigin(origin: Origin, path: readonly string[], depth: number): Lookup {
    if (origin.kind === 'unknown') return { state: 'unknown', node: origin.node };
    const own =
      origin.kind === 'parameter'
        ? this.#given(origin.parameter, [...origin.path, ...path], depth)
        : this.#made(origin.node, path, depth);
    return own.state === 'present' ? own : this.#any([own, ...origin.names.map((name) => this.#assigned(name, path))]);
  }

  #made(node: ts.Expression, path: readonly string[], depth: number): Lookup {
    if (ts.isObjectLiteralExpression(node)) {
      return this.#any(node.properties.map((property) => this.#property(property, path, depth)));
    }
    if (ts.isCallExpression(node) && merging.test(calleeName(node)?.text ?? '')) {
      return this.#any(node.arguments.map((argument) => this.#spread(argument, path, depth)));
    }
    if (isPlain(node)) return absent;
    if (isAddress(node)) return addressParts.has(path[0] ?? '') ? { state: 'unknown', node } : absent;
    if (ts.isBinaryExpression(node) || ts.isArrayLiteralExpression(node)) return absent;
    return { state: 'unknown', node };
  }

  #spread(argument: ts.Expression, path: readonly string[], depth: number): Lookup {
    return ts.isSpreadElement(argument)
      ? { state: 'unknown', node: argument }
      : this.#expression(argument, path, depth + 1);
  }

  #property(property: ts.ObjectLiteralElementLike, path: readonly string[], depth: number): Lookup {
    if (ts.isSpreadAssignment(property)) return this.#expression(property.expression, path, depth + 1);
    if (ts.isComputedPropertyName(property.name)) {
      return ts.isStringLiteralLike(property.name.expression) ? absent : { state: 'unknown', node: property };
    }
    const [first, ...rest] = path;
    if (memberKey(property.name) !== first) return absent;
    if (ts.isShorthandPropertyAssignment(property)) return this.#value(property.name, rest, depth);
    if (ts.isPropertyAssignment(property)) return this.#value(property.initializer, rest, depth);
    return { state: 'present', values: [] };
  }

  #value(value: ts.Expression, rest: readonly string[], depth: number): Lookup {
    if (rest.length > 0) return this.#expression(value, rest, depth + 1);
    return isUndefined(value) ? absent : { state: 'present', values: [value] };
  }

  /** `options.signal = …` somewhere, or a function that adds to the options. */
  #assigned(binding: Binding, path: readonly string[]): Lookup {
    const [first, ...rest] = path;
    for (const reference of binding.references) {
      const { parent } = reference;
      if (ts.isCallExpression(parent) && parent.arguments.includes(reference)) {
        const name = calleeName(parent)?.text ?? '';
        if (completing.test(name)) return { state: 'unknown', node: reference };
        if (merging.test(name) && parent.arguments[0] === reference) {
          const added = this.#any(parent.arguments.slice(1).map((argument) => this.#spread(argument, path, 1)));
          if (added.state !== 'absent') return added;
        }
        continue;
      }
      const isMember = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent);
      if (!isMember || parent.expression !== reference) continue;
      const key = memberName(parent);
      if (key !== first) continue;
      const whole = rest.length > 0 && ts.isPropertyAccessExpression(parent.parent) ? parent.parent : parent;
      const assignment = whole.parent;
      if (!ts.isBinaryExpression(assignment) || assignment.left !== whole) continue;
      return this.#value(assignment.right, whole === parent ? rest : rest.slice(1), 1);
    }
    return absent;
  }

  /** What callers give: known where all of them are, or where the declared type has no such property. */
  #given(parameter: ts.ParameterDeclaration, path: readonly string[], depth: number): Lookup {
    if (depth > maxDepth || parameter.dotDotDotToken) return { state: 'unknown', node: parameter };
    if (this.#cannotHave(parameter, path) || isPartOfAddress(path)) return absent;
    const fn = parameter.parent;
    const calls = callersOf(this.#semantics, fn);
    if (!calls) return { state: 'unknown', node: parameter };
    const index = fn.parameters.indexOf(parameter);
    return this.#any(
      calls.map((call) => {
        const before = call.arguments?.slice(0, index + 1) ?? [];
        if (before.some(ts.isSpreadElement)) return { state: 'unknown', node: call };
        const argument = call.arguments?.[index];
        return argument ? this.#expression(argument, path, depth + 1) : absent;
      }),
    );
  }

  /** Whether the parameter's own type, written out in the project, has no such property. */
  #cannotHave(parameter: ts.ParameterDeclaration, path: readonly string[]): boolean {
    let type: ts.TypeNode | undefined = parameter.type;
    for (const name of path) {
      const known = type && fromType(this.#semantics.inference, type);
      if (known?.kind !== 'typed') return type !== undefined && isPrimitive(type);
      if (ts.isInterfaceDeclaration(known.type) && known.type.heritageClauses) return false;
      // A type without members of its own says nothing of what it is given: others add theirs.
      if (known.type.members.every(isNever)) return false;
      if (known.type.members.some((m) => !m.name || !ts.isPropertySignature(m))) return false;
      const member = known.type.members.find((m) => m.name && memberKey(m.name) === name);
      if (!member) return true;
      type = ts.isPropertySignature(member) ? member.type : undefined;
    }
    return false;
  }
}

/** `options.url`: an address, or the parts of one, and no options of the request. */
function isPartOfAddress(path: readonly string[]): boolean {
  const [holder, name] = path.slice(-2);
  return holder !== undefined && name !== undefined && isUrlName(holder) && !addressParts.has(name);
}

/** `_dummy?: never`: nobody gives it. */
const isNever = (member: ts.TypeElement): boolean =>
  ts.isPropertySignature(member) && member.type?.kind === ts.SyntaxKind.NeverKeyword;

function isPrimitive(type: ts.TypeNode): boolean {
  return (
    type.kind === ts.SyntaxKind.StringKeyword ||
    type.kind === ts.SyntaxKind.NumberKeyword ||
    type.kind === ts.SyntaxKind.BooleanKeyword ||
    (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'URL')
  );
}

/** A value without properties of its own: text, a number, a URL, a function. */
function isPlain(node: ts.Expression): boolean {
  return (
    isUndefined(node) ||
    ts.isStringLiteralLike(node) ||
    ts.isTemplateExpression(node) ||
    ts.isNumericLiteral(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    (ts.isNewExpression(node) && calleeName(node)?.text === 'URL')
  );
}

/** The parts of an address: `url.parse(…)`, `urlToHttpOptions(…)`. */
function isAddress(node: ts.Expression): boolean {
  if (!ts.isCallExpression(node)) return false;
  const name = calleeName(node)?.text ?? '';
  const owner = receiver(node)?.getText() ?? '';
  return name === 'parse'
    ? /^(?:node)?ur[li](?:lib|parser?)?$/i.test(owner)
    : /^(?:urlToHttpOptions|(?:url|uri)parse|parseur[li])$/i.test(name);
}

export function isUndefined(node: ts.Expression): boolean {
  return (ts.isIdentifier(node) && node.text === 'undefined') || ts.isVoidExpression(node);
}
