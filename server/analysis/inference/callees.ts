import ts from 'typescript';
import type { Declaration } from '../facts.ts';
import { mayDeclare } from '../syntax/declarationText.ts';
import { declaredNames } from '../syntax/declaredNames.ts';
import { binaryKinds, declarationKinds, walkKinds } from '../syntax/nodes.ts';
import type { Program, TextTest } from '../syntax/program.ts';
import { calleeName, functionName, memberName, receiver, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Inference } from './inference.ts';

/** A function or constructor of the project that a call runs. */
export type Target =
  | { readonly kind: 'function'; readonly function: ts.FunctionLikeDeclaration }
  | {
      readonly kind: 'constructor';
      readonly class: ts.ClassLikeDeclaration;
      readonly function: ts.ConstructorDeclaration | undefined;
    };

/** Finds the code that a call runs: by reading, and where that does not tell, by the declaration the type tier knows. */
export class TargetResolver {
  readonly #program: Program;
  readonly #inference: Inference;
  readonly #resolved = new WeakMap<ts.Node, Target | 'none'>();
  /** Answers of `#isDeclared` by test and by the list of the files that hold the name, which is the same for all of a project. */
  readonly #declared = new Map<TextTest, WeakMap<readonly string[], boolean>>();
  readonly #declarations = new WeakMap<SourceUnit, ReadonlyMap<string, Target>>();

  constructor(inference: Inference) {
    this.#inference = inference;
    this.#program = inference.program;
  }

  /** Names of members, exports and classes by which libraries' resources are acquired. */
  get acquireNames(): ReadonlyMap<string, unknown> {
    return this.#inference.models.acquireNames;
  }

  /**
   * The project's code behind a call; `undefined` for libraries and what cannot be resolved.
   * @param wanted Whether the text of the file that has it may be of interest; spares questions to the types.
   */
  resolve(call: ts.CallExpression | ts.NewExpression, wanted?: TextTest): Target | undefined {
    if (wanted && !this.#resolved.has(call)) {
      const read = this.read(call);
      if (read || !this.#isDeclared(call, wanted)) return read;
    }
    return this.#cached(call, () => this.read(call) ?? this.#byFact(call));
  }

  /** What reading alone tells of it. */
  read({ expression, kind }: ts.CallExpression | ts.NewExpression): Target | undefined {
    const isNew = kind === ts.SyntaxKind.NewExpression;
    const known = this.#inference.evaluate(expression);
    if (known?.kind === 'class' && isNew)
      return { kind: 'constructor', class: known.class, function: constructorOf(known.class) };
    return known?.kind === 'function' && !isNew ? { kind: 'function', function: known.function } : undefined;
  }

  /** The project's function that an expression evaluates to. */
  functionOf(expression: ts.Expression): ts.FunctionLikeDeclaration | undefined {
    const known = this.#inference.evaluate(expression);
    return known?.kind === 'function' ? known.function : undefined;
  }

  #cached(node: ts.Node, compute: () => Target | undefined): Target | undefined {
    const known = this.#resolved.get(node);
    if (known) return known === 'none' ? undefined : known;
    const target = compute();
    this.#resolved.set(node, target ?? 'none');
    return target;
  }

  #byFact(call: ts.CallExpression | ts.NewExpression): Target | undefined {
    const name = calleeName(call);
    if (!name || this.#isOfLibrary(call) || this.#isTaken(call) || !this.#isDeclared(call)) return undefined;
    const { path } = this.#program.unitOf(call);
    const [fact] = this.#program.host.facts(path, [{ position: name.getStart(), aspects: [] }]);
    const declaration = fact?.declaration;
    if (!declaration || declaration.package !== undefined) return undefined;
    const unit = this.#program.unit(declaration.file);
    const target = unit && this.#declarationsOf(unit).get(key(declaration));
    return target && isOwn(target, call) ? target : undefined;
  }

  /** Whether the callee is a variable taken out of something, of which types know only where it was taken. */
  #isTaken({ expression }: ts.CallExpression | ts.NewExpression): boolean {
    const callee = strip(expression);
    const binding = ts.isIdentifier(callee) && this.#program.unitOf(callee).scopes.bindingOf(callee);
    const [declaration] = binding ? binding.declarations : [];
    return declaration !== undefined && ts.isBindingElement(declaration.parent);
  }

  /** Whether reading tells that the member called is a library's or the language's. */
  #isOfLibrary(call: ts.CallExpression | ts.NewExpression): boolean {
    const callee = strip(call.expression);
    if (!ts.isPropertyAccessExpression(callee)) return false;
    const owner = this.#inference.evaluate(callee.expression);
    return owner?.kind === 'library' || owner?.kind === 'collection' || owner?.kind === 'promise';
  }

  /**
   * Whether the text of some file of the project declares something that is called like the callee. To ask the types
   * where most calls lead, which is into libraries, would cost more than all else.
   */
  #isDeclared(call: ts.CallExpression | ts.NewExpression, wanted?: TextTest): boolean {
    const name = calleeName(call)?.text;
    if (name === undefined) return false;
    const { path: from } = this.#program.unitOf(call);
    const test = wanted ?? declares;
    const mentioning = this.#program.host.mentioning(from, name);
    if (!mentioning) return true;
    const known = this.#declared.get(test) ?? new WeakMap<readonly string[], boolean>();
    this.#declared.set(test, known);
    let isDeclared = known.get(mentioning);
    if (isDeclared === undefined) {
      const says = (path: string, asked: TextTest): boolean => this.#program.textSays(path, asked, name);
      isDeclared = mentioning.some((path) => says(path, test) && says(path, declares));
      known.set(mentioning, isDeclared);
    }
    return isDeclared;
  }

  #declarationsOf(unit: SourceUnit): ReadonlyMap<string, Target> {
    let declarations = this.#declarations.get(unit);
    if (!declarations) {
      declarations = declarationsIn(unit);
      this.#declarations.set(unit, declarations);
    }
    return declarations;
  }
}

const declares: TextTest = { word: mayDeclare, words: declaredNames };

function constructorOf(node: ts.ClassLikeDeclaration): ts.ConstructorDeclaration | undefined {
  return node.members.find(
    (m): m is ts.ConstructorDeclaration => ts.isConstructorDeclaration(m) && m.body !== undefined,
  );
}

const key = ({ container, name }: Pick<Declaration, 'container' | 'name'>): string => `${container ?? ''}#${name}`;

/** The classes, constructors and functions with a body of a file, the first of each container and name. */
function declarationsIn({ file }: SourceUnit): ReadonlyMap<string, Target> {
  const found = new Map<string, Target>();
  const add = (container: string | undefined, name: string, target: Target): void => {
    const place = key({ container, name });
    if (!found.has(place)) found.set(place, target);
  };
  walkKinds(file, declarationKinds, (node) => {
    if (ts.isClassLike(node)) {
      if (node.name)
        add(undefined, node.name.text, { kind: 'constructor', class: node, function: constructorOf(node) });
    } else if (ts.isConstructorDeclaration(node)) {
      if (node.body)
        add(node.parent.name?.text, 'constructor', { kind: 'constructor', class: node.parent, function: node });
    } else if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const name = functionName(node);
      if (name !== undefined) add(containerOf(node), name, { kind: 'function', function: node });
    }
  });
  return found;
}

/**
 * Whether the function may be the member that is called. Declarations do not tell of which object they are one: where
 * several objects of the file got such a member by assignment, the names of the objects decide.
 */
function isOwn(target: Target, call: ts.CallExpression | ts.NewExpression): boolean {
  const assignment = target.kind === 'function' ? target.function.parent : undefined;
  const left = assignment && ts.isBinaryExpression(assignment) ? assignment.left : undefined;
  if (!left || !ts.isPropertyAccessExpression(left) || !ts.isIdentifier(left.expression)) return true;
  const holder = left.expression.text;
  const owner = receiver(call);
  if (owner && nameOf(strip(owner)) === holder) return true;
  let isShared = false;
  walkKinds(left.getSourceFile(), binaryKinds, (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const other = node.left;
    if (!ts.isPropertyAccessExpression(other) || other.name.text !== left.name.text) return;
    isShared ||= ts.isIdentifier(other.expression) && other.expression.text !== holder;
  });
  return !isShared;
}

const nameOf = (node: ts.Expression): string | undefined => (ts.isIdentifier(node) ? node.text : memberName(node));

function containerOf(node: ts.FunctionLikeDeclaration): string | undefined {
  const holder = ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? node.parent.parent : node.parent;
  return ts.isClassLike(holder) ? holder.name?.text : undefined;
}
