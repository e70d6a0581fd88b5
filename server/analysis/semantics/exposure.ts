import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import { fromType } from '../inference/types.ts';
import type { Program } from '../syntax/program.ts';
import { strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Subject } from './referenceSubject.ts';
import { extended } from './related.ts';
import { importWord, specifiersOf } from './textEvidence.ts';

/** Bases of the platform that call no method which a class adds. */
const inertBases = new Set(['EventEmitter', 'EventTarget', 'Error', 'Object', 'Map', 'Set', 'Array']);

/**
 * Whether code that is not part of the project may call a function: it is part of what the package offers, nobody in the
 * project imports the file that exports it, or it fulfils a contract that others have written.
 */
export function isExposed(
  inference: Inference,
  { node, unit, holder, member, exported }: Subject,
  offered: boolean,
): boolean {
  if (member === undefined) return (offered || exported.length > 0) && isPublic(inference, unit);
  if (isPrivate(node)) return false;
  if (!holder) return isPublic(inference, unit);
  if (ts.isClassLike(holder)) return fulfilsContract(inference, holder) || isPublic(inference, unit);
  return isHandedOver(holder) || isPublic(inference, unit);
}

function isPrivate(node: ts.Node): boolean {
  const owner = ts.isFunctionExpression(node) || ts.isArrowFunction(node) ? node.parent : node;
  const { name } = owner as { name?: ts.Node };
  if (name && ts.isPrivateIdentifier(name)) return true;
  return (
    ts.canHaveModifiers(owner) &&
    (ts.getModifiers(owner)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false)
  );
}

/** Whether others know what the class can do: by a class or an interface that is not one of the project. */
export function fulfilsContract(inference: Inference, node: ts.ClassLikeDeclaration): boolean {
  const base = extended(node);
  if (base) {
    const known = inference.evaluate(base);
    const name = ts.isPropertyAccessExpression(base) ? base.name.text : base.getText();
    if (known?.kind === 'class') {
      if (known.class !== node && fulfilsContract(inference, known.class)) return true;
    } else if (!inertBases.has(name)) return true;
  }
  const contracts = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ImplementsKeyword)?.types ?? [];
  return contracts.some((contract) => {
    const kind = fromType(inference, contract)?.kind;
    return kind !== 'typed' && kind !== 'instance';
  });
}

/** `createServer({ release() {} })`: whoever receives the object calls its methods. */
export function isHandedOver(object: ts.ObjectLiteralExpression): boolean {
  let outer = unstrip(object);
  while (ts.isPropertyAssignment(outer.parent) && ts.isObjectLiteralExpression(outer.parent.parent)) {
    outer = unstrip(outer.parent.parent);
  }
  const { parent } = outer;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== outer;
}

/** One engine's answers: they are void when another file changes. */
const published = new WeakMap<Inference, Map<string, boolean>>();

/** Whether what a file exports can be seen from outside. */
function isPublic(inference: Inference, unit: SourceUnit): boolean {
  const { program } = inference;
  if (unit.exports.named.size === 0 && unit.exports.stars.length === 0) return false;
  const known = published.get(inference) ?? new Map<string, boolean>();
  published.set(inference, known);
  let answer = known.get(unit.path);
  if (answer === undefined) {
    answer = isOffered(program, unit) || !isImported(program, unit);
    known.set(unit.path, answer);
  }
  return answer;
}

/** Whether one of the files that the package names as its entries is the file, or exports what it exports. */
export function isOffered(program: Program, unit: SourceUnit): boolean {
  const entries = program.host.entries(unit.path);
  if (entries === undefined) return true;
  const seen = new Set<SourceUnit>();
  const pending = entries.map((path) => program.unit(path));
  while (pending.length > 0) {
    const current = pending.pop();
    if (!current || seen.has(current)) continue;
    if (current === unit) return true;
    seen.add(current);
    for (const specifier of reExported(current)) pending.push(program.imported(current, specifier));
  }
  return false;
}

/** The modules of which a file exports something. */
function reExported({ exports, scopes }: SourceUnit): readonly string[] {
  const specifiers = [...exports.stars];
  for (const exported of exports.named.values()) {
    if ('from' in exported) specifiers.push(exported.from);
    else specifiers.push(...importedIn(exported.node, scopes));
  }
  return specifiers;
}

/** `export { Pool }` of what was imported, `module.exports = { Pool: require('./pool') }`. */
function importedIn(node: ts.Node, scopes: SourceUnit['scopes']): readonly string[] {
  const value = ts.isExpression(node) ? strip(node) : node;
  const required = requiredBy(value);
  if (required !== undefined) return [required];
  if (!ts.isIdentifier(value)) return [];
  for (let from: ts.Node | undefined = scopes.lookup(value.text, value)?.declarations[0]; from; from = from.parent) {
    if (ts.isImportDeclaration(from))
      return ts.isStringLiteral(from.moduleSpecifier) ? [from.moduleSpecifier.text] : [];
    if (ts.isVariableDeclaration(from)) {
      const specifier = from.initializer && requiredBy(from.initializer);
      return specifier === undefined ? [] : [specifier];
    }
  }
  return [];
}

function requiredBy(node: ts.Node): string | undefined {
  let current = node;
  while (ts.isPropertyAccessExpression(current) || ts.isNewExpression(current)) current = current.expression;
  if (!ts.isCallExpression(current)) return undefined;
  const [argument] = current.arguments;
  const isRequire = ts.isIdentifier(current.expression) && current.expression.text === 'require';
  return isRequire && argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
}

/** Whether some file of the project imports the file. Frameworks call what nobody imports. */
function isImported(program: Program, unit: SourceUnit): boolean {
  const word = importWord(unit.path);
  const paths = word === undefined ? [] : (program.host.mentioning(unit.path, word) ?? []);
  return paths.some((path) => path !== unit.path && importsFrom(program, path, unit.path));
}

/** Whether one file imports another, as far as its text tells. */
function importsFrom({ host }: Program, path: string, of: string): boolean {
  return specifiersOf(host, path, of).some((specifier) => host.resolve(path, specifier) === of);
}
