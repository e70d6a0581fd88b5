import ts from 'typescript';
import type { Binding } from '../syntax/scopes.ts';
import { strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** Where a name comes from: a global, or an export of a module (without `node:`). `*` is the module itself. */
export interface Origin {
  readonly module: string | undefined;
  readonly name: string;
}

const globalObjects: ReadonlySet<string> = new Set(['globalThis', 'window', 'self', 'global']);

/** The origin of what an expression names, by imports and scopes alone; `undefined` for everything made in the project. */
export function originOf(node: ts.Expression, unit: SourceUnit): Origin | undefined {
  const expression = strip(node);
  if (ts.isIdentifier(expression)) {
    const binding = unit.scopes.bindingOf(expression);
    return binding ? importedAs(binding, unit) : { module: undefined, name: expression.text };
  }
  if (ts.isPropertyAccessExpression(expression)) {
    const base = originOf(expression.expression, unit);
    return base && memberOf(base, expression.name.text);
  }
  return ts.isCallExpression(expression) ? required(expression) : undefined;
}

/** `window.setTimeout`, `timers.setTimeout`, `timers.promises.setTimeout`, `Promise.race`. */
function memberOf({ module, name }: Origin, member: string): Origin | undefined {
  if (module === undefined) {
    return { module: undefined, name: globalObjects.has(name) ? member : `${name}.${member}` };
  }
  if (name === 'promises') return { module: `${module}/promises`, name: member };
  return name === '*' || name === 'default' ? { module, name: member } : { module, name: `${name}.${member}` };
}

function importedAs(binding: Binding, unit: SourceUnit): Origin | undefined {
  const [declaration] = binding.declarations;
  if (!declaration || binding.writes.length > 0) return undefined;
  const { parent } = declaration;
  if (ts.isImportSpecifier(parent)) return of(parent.parent.parent.parent, (parent.propertyName ?? parent.name).text);
  if (ts.isNamespaceImport(parent)) return of(parent.parent.parent, '*');
  if (ts.isImportClause(parent)) return of(parent.parent, 'default');
  if (ts.isVariableDeclaration(parent)) {
    const initial = parent.initializer && strip(parent.initializer);
    return initial && ts.isCallExpression(initial) ? required(initial) : undefined;
  }
  if (!ts.isBindingElement(parent) || !ts.isVariableDeclaration(parent.parent.parent)) return undefined;
  const { initializer } = parent.parent.parent;
  const key = parent.propertyName ?? parent.name;
  const whole = initializer && ts.isIdentifier(key) ? originOf(initializer, unit) : undefined;
  return whole?.module === undefined || !ts.isIdentifier(key) ? undefined : memberOf(whole, key.text);
}

const of = (declaration: ts.Node, name: string): Origin | undefined => {
  const specifier = ts.isImportDeclaration(declaration) ? declaration.moduleSpecifier : undefined;
  return specifier && ts.isStringLiteral(specifier) ? { module: plain(specifier.text), name } : undefined;
};

function required({ expression, arguments: args }: ts.CallExpression): Origin | undefined {
  const [specifier] = args;
  const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
  return isRequire && specifier && ts.isStringLiteralLike(specifier)
    ? { module: plain(specifier.text), name: '*' }
    : undefined;
}

const plain = (specifier: string): string => specifier.replace(/^node:/, '');
