import ts from 'typescript';

/** Short functions are walked again in less time than it takes to remember them. */
const shortest = 300;

/**
 * Whether what was found out about a function's nodes is worth keeping: an edit somewhere else leaves them as they are.
 * To be asked of functions that lie in no other one.
 */
export function isKept(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return node.end - node.pos > shortest && ts.isFunctionLike(node) && (node as { body?: ts.Node }).body !== undefined;
}
