import ts from 'typescript';
import type { Declaration } from '../facts.ts';
import type { Program } from '../syntax/program.ts';
import { calleeName, functionName, walk } from '../syntax/tree.ts';
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

  constructor(inference: Inference) {
    this.#inference = inference;
    this.#program = inference.program;
  }

  /** Names of members, exports and classes by which libraries' resources are acquired. */
  get acquireNames(): ReadonlyMap<string, unknown> {
    return this.#inference.models.acquireNames;
  }

  /** The project's code behind a call; `undefined` for libraries and what cannot be resolved. */
  resolve(call: ts.CallExpression | ts.NewExpression): Target | undefined {
    return this.#cached(call, () => this.#byReading(call.expression, ts.isNewExpression(call)) ?? this.#byFact(call));
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

  #byReading(callee: ts.Expression, isNew: boolean): Target | undefined {
    const known = this.#inference.evaluate(callee);
    if (known?.kind === 'class' && isNew)
      return { kind: 'constructor', class: known.class, function: constructorOf(known.class) };
    return known?.kind === 'function' && !isNew ? { kind: 'function', function: known.function } : undefined;
  }

  #byFact(call: ts.CallExpression | ts.NewExpression): Target | undefined {
    const name = calleeName(call);
    if (!name) return undefined;
    const { path } = this.#program.unitOf(call);
    const [fact] = this.#program.host.facts(path, [{ position: name.getStart(), aspects: [] }]);
    const declaration = fact?.declaration;
    if (!declaration || declaration.package !== undefined) return undefined;
    const unit = this.#program.unit(declaration.file);
    return unit && find(unit, declaration);
  }
}

function constructorOf(node: ts.ClassLikeDeclaration): ts.ConstructorDeclaration | undefined {
  return node.members.find(
    (m): m is ts.ConstructorDeclaration => ts.isConstructorDeclaration(m) && m.body !== undefined,
  );
}

/** The declaration's node in our own tree, by container and name. */
function find(unit: SourceUnit, { container, name }: Declaration): Target | undefined {
  let found: Target | undefined;
  walk(unit.file, (node) => {
    if (found) return;
    if (ts.isClassLike(node) && node.name?.text === name && container === undefined) {
      found = { kind: 'constructor', class: node, function: constructorOf(node) };
    } else if (
      ts.isConstructorDeclaration(node) &&
      name === 'constructor' &&
      node.body &&
      node.parent.name?.text === container
    ) {
      found = { kind: 'constructor', class: node.parent, function: node };
    } else if (
      ts.isFunctionLike(node) &&
      'body' in node &&
      node.body &&
      functionName(node) === name &&
      containerOf(node) === container
    ) {
      found = { kind: 'function', function: node };
    }
  });
  return found;
}

function containerOf(node: ts.FunctionLikeDeclaration): string | undefined {
  const holder = ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? node.parent.parent : node.parent;
  return ts.isClassLike(holder) ? holder.name?.text : undefined;
}
