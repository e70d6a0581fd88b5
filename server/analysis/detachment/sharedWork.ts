import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { isFunctionLiteral, strip, walk } from '../syntax/tree.ts';

/** How many calls are followed. */
const maxDepth = 4;

/**
 * Whether a callee hands what it is given to work that others may wait for, too: `cache.fetch(url, () => download(url,
 * { signal }))`, where whoever asks next for the same key joins. One caller's signal would end it for all of them.
 */
export function isSharedWork(call: ts.CallExpression, semantics: Semantics, depth = maxDepth): boolean {
  const body = depth === 0 ? undefined : semantics.targets.resolve(call)?.function?.body;
  if (!body) return false;
  let shared = false;
  walk(body, (node) => {
    if (shared || !ts.isCallExpression(node)) return;
    const makes = node.arguments.slice(1).some((argument) => isFunctionLiteral(strip(argument)));
    if (makes && joins(semantics.targets.resolve(node)?.function?.body)) shared = true;
    else if (isResult(node)) shared = isSharedWork(node, semantics, depth - 1);
  });
  return shared;
}

/** What the function itself waits for or returns. */
function isResult(node: ts.CallExpression): boolean {
  const { parent } = node;
  return ts.isReturnStatement(parent) || ts.isAwaitExpression(parent) || ts.isArrowFunction(parent);
}

/** Looks a key up among what runs, and puts what it starts under it. */
function joins(body: ts.ConciseBody | undefined): boolean {
  const text = body?.getText() ?? '';
  const kepts = [...text.matchAll(/([\w.#]+)\.set\(\s*\w/g)].map((match) => match[1] ?? '');
  return kepts.some((name) => text.includes(`${name}.get(`) && text.includes(`${name}.delete(`));
}
