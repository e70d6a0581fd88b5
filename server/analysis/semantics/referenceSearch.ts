import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import type { Known } from '../inference/known.ts';
import type { Program } from '../syntax/program.ts';
import { isWrite } from '../syntax/scopes.ts';
import { enclosingClass, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { isExposed, isHandedOver } from './exposure.ts';
import { type NameToken, occurrences } from './occurrences.ts';
import { isSame, type Subject } from './referenceSubject.ts';
import type { CallSite, Uses, ValueUse } from './references.ts';
import { areRelated } from './related.ts';
import { importWord, mayUseExport, mayUseMember, specifiersOf } from './textEvidence.ts';

/** A function whose name stands in more files than this is too common to be followed. */
const maxFiles = 80;

type Answer = 'certain' | 'possible' | 'no';

/** An expression that may stand for the subject. */
interface Mention {
  readonly token: NameToken;
  readonly expression: ts.Expression;
  readonly unit: SourceUnit;
}

/** Looks for the uses of one function or class: by name in all files that mention it, then by what the name means there. */
export class ReferenceSearch {
  readonly #inference: Inference;
  readonly #program: Program;
  readonly #subject: Subject;
  readonly #names = new Set<string>();
  readonly #seen = new Set<NameToken>();
  readonly #calls: CallSite[] = [];
  readonly #values: ValueUse[] = [];
  /** Whether it is reached as a member of something. */
  #asMember: boolean;
  /** Whether an object literal that is handed out offers it. */
  #offered = false;

  constructor(inference: Inference, subject: Subject) {
    this.#inference = inference;
    this.#program = inference.program;
    this.#subject = subject;
    this.#asMember = subject.member !== undefined;
  }

  run(): Uses | 'unknown' {
    const { member, binding, exported } = this.#subject;
    if (member !== undefined) this.#names.add(member);
    for (const name of exported) if (name !== 'default') this.#names.add(name);
    if (binding) for (const reference of binding.references) this.#reference(reference, this.#subject.unit);
    // Names that are added meanwhile are met by this loop, too.
    for (const name of this.#names) {
      const paths = this.#candidates(name);
      if (paths === undefined || paths.length > maxFiles) return 'unknown';
      for (const path of paths) this.#file(path, name);
    }
    if (exported.includes('default') && !this.#importers()) return 'unknown';
    const order =
      <T extends { unit: SourceUnit }>(position: (it: T) => number) =>
      (a: T, b: T) =>
        a.unit === b.unit ? position(a) - position(b) : a.unit.path < b.unit.path ? -1 : 1;
    return {
      calls: this.#calls.sort(order(({ call }) => call.pos)),
      values: this.#values.sort(order(({ token }) => token.pos)),
      exposed: isExposed(this.#inference, this.#subject, this.#offered),
    };
  }

  /** The files that mention the name in a way that may be a use: parsing them is what costs. */
  #candidates(name: string): readonly string[] | undefined {
    const { unit } = this.#subject;
    const { host } = this.#program;
    const mayUse = this.#asMember ? mayUseMember : mayUseExport;
    const paths = host.mentioning(unit.path, name);
    return paths?.filter((path) => path === unit.path || mayUse(host.read(path) ?? '', name));
  }

  #file(path: string, name: string): void {
    const unit = this.#program.unit(path);
    if (!unit) return;
    const open: Mention[] = [];
    for (const token of occurrences(unit, name)) this.#token(token, unit, open);
    if (open.length === 0) return;
    if (this.#isNear(unit)) this.#ask(unit, open);
    else for (const mention of open) this.#record(mention, 'possible');
  }

  /** Follows a default export through the files that import its file. */
  #importers(): boolean {
    const { unit } = this.#subject;
    const word = importWord(unit.path);
    // What is called `index` is imported as `.`, too, and that names nothing.
    if (word === undefined || /(?:^|\/)index\.\w+$/.test(unit.path)) return false;
    const { host } = this.#program;
    const paths = host.mentioning(unit.path, word);
    const importing = paths?.filter((path) => specifiersOf(host, path, unit.path).length > 0);
    if (importing === undefined || importing.length > maxFiles) return false;
    for (const path of importing) {
      const importer = this.#program.unit(path);
      if (!importer || importer === unit) continue;
      for (const local of defaultImports(this.#program, importer, unit)) this.#follow(local, importer);
    }
    return true;
  }

  #token(token: NameToken, unit: SourceUnit, open: Mention[]): void {
    const { parent } = token;
    if (ts.isPropertyAccessExpression(parent) && parent.name === token) this.#access(token, parent, unit, open);
    else if (ts.isElementAccessExpression(parent)) this.#access(token, parent, unit, open);
    else if (!ts.isIdentifier(token)) return;
    else if (ts.isImportSpecifier(parent) || ts.isBindingElement(parent)) this.#alias(token, parent, unit);
    else if (ts.isExportSpecifier(parent)) this.#exportedAs(parent, unit);
    else if (isValueReference(token)) this.#reference(token, unit);
  }

  /** `import { release as giveBack }`, `const { release: giveBack } = pool`: the other name is followed. */
  #alias(token: ts.Identifier, element: ts.ImportSpecifier | ts.BindingElement, unit: SourceUnit): void {
    if (element.propertyName !== token || !ts.isIdentifier(element.name)) return;
    const known = this.#inference.declared(element.name);
    if (this.#identify(known) !== 'no') this.#follow(element.name, unit);
    else if (known === undefined && this.#asMember) {
      this.#values.push({ token, unit, certain: false });
    }
  }

  #follow(local: ts.Identifier, unit: SourceUnit): void {
    for (const reference of unit.scopes.bindingOf(local)?.references ?? []) this.#reference(reference, unit);
  }

  /** `export { release as giveBack }`, with and without `from`. */
  #exportedAs(specifier: ts.ExportSpecifier, unit: SourceUnit): void {
    const known = this.#inference.exported(unit, specifier.name.text);
    if (this.#identify(known) !== 'no' && specifier.name.text !== 'default') this.#names.add(specifier.name.text);
  }

  #reference(token: ts.Identifier, unit: SourceUnit): void {
    if (this.#seen.has(token)) return;
    this.#seen.add(token);
    const { parent } = token;
    if (ts.isExportSpecifier(parent)) {
      this.#exportedAs(parent, unit);
      return;
    }
    if (isWrite(token) || isExportedNode(unit, token)) return;
    const binding = unit.scopes.bindingOf(token);
    const answer = binding === this.#subject.binding && binding ? 'certain' : this.#identifyName(token);
    this.#record({ token, expression: token, unit }, answer);
  }

  #identifyName(token: ts.Identifier): Answer {
    const known = this.#inference.evaluate(token);
    if (known) return this.#identify(known);
    const [declaration] = this.#program.unitOf(token).scopes.bindingOf(token)?.declarations ?? [];
    const { parent } = declaration ?? {};
    // What was taken out of something unknown may be the member that is looked for.
    if (this.#asMember) return parent && ts.isBindingElement(parent) ? 'possible' : 'no';
    return parent && ts.isImportSpecifier(parent) && mayBeOfProject(parent) ? 'possible' : 'no';
  }

  #access(
    token: NameToken,
    access: ts.PropertyAccessExpression | ts.ElementAccessExpression,
    unit: SourceUnit,
    open: Mention[],
  ): void {
    if (this.#seen.has(token) || isTarget(access)) return;
    this.#seen.add(token);
    const mention = { token, expression: access, unit };
    const answer = this.#identifyAccess(access);
    if (answer === undefined) open.push(mention);
    else this.#record(mention, answer);
  }

  /** `undefined`: reading does not tell. */
  #identifyAccess(access: ts.PropertyAccessExpression | ts.ElementAccessExpression): Answer | undefined {
    const known = this.#inference.evaluate(access);
    if (known) return this.#identify(known);
    const owner = this.#inference.evaluate(access.expression);
    // A function that is no member is reached through the namespace of a module, and modules are known.
    if (!this.#asMember) return owner || !isNamespace(this.#program, access) ? 'no' : 'possible';
    switch (owner?.kind) {
      case 'library':
      case 'collection':
      case 'promise':
      case 'module':
        return 'no';
      case 'instance':
        return this.#relatedTo(owner.class) ? 'possible' : undefined;
      default:
        return undefined;
    }
  }

  #identify(known: Known | undefined): Answer {
    if (!known) return 'no';
    const { node, unit, exported } = this.#subject;
    // `require('./x')` of what says `module.exports = X`: the module is what it exports.
    if (known.kind === 'module' && known.unit === unit && exported.includes('default'))
      return /\bmodule\.exports\s*=/.test(unit.text) ? 'certain' : 'no';
    if (known.kind === 'class') return isSame(known.class, node) ? 'certain' : 'no';
    // A declared type says what there is, not who provides it.
    if (known.kind === 'signature') return !this.#asMember ? 'no' : 'possible';
    if (known.kind !== 'function') return 'no';
    if (isSame(known.function, node)) return 'certain';
    const other = enclosingHolder(known.function);
    return this.#asMember && other && this.#relatedTo(other) ? 'possible' : 'no';
  }

  #relatedTo(other: ts.ClassLikeDeclaration): boolean {
    const { holder } = this.#subject;
    return holder !== undefined && ts.isClassLike(holder) && areRelated(this.#inference, holder, other);
  }

  /** Whether the types of a file may be asked: another package is another program, and opening one takes longer than all else. */
  #isNear(unit: SourceUnit): boolean {
    const { host } = this.#program;
    return host.packageOf(unit.path) === host.packageOf(this.#subject.unit.path);
  }

  /** Asks the type tier, once for a file, what the tokens refer to that reading leaves open. */
  #ask(unit: SourceUnit, open: readonly Mention[]): void {
    const queries = open.map(({ token }) => ({ position: token.getStart(unit.file), aspects: [] }));
    const facts = this.#program.host.facts(unit.path, queries);
    for (const [index, mention] of open.entries()) {
      const declaration = facts[index]?.declaration;
      if (!declaration) this.#record(mention, 'possible');
      else if (declaration.package === undefined) this.#record(mention, this.#declares(declaration));
    }
  }

  #declares({ file, container }: { readonly file: string; readonly container: string | undefined }): Answer {
    const { unit, holder } = this.#subject;
    const own = holder && ts.isClassLike(holder) ? holder.name?.text : undefined;
    const sameFile = file === unit.path || this.#program.unit(file)?.text === unit.text;
    if (sameFile && container === own) return 'certain';
    if (container === undefined || own === undefined) return sameFile ? 'possible' : 'no';
    const declaring = this.#program.unit(file);
    const named = declaring?.scopes.lookup(container, declaring.file)?.declarations[0]?.parent;
    // A declaration in an interface, or in a file that is not read, says nothing of who implements it.
    if (!named || !ts.isClassLike(named)) return 'possible';
    return this.#relatedTo(named) ? 'possible' : 'no';
  }

  /** `return { get, release }`: its users call it as a member of that object. */
  #offers(expression: ts.Expression): boolean {
    const name = this.#subject.member === undefined ? offeredName(expression) : undefined;
    if (name === undefined || ts.isClassLike(this.#subject.node)) return false;
    this.#names.add(name);
    this.#asMember = true;
    this.#offered = true;
    return true;
  }

  #record({ token, expression, unit }: Mention, answer: Answer): void {
    if (answer === 'no') return;
    const certain = answer === 'certain';
    if (certain && this.#offers(expression)) return;
    const outer = unstrip(expression);
    const { parent } = outer;
    const called =
      (ts.isCallExpression(parent) && parent.expression === outer && !ts.isClassLike(this.#subject.node)) ||
      (ts.isNewExpression(parent) && parent.expression === outer);
    if (called) this.#calls.push({ call: parent, unit, certain });
    else if (!ts.isTypeOfExpression(parent)) this.#values.push({ token, unit, certain });
  }
}

/** The name under which an object literal that is returned or kept has a value; nothing when the object is an argument. */
function offeredName(expression: ts.Expression): string | undefined {
  const { parent } = expression;
  const isValue = ts.isPropertyAssignment(parent) && parent.initializer === expression;
  if (!isValue && !ts.isShorthandPropertyAssignment(parent)) return undefined;
  if (!ts.isIdentifier(parent.name) || isHandedOver(parent.parent)) return undefined;
  return parent.name.text;
}

function isValueReference(token: ts.Identifier): boolean {
  const { parent } = token;
  if (ts.isPartOfTypeNode(token)) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isImportClause(parent) || ts.isNamespaceImport(parent) || ts.isImportEqualsDeclaration(parent)) return false;
  return (parent as { name?: ts.Node }).name !== token;
}

/** Whether a member is assigned or deleted rather than used. */
function isTarget(access: ts.Expression): boolean {
  const outer = unstrip(access);
  const { parent } = outer;
  if (ts.isDeleteExpression(parent)) return true;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === outer &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    strip(parent.right) !== access
  );
}

/** Whether a name only tells the module what to export. */
function isExportedNode(unit: SourceUnit, token: ts.Identifier): boolean {
  for (const exported of unit.exports.named.values()) {
    if (!('node' in exported)) continue;
    const node = ts.isExpression(exported.node) ? strip(exported.node) : exported.node;
    if (node === token) return true;
  }
  return false;
}

/** Relative paths and what bundlers take for one; bare names are packages. */
function mayBeOfProject(specifier: ts.ImportSpecifier): boolean {
  const { moduleSpecifier } = specifier.parent.parent.parent;
  return ts.isStringLiteral(moduleSpecifier) && /^(?:\.|[@~#]\/|#|~)/.test(moduleSpecifier.text);
}

/** Whether the object of an access is the namespace of a module that was not found. */
function isNamespace(program: Program, access: ts.PropertyAccessExpression | ts.ElementAccessExpression): boolean {
  const object = strip(access.expression);
  if (!ts.isIdentifier(object)) return false;
  const unit = program.unitOf(object);
  const parent = unit.scopes.bindingOf(object)?.declarations[0]?.parent;
  if (parent && ts.isNamespaceImport(parent)) {
    const { moduleSpecifier } = parent.parent.parent as ts.ImportDeclaration;
    return ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text.startsWith('.');
  }
  return false;
}

function enclosingHolder(node: ts.FunctionLikeDeclaration): ts.ClassLikeDeclaration | undefined {
  return ts.isClassLike(node.parent) ? node.parent : enclosingClass(node);
}

/** The names that a file gives the default export of another. */
function defaultImports(program: Program, importer: SourceUnit, of: SourceUnit): readonly ts.Identifier[] {
  const names: ts.Identifier[] = [];
  for (const statement of importer.file.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const clause = statement.importClause;
      if (!clause || program.imported(importer, statement.moduleSpecifier.text) !== of) continue;
      if (clause.name) names.push(clause.name);
      const bindings = clause.namedBindings;
      if (!bindings || !ts.isNamedImports(bindings)) continue;
      for (const { propertyName, name } of bindings.elements) if (propertyName?.text === 'default') names.push(name);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        const call = initializer && strip(initializer);
        if (!call || !ts.isIdentifier(name) || !ts.isCallExpression(call)) continue;
        const [argument] = call.arguments;
        const isRequire = ts.isIdentifier(call.expression) && call.expression.text === 'require';
        if (!isRequire || !argument || !ts.isStringLiteralLike(argument)) continue;
        if (program.imported(importer, argument.text) === of) names.push(name);
      }
    }
  }
  return names;
}
