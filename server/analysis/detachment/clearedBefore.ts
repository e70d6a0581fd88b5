import ts from 'typescript';
import type { Repetition } from '../contexts/repeated.ts';
import {
  calledMethod,
  contains,
  enclosingRoot,
  functionName,
  isFunctionLiteral,
  isRoot,
  receiver,
  walkFunction,
} from '../syntax/tree.ts';
import type { Handle } from './handles.ts';
import type { Timer } from './timers.ts';

/**
 * Whether what starts a timer again and again ends the one before first: `clock.end(); clock.start()`, where `end` is a
 * function beside `start` that clears it.
 */
export function isClearedBefore({ hops }: Repetition, { call }: Timer, handle: Handle): boolean {
  const enders = new Set(handle.clears.flatMap(({ node }) => nameAround(node, call)));
  return hops.some(({ call: hop }) => {
    const object = receiver(hop)?.getText();
    const root = enclosingRoot(hop);
    let cleared = false;
    walkFunction(bodyOf(root), (node) => {
      if (cleared || !ts.isCallExpression(node) || node.end > hop.pos || !contains(root, node)) return;
      const name = calledMethod(node) ?? (ts.isIdentifier(node.expression) ? node.expression.text : '');
      cleared = (enders.has(name) && receiver(node)?.getText() === object) || handle.isClearedBy(node);
    });
    return cleared;
  });
}

/** The names of the functions around a place that do not start the timer themselves. */
function nameAround(node: ts.Node, start: ts.Node): readonly string[] {
  for (let current = node.parent; current; current = current.parent) {
    if (!isRoot(current) || ts.isSourceFile(current) || ts.isClassStaticBlockDeclaration(current)) continue;
    const name = functionName(current as ts.FunctionLikeDeclaration);
    if (name !== undefined) return contains(current, start) ? [] : [name];
    if (!isFunctionLiteral(current)) return [];
  }
  return [];
}

function bodyOf(root: ts.Node): ts.Node {
  return (root as { readonly body?: ts.Node }).body ?? root;
}
