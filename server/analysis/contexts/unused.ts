import ts from 'typescript';
import { Answers } from '../semantics/answers.ts';
import { fulfilsContract, isOffered } from '../semantics/exposure.ts';
import type { Callable } from '../semantics/referenceSubject.ts';
import { ancestry, extended } from '../semantics/related.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { isFunctionLiteral } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { importersOf, importsName, isPassedOn, mayImport, pathsBeside, withoutRemarks } from './importers.ts';
import { mayCall, spokenAt, wordsIn } from './mentions.ts';
import { isExporting, isPartOfProgram, type NamedCode, namedCode } from './namedCode.ts';
import { soleInstance } from './soleInstances.ts';
import { type Taken, takenFrom } from './taken.ts';
import { isLoadedByPlace, isUnreached } from './unreached.ts';

/** So many files are read for what they say of a name. */
const fewFiles = 8;

const answers = new Answers<ts.Node, boolean>();

/** Names by which platforms and frameworks call what they are given. */
const calledByOthers =
  /^(?:on|handle|before|after|ng|component|should)(?=[A-Z])|^_|^(?:constructor|toJSON|toString|valueOf|then|next|return|dispose|close|destroy|write|read|end|get|set|has|delete|log|send|fetch|run|execute|process|perform|handle|handler|use|init|setup|start|stop|up|down|render|apply|call|invoke|register|activate|deactivate|transform|validate|resolve|load|install)$/;
/** `handlers[name](…)`, and what lists the members of an object. */
const dynamic =
  /[\w$)\]]\[(?!\s*(?:['"]|\d+\s*\]))[^\]\n]+\]\s*(?:\?\.)?\(|\bReflect\b|\bgetOwnPropertyNames\b|\bgetPrototypeOf\b/;
/** Words of projects whose templates name what their scripts define. */
const templating = ['vue', 'svelte', 'defineNuxtConfig', 'astro'];

/**
 * Whether nobody runs the code at a node: it lies in a function, method or class of which nothing speaks but itself, its
 * tests and others of that kind. Whatever leaves a doubt counts as a use: a name that code says anywhere else; a
 * file that nobody imports, for it may be loaded by its place; what a package offers, what frameworks call.
 */
export function isUnused(semantics: Semantics, node: ts.Node): boolean {
  return new Search(semantics).around(node);
}

const isCallable = (node: ts.Node): node is Callable =>
  ts.isClassLike(node) || ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || isFunctionLiteral(node);

/** A file of helpers by its place, that does nothing when it is loaded. */
function isHelper({ path, file }: SourceUnit): boolean {
  return (
    /\/(?:utils?|helpers?)\/(?:[\w-]+\/)?[\w.-]+$/i.test(path) &&
    file.statements.every(
      (it) => !ts.isExpressionStatement(it) || /^(?:module\.)?exports\b|^['"]use /.test(it.getText()),
    )
  );
}

/** `https.get`: a member of what a package or the platform exports. */
function isOfPackage({ scopes }: SourceUnit, { parent }: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(parent) || !ts.isIdentifier(parent.expression)) return false;
  let declared: ts.Node | undefined = scopes.bindingOf(parent.expression)?.declarations[0]?.parent;
  while (declared && (ts.isImportClause(declared) || ts.isNamespaceImport(declared))) declared = declared.parent;
  if (declared && ts.isImportDeclaration(declared)) return !/^['"]\./.test(declared.moduleSpecifier.getText());
  const made = declared && ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
  return made !== undefined && /^require\(['"][^.]/.test(made.getText());
}

/** Places where nothing is called by its name but what somebody imports. */
const libraries = /(?:^|\/)(?:libs?|utils?|helpers?|providers?|adapters?|clients?)\//i;
/** What frameworks look for in the modules that they load. */
const conventional =
  /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|handler|main|loader|action|middleware|register|get(?:ServerSide|Static|Initial)\w+|generate[A-Z]\w+)$/;

const isCalledByPlace = (name: string, { path }: SourceUnit): boolean =>
  conventional.test(name) || (calledByOthers.test(name) && !libraries.test(path));

function reads(exports: Taken['exports'], name: string, member: string): boolean {
  const read = exports.get(name);
  return read === 'any' || (read?.has(member) ?? false);
}

class Search {
  readonly #semantics: Semantics;

  constructor(semantics: Semantics) {
    this.#semantics = semantics;
  }

  around(node: ts.Node): boolean {
    for (let current = node; !ts.isSourceFile(current); current = current.parent) {
      if (isCallable(current) && this.#isUnused(current)) return true;
    }
    return this.#isOfUnreachedFile(node.getSourceFile());
  }

  #isOfUnreachedFile(file: ts.SourceFile): boolean {
    const { program } = this.#semantics;
    const unit = program.unitOf(file);
    const find = () => isUnreached(program.host, unit) && !this.#isOpen(unit);
    return answers.of(this.#semantics, file, find, false);
  }

  #isUnused(node: Callable): boolean {
    const { program } = this.#semantics;
    const find = () => {
      const named = namedCode(program, node);
      return named !== undefined && !this.#isUsed(named, program.unitOf(node));
    };
    // Of two that call each other and that nobody else calls the question is left open.
    return answers.of(this.#semantics, node, find, false);
  }

  #isUsed(named: NamedCode, unit: SourceUnit): boolean {
    if (named.names.some((name) => this.#isSaidBeside(name, named.node, unit))) return true;
    if (named.kind === 'local') return !isPartOfProgram(unit);
    return named.kind === 'member' ? this.#isMemberUsed(named, unit) : this.#isExportUsed(named, unit);
  }

  /** Whether the name stands in the same file outside of what it names, in code that somebody may run. */
  #isSaidBeside(name: string, node: ts.Node, unit: SourceUnit): boolean {
    const whole = ts.isVariableDeclaration(node.parent) || ts.isBinaryExpression(node.parent) ? node.parent : node;
    // Of a broken text, a name may be missing.
    if (name === '') return true;
    for (const at of wordsIn(unit, name)) {
      const token = whole.pos <= at && at < whole.end ? undefined : spokenAt(unit, at);
      if (token === undefined) continue;
      if (ts.isSourceFile(token)) return true;
      if (!isExporting(token) && !isOfPackage(unit, token) && !this.around(token)) return true;
    }
    return false;
  }

  #isExportUsed({ names, node }: NamedCode, unit: SourceUnit): boolean {
    const { host } = this.#semantics.program;
    if (names.includes('default') || this.#isOpen(unit)) return true;
    const { tests, others } = importersOf(host, unit.path);
    // What loads a file for its place looks for a function, or for a class of a certain kind.
    if (others.length === 0 && isHelper(unit) && !ts.isClassLike(node))
      return names.some((name) => this.#isSaidFreely(name, unit));
    if (others.length === 0 && (tests.length === 0 || !ts.isClassLike(node) || extended(node))) return true;
    const passing = others.filter((path) => isPassedOn(host, path, unit.path));
    const takers = others.filter((path) => !passing.includes(path));
    if (this.#isTaken(unit, takers, names, ({ isWhole, exports }, name) => isWhole || reads(exports, 'default', name)))
      return true;
    if (passing.length === 0) {
      const said = names.filter((name) => this.#isSaidElsewhere(name, unit));
      return said.some((name) => isCalledByPlace(name, unit)) || (said.length > 0 && isLoadedByPlace(host, unit.path));
    }
    // Where it is passed on, those who want it have to import it by its name.
    return names.some((name) => this.#someBeside(name, unit, (text) => importsName(text, name)));
  }

  /** Whether one of the files that import a file takes one of the names, or may: through a path that cannot be resolved. */
  #isTaken(
    unit: SourceUnit,
    importers: readonly string[],
    names: readonly string[],
    test: (taken: Taken, name: string) => boolean,
  ): boolean {
    const { program } = this.#semantics;
    const taken = importers.map((path) => takenFrom(program, path, unit.path));
    return names.some(
      (name) =>
        taken.some((it) => it.exports.has(name) || test(it, name)) ||
        this.#someBeside(
          name,
          unit,
          (text, path) => !importers.includes(path) && mayImport(program.host, path, text, unit.path),
        ),
    );
  }

  /** Whether another file speaks of it as of something that it does not declare: frameworks import what lies in `utils`. */
  #isSaidFreely(name: string, unit: SourceUnit): boolean {
    const word = name.replace(/\$/g, '\\$&');
    const own = new RegExp(`\\b(?:function\\s*\\*?|const|let|var|class)\\s+${word}(?![\\w$])`);
    const free = new RegExp(`(?<![\\w$.])${word}(?![\\w$]|\\s*:)`);
    const { host } = this.#semantics.program;
    const root = host.packageOf(unit.path);
    return this.#someBeside(
      name,
      unit,
      (text, path) => host.packageOf(path) === root && free.test(withoutRemarks(text)) && !own.test(text),
    );
  }

  #someBeside(name: string, unit: SourceUnit, test: (text: string, path: string) => boolean): boolean {
    const { host } = this.#semantics.program;
    return pathsBeside(host, unit.path, name)?.some((path) => test(host.read(path) ?? '', path)) ?? true;
  }

  #isMemberUsed({ names, holder, isPrivate = false }: NamedCode, unit: SourceUnit): boolean {
    if (dynamic.test(unit.text)) return true;
    if (isPrivate) return false;
    // What loads a file for its place may call whatever it makes.
    const { others } = importersOf(this.#semantics.program.host, unit.path);
    if (this.#isOpen(unit) || others.length === 0) return true;
    const sole = holder && soleInstance(unit, holder);
    if (holder && sole) {
      const isRead = this.#isInstanceRead(unit, others, names, sole);
      if (isRead !== undefined) return isRead || this.#isSaidByBase(holder, names);
    }
    if (names.some((name) => calledByOthers.test(name) || this.#isCalledElsewhere(name, unit))) return true;
    if (holder === undefined) return false;
    if (fulfilsContract(this.#semantics.inference, holder) || this.#isReached(holder, unit)) return true;
    // Of a class that is written for others, none of the names stands in the project: they have chosen them.
    return !holder.members.some(({ name }) => name && ts.isIdentifier(name) && this.#isSaidElsewhere(name.text, unit));
  }

  /** Whether others read one of the members of the one object that there is; `undefined`: some do they know what with it. */
  #isInstanceRead(
    unit: SourceUnit,
    importers: readonly string[],
    members: readonly string[],
    exported: readonly string[],
  ): boolean | undefined {
    const { program } = this.#semantics;
    const isDefault = exported.includes('default');
    const taken = importers.map((path) => takenFrom(program, path, unit.path));
    const isLost = taken.some((it) => it.isWhole || exported.some((name) => it.exports.get(name) === 'any'));
    // Where nobody reads anything, they have it in a way that is not known here.
    const isKnown = taken.some(({ exports }) =>
      isDefault ? exports.size > 0 : exported.some((name) => exports.has(name)),
    );
    if (isLost || !isKnown) return undefined;
    return this.#isTaken(unit, importers, members, ({ exports }, member) =>
      exported.some((name) => reads(exports, name, member)),
    );
  }

  /** Whether a class that it extends may call one of the names. */
  #isSaidByBase(holder: ts.ClassLikeDeclaration, names: readonly string[]): boolean {
    const { inference, program } = this.#semantics;
    const known = ancestry(inference, holder);
    const last = known.at(-1);
    const isForeign = last !== undefined && extended(last) !== undefined;
    const bases = known.filter((it) => it !== holder).map((it) => program.unitOf(it).text);
    return isForeign || bases.some((text) => names.some((name) => new RegExp(`\\b${name}\\b`).test(text)));
  }

  /** Whether those who know the class may call what they do not name. */
  #isReached({ name }: ts.ClassLikeDeclaration, unit: SourceUnit): boolean {
    const { host } = this.#semantics.program;
    const users = name === undefined ? [] : pathsBeside(host, unit.path, name.text);
    return users === undefined || users.some((path) => dynamic.test(host.read(path) ?? ''));
  }

  /** Whether others than the scripts of the project may use what the file exports. */
  #isOpen(unit: SourceUnit): boolean {
    const { program } = this.#semantics;
    const { host } = program;
    const root = host.packageOf(unit.path);
    const isOwn = (path: string): boolean => host.packageOf(path) === root;
    const hasTemplates = templating.some((word) => host.mentioning(unit.path, word)?.some(isOwn) ?? true);
    return hasTemplates || isOffered(program, unit);
  }

  /** Whether other files, tests aside, may call a member of that name. */
  #isCalledElsewhere(name: string, { path }: SourceUnit): boolean {
    const { program } = this.#semantics;
    const paths = pathsBeside(program.host, path, name);
    if (!paths || paths.length > fewFiles) return true;
    return paths.some((other) => {
      const unit = program.unit(other);
      return !unit || mayCall(unit, name);
    });
  }

  /** Whether other files, tests aside, hold the name. */
  #isSaidElsewhere(name: string, unit: SourceUnit): boolean {
    return pathsBeside(this.#semantics.program.host, unit.path, name)?.length !== 0;
  }
}
