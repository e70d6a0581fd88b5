import ts from 'typescript';
import { tokenAt } from '../semantics/occurrences.ts';
import { specifiersOf } from '../semantics/textEvidence.ts';
import type { Program } from '../syntax/program.ts';
import { isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** The members of a value that a file reads; `any`: it hands the value on, spreads it, or indexes it with what it computes. */
export type Reads = 'any' | ReadonlySet<string>;

/** What a file takes of a module that it imports. */
export interface Taken {
  /** It may reach whatever the module exports. */
  readonly isWhole: boolean;
  /** The exports that it names, and what it reads of each. */
  readonly exports: ReadonlyMap<string, Reads>;
}

/** A member that is read, and the expression or the local name that has its value; without one, nobody follows it. */
interface Read {
  readonly name: string;
  readonly value: ts.Node | undefined;
}

/** How many names a value is followed through. */
const furthest = 3;

/** Each file's answers, by the specifier that it says. */
const known = new WeakMap<SourceUnit, Map<string, Taken>>();

export function takenFrom(program: Program, importer: string, path: string): Taken {
  const unit = program.unit(importer);
  const exports = new Map<string, Reads>();
  let isWhole = unit === undefined;
  for (const specifier of unit ? specifiersOf(program.host, importer, path) : []) {
    if (!unit || program.host.resolve(importer, specifier) !== path) continue;
    const taken = takenBy(unit, specifier);
    isWhole ||= taken.isWhole;
    for (const [name, reads] of taken.exports) exports.set(name, joined(exports.get(name), reads));
  }
  return { isWhole, exports };
}

function takenBy(unit: SourceUnit, specifier: string): Taken {
  const answers = known.get(unit) ?? new Map<string, Taken>();
  known.set(unit, answers);
  let answer = answers.get(specifier);
  if (!answer) {
    answer = readTaken(unit, specifier);
    answers.set(specifier, answer);
  }
  return answer;
}

function readTaken(unit: SourceUnit, specifier: string): Taken {
  const exports = new Map<string, Reads>();
  let isWhole = false;
  for (let at = unit.text.indexOf(specifier); at !== -1; at = unit.text.indexOf(specifier, at + specifier.length)) {
    const literal = tokenAt(unit.file, at);
    if (!ts.isStringLiteralLike(literal) || literal.text !== specifier) continue;
    const reads = readsOfModule(unit, literal);
    if (!reads) isWhole = true;
    for (const { name, value } of reads ?? [])
      exports.set(name, joined(exports.get(name), value ? namesOf(readsOf(unit, value)) : 'any'));
  }
  return { isWhole, exports };
}

/** The exports that the statement or call around a specifier names; `undefined`: any of them. */
function readsOfModule(unit: SourceUnit, literal: ts.StringLiteralLike): readonly Read[] | undefined {
  const { parent } = literal;
  if (ts.isImportDeclaration(parent)) return parent.importClause ? readsOfClause(unit, parent.importClause) : [];
  if (ts.isExportDeclaration(parent)) {
    if (!parent.exportClause || ts.isNamespaceExport(parent.exportClause)) return undefined;
    // Whoever imports it from there may do anything with it.
    return parent.exportClause.elements.map(({ name, propertyName }) => ({
      name: (propertyName ?? name).text,
      value: undefined,
    }));
  }
  if (ts.isExternalModuleReference(parent)) return readsOf(unit, (parent.parent as ts.ImportEqualsDeclaration).name);
  if (!ts.isCallExpression(parent) || parent.arguments[0] !== literal) return undefined;
  const { expression } = parent;
  const isLoaded =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
  return isLoaded ? readsOf(unit, parent) : undefined;
}

function readsOfClause(unit: SourceUnit, { name, namedBindings }: ts.ImportClause): readonly Read[] | undefined {
  const own: readonly Read[] = name ? [{ name: 'default', value: name }] : [];
  if (!namedBindings) return own;
  if (ts.isNamespaceImport(namedBindings)) {
    const read = readsOf(unit, namedBindings.name);
    return read && [...own, ...read];
  }
  const named = namedBindings.elements.map((it) => ({ name: (it.propertyName ?? it.name).text, value: it.name }));
  return [...own, ...named];
}

/** The members that are read of a value: of an expression where it stands, or of what a declared name stands for. */
function readsOf(unit: SourceUnit, value: ts.Node, depth = 0): readonly Read[] | undefined {
  if (depth > furthest) return undefined;
  if (ts.isIdentifier(value) && isDeclared(value)) {
    const binding = unit.scopes.bindingOf(value);
    const reads = binding?.references.map((it) => readsOf(unit, it, depth + 1));
    return reads?.every((it) => it !== undefined) ? reads.flat() : undefined;
  }
  const outer = unstrip(value as ts.Expression);
  const { parent } = outer;
  if (ts.isPropertyAccessExpression(parent)) {
    const promised = parent.name.text === 'then' && strip(outer) === value && isImportCall(value);
    return promised ? readsOfPromised(unit, parent, depth) : [{ name: parent.name.text, value: parent }];
  }
  if (ts.isElementAccessExpression(parent) && parent.expression === outer) {
    const { argumentExpression: key } = parent;
    return ts.isStringLiteralLike(key) ? [{ name: key.text, value: parent }] : undefined;
  }
  if (ts.isAwaitExpression(parent)) return readsOf(unit, parent, depth);
  if (ts.isVariableDeclaration(parent) && parent.initializer === outer) {
    const isExported = (ts.getCombinedModifierFlags(parent) & ts.ModifierFlags.Export) !== 0;
    return isExported ? undefined : readsOfName(unit, parent.name, depth);
  }
  return isIdle(outer, parent) ? [] : undefined;
}

function readsOfName(unit: SourceUnit, name: ts.BindingName, depth: number): readonly Read[] | undefined {
  if (ts.isIdentifier(name)) return readsOf(unit, name, depth + 1);
  if (ts.isArrayBindingPattern(name)) return undefined;
  const reads: Read[] = [];
  for (const { name: local, propertyName, dotDotDotToken } of name.elements) {
    const key = propertyName ?? local;
    if (dotDotDotToken || !(ts.isIdentifier(key) || ts.isStringLiteralLike(key))) return undefined;
    reads.push({ name: key.text, value: ts.isIdentifier(local) ? local : undefined });
  }
  return reads;
}

/** `import('./jobs').then(({ run }) => run())` */
function readsOfPromised(
  unit: SourceUnit,
  { parent: call }: ts.PropertyAccessExpression,
  depth: number,
): readonly Read[] | undefined {
  const taker = ts.isCallExpression(call) ? call.arguments[0] : undefined;
  const name = taker && isFunctionLiteral(taker) ? taker.parameters[0]?.name : undefined;
  return name && readsOfName(unit, name, depth);
}

const isImportCall = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;

/** Whether a name stands where it is declared. */
function isDeclared(name: ts.Identifier): boolean {
  const { parent } = name;
  const isDeclaration =
    ts.isImportClause(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isNamespaceImport(parent) ||
    ts.isImportEqualsDeclaration(parent) ||
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    ts.isVariableDeclaration(parent);
  return isDeclaration && parent.name === name;
}

/** Whether nothing comes of a value but that it is called, made, or asked whether it is there. */
function isIdle(value: ts.Node, parent: ts.Node): boolean {
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression === value;
  if (ts.isPrefixUnaryExpression(parent) || ts.isTypeOfExpression(parent) || ts.isExpressionStatement(parent))
    return true;
  if (ts.isJsxOpeningLikeElement(parent) || ts.isJsxClosingElement(parent)) return true;
  if (ts.isIfStatement(parent)) return parent.expression === value;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === value &&
    parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
  );
}

function namesOf(reads: readonly Read[] | undefined): Reads {
  return reads ? new Set(reads.map(({ name }) => name)) : 'any';
}

function joined(one: Reads | undefined, other: Reads): Reads {
  if (one === undefined) return other;
  return one === 'any' || other === 'any' ? 'any' : new Set([...one, ...other]);
}
