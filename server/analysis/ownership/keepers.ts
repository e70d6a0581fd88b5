import ts from 'typescript';
import { occurrences } from '../semantics/occurrences.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { enclosingClass, isAssignment, memberName, shortText, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { methodNames } from './discharges.ts';
import type { Release } from './obligation.ts';
import { isObserver } from './summaries.ts';

/** The field, variable or collection that a function put the resource into. */
export interface Kept {
  readonly target: ts.Expression;
  readonly into: 'name' | 'collection';
}

/** What a mention of a keeper may mean for what is in it. */
type Mention = 'nothing' | 'maybe released';

/** More files than these mention a name that is too common to be followed. */
const maxFiles = 60;

/** Methods that end what they are called on. */
const closers =
  /^(close|end|release|destroy|dispose|disconnect|free|stop|shutdown|teardown|terminate|quit|kill|abort)/i;

/** Methods of collections that give nothing out. */
const givesNothing = /^(set|add|push|unshift|enqueue|has|delete|clear|includes|indexOf|keys)$/;

/** Methods of collections that give one element out. */
const givesElement = /^(get|at|pop|shift)$/;

/** Tells whether anything in the project may give back what an object or a variable keeps. */
export class Keepers {
  readonly #semantics: Semantics;

  constructor(semantics: Semantics) {
    this.#semantics = semantics;
  }

  /**
   * Whether nothing gives back what is kept: every mention of the keeper, in all files that could mean it, only asks for
   * it, uses it or puts something else there.
   */
  isForgotten({ target, into }: Kept, release: Release): boolean {
    const base = strip(target);
    const name = ts.isIdentifier(base) || ts.isPrivateIdentifier(base) ? base.text : nameOf(base);
    const units = name === undefined ? undefined : this.#unitsThatMean(base, name);
    if (name === undefined || !units) return false;
    const releases = methodNames(release);
    return units.every((unit) =>
      occurrences(unit, name).every((token) => {
        const expression = expressionOf(token);
        if (!expression) return isDeclaration(token);
        return this.#means(unit, expression, into, releases, 0) === 'nothing';
      }),
    );
  }

  /** The files in which the name can mean the keeper; `undefined` when nobody can tell. */
  #unitsThatMean(target: ts.Expression, name: string): readonly SourceUnit[] | undefined {
    const { program, references } = this.#semantics;
    const unit = program.unitOf(target);
    if (ts.isIdentifier(target)) {
      const binding = unit.scopes.bindingOf(target);
      const isOwn = binding !== undefined && ts.isSourceFile(binding.scope.node) && !unit.exports.named.has(name);
      return isOwn ? [unit] : undefined;
    }
    const owner = enclosingClass(target);
    const isField = ts.isPropertyAccessExpression(target) && target.expression.kind === ts.SyntaxKind.ThisKeyword;
    if (!isField || !owner || hasUnknownBase(owner)) return undefined;
    if (isPrivate(owner, name) && !isExtended(owner)) return [unit];
    const uses = references.usesOf(owner);
    if (uses === 'unknown' || uses.exposed) return undefined;
    const paths = program.host.mentioning(unit.path, name);
    if (!paths || paths.length > maxFiles) return undefined;
    return paths.flatMap((path) => program.unit(path) ?? []);
  }

  #means(
    unit: SourceUnit,
    mention: ts.Expression,
    into: Kept['into'],
    releases: ReadonlySet<string>,
    depth: number,
  ): Mention {
    const expression = unstrip(mention);
    const { parent } = expression;
    if (ts.isExpressionStatement(parent) || isQuestion(expression)) return 'nothing';
    if (ts.isBinaryExpression(parent) && isAssignment(parent.operatorToken.kind) && parent.left === expression)
      return 'nothing';
    if (ts.isPropertyAccessExpression(parent) && parent.expression === expression)
      return this.#member(unit, parent, into, releases, depth);
    if (ts.isCallExpression(parent) && parent.expression !== expression && isObserver(parent)) return 'nothing';
    if (
      ts.isVariableDeclaration(parent) &&
      parent.initializer === expression &&
      ts.isIdentifier(parent.name) &&
      depth < 3
    ) {
      const references = unit.scopes.bindingOf(parent.name)?.references ?? [];
      const isHarmless = references.every((r) => this.#means(unit, r, into, releases, depth + 1) === 'nothing');
      return isHarmless ? 'nothing' : 'maybe released';
    }
    return 'maybe released';
  }

  #member(
    unit: SourceUnit,
    access: ts.PropertyAccessExpression,
    into: Kept['into'],
    releases: ReadonlySet<string>,
    depth: number,
  ): Mention {
    const name = access.name.text;
    const outer = unstrip(access);
    const isCalled = ts.isCallExpression(outer.parent) && outer.parent.expression === outer;
    if (into === 'collection') {
      if (!isCalled) return /^(size|length)$/.test(name) ? 'nothing' : 'maybe released';
      if (givesNothing.test(name)) return 'nothing';
      return givesElement.test(name)
        ? this.#means(unit, outer.parent as ts.Expression, 'name', releases, depth + 1)
        : 'maybe released';
    }
    if (releases.has(name) || closers.test(name)) return 'maybe released';
    // What a method gives may be the thing itself; its callbacks get what nobody knows.
    return isCalled ? 'nothing' : isQuestion(outer) || isRead(outer) ? 'nothing' : 'maybe released';
  }
}

function nameOf(node: ts.Expression): string | undefined {
  return ts.isPropertyAccessExpression(node) ? node.name.text : memberName(node);
}

/** The expression that a token names; `undefined` for declarations and other labels. */
function expressionOf(token: ts.Node): ts.Expression | undefined {
  const { parent } = token;
  if (ts.isPropertyAccessExpression(parent) && parent.name === token) return parent;
  if (ts.isElementAccessExpression(parent)) return parent;
  if (!ts.isIdentifier(token)) return undefined;
  const named = parent as { readonly name?: ts.Node; readonly propertyName?: ts.Node };
  if (named.name === token || named.propertyName === token) return undefined;
  return token;
}

/** Whether a token only declares something of that name; taking it out of an object by a pattern does more. */
function isDeclaration({ parent }: ts.Node): boolean {
  return !ts.isBindingElement(parent) && !ts.isShorthandPropertyAssignment(parent);
}

/** A value that is only asked whether it is there. */
function isQuestion(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isTypeOfExpression(parent)) return true;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return parent.left === node || isQuestion(unstrip(parent));
  if (kind === ts.SyntaxKind.BarBarToken) return isQuestion(unstrip(parent));
  return !isAssignment(kind) && kind !== ts.SyntaxKind.QuestionQuestionToken && kind !== ts.SyntaxKind.CommaToken;
}

/** A property that is read where its value goes nowhere as a function. */
function isRead(node: ts.Expression): boolean {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) || ts.isTemplateSpan(parent) || ts.isReturnStatement(parent);
}

function isPrivate(owner: ts.ClassLikeDeclaration, name: string): boolean {
  if (name.startsWith('#')) return true;
  return owner.members.some((member) => {
    const fields = ts.isConstructorDeclaration(member) ? [...member.parameters] : [member];
    return fields.some(
      (field) =>
        field.name?.getText() === name &&
        ts.canHaveModifiers(field) &&
        (ts.getModifiers(field)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false),
    );
  });
}

/** A base class of a library, or a decorator, may do with the object what nobody sees here. */
function hasUnknownBase(owner: ts.ClassLikeDeclaration): boolean {
  return owner.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) ?? false;
}

/** Whether a class of the same file extends it: private fields are hidden from all others. */
function isExtended(owner: ts.ClassLikeDeclaration): boolean {
  const name = owner.name?.text;
  return name !== undefined && new RegExp(`\\bextends\\s+${name}\\b`).test(owner.getSourceFile().text);
}

/** `Store.client`, `clients`: the keeper as messages name it. */
export function keeperName(target: ts.Expression): string {
  const base = strip(target);
  const owner = enclosingClass(base);
  if (ts.isPropertyAccessExpression(base) && base.expression.kind === ts.SyntaxKind.ThisKeyword && owner?.name)
    return `${owner.name.text}.${base.name.text}`;
  return shortText(base, 40);
}
