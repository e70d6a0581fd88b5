import ts from 'typescript';
import { calledMethod, contains, enclosingRoot, receiver, some, strip } from '../syntax/tree.ts';
import type { Obligation } from './obligation.ts';

/**
 * Whether another function of the file gives back what this one keeps, and takes nothing itself:
 * `async get() { await slots.acquire(); … }, put() { slots.release(); }`. Only of what has no name of its own can that be said.
 */
export function isReleasedBeside({ acquirer, acquisition, site }: Obligation): boolean {
  if (!acquirer || !ts.isCallExpression(site)) return false;
  const names = acquisition.discharges.flatMap((d) =>
    d.by === 'acquirer' && d.argument === undefined && !d.repeats ? [d.name] : [],
  );
  if (names.length === 0) return false;
  const text = strip(acquirer).getText();
  const taking = calledMethod(site);
  const isOn = (node: ts.Node, wanted: readonly (string | undefined)[]): node is ts.CallExpression => {
    if (!ts.isCallExpression(node) || !wanted.includes(calledMethod(node))) return false;
    const owner = receiver(node);
    return owner !== undefined && strip(owner).getText() === text;
  };
  const own = enclosingRoot(site);
  return some(site.getSourceFile(), (node) => {
    if (!isOn(node, names) || contains(own, node)) return false;
    return !some(enclosingRoot(node), (inner) => isOn(inner, [taking]));
  });
}
