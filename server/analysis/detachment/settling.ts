import ts from 'typescript';
import type { Binding } from '../syntax/scopes.ts';
import {
  calleeName,
  contains,
  type FunctionLiteral,
  isFunctionLiteral,
  isRoot,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** `new Promise(executor)` with a literal executor. */
export interface MadePromise {
  readonly node: ts.NewExpression;
  readonly executor: FunctionLiteral;
  readonly resolve: Binding | undefined;
  readonly reject: Binding | undefined;
}

/** A place where a promise is settled, or where the means to settle it is handed on. */
export interface Settlement {
  readonly node: ts.Identifier;
  readonly by: 'resolve' | 'reject';
  /** The call that settles; `undefined` when the function itself is passed on. */
  readonly call: ts.CallExpression | undefined;
  /** The functions around it up to the executor, innermost first. */
  readonly closures: readonly ts.FunctionLikeDeclaration[];
}

export function madePromise(node: ts.NewExpression, unit: SourceUnit): MadePromise | undefined {
  // `Fetch.Promise`, `Bluebird.Promise`: the same by another way.
  if (calleeName(node)?.text !== 'Promise') return undefined;
  const [argument] = node.arguments ?? [];
  const executor = argument && strip(argument);
  if (!executor || !isFunctionLiteral(executor)) return undefined;
  const [resolve, reject] = executor.parameters.map(({ name }) =>
    ts.isIdentifier(name) ? unit.scopes.bindingOf(name) : undefined,
  );
  return { node, executor, resolve, reject };
}

/** The promise whose executor a node stands in, if that is the nearest function that is more than an inline callback. */
export function promiseAround(node: ts.Node, unit: SourceUnit): MadePromise | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (!isFunctionLiteral(current)) {
      if (isRoot(current)) return undefined;
      continue;
    }
    const { parent } = unstrip(current);
    if (ts.isNewExpression(parent)) {
      const promise = madePromise(parent, unit);
      if (promise?.executor === current) return promise;
    }
  }
  return undefined;
}

export function settlementsOf({ executor, resolve, reject }: MadePromise): readonly Settlement[] {
  const found: Settlement[] = [];
  const add = (binding: Binding | undefined, by: Settlement['by']): void => {
    for (const node of binding?.references ?? []) {
      const { parent } = unstrip(node);
      const call = ts.isCallExpression(parent) && strip(parent.expression) === node ? parent : undefined;
      found.push({ node, by, call, closures: closuresAround(node, executor) });
    }
  };
  add(resolve, 'resolve');
  add(reject, 'reject');
  return found.sort((a, b) => a.node.pos - b.node.pos);
}

function closuresAround(node: ts.Node, outer: ts.Node): readonly ts.FunctionLikeDeclaration[] {
  const found: ts.FunctionLikeDeclaration[] = [];
  for (let current = node.parent; current && current !== outer; current = current.parent) {
    if (isRoot(current) && !ts.isSourceFile(current) && !ts.isClassStaticBlockDeclaration(current)) found.push(current);
  }
  return found;
}

/** Whether a settlement comes about in the function, or in one that is written in it. */
export function isWithin({ node }: Settlement, fn: ts.Node): boolean {
  return contains(fn, node);
}
