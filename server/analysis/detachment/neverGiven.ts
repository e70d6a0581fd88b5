import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { strip } from '../syntax/tree.ts';
import type { Timer } from './timers.ts';

/** Whether a timer is started only `if (timeout)`, where `timeout` is a parameter that no call in the project gives. */
export function isNeverGiven({ call }: Timer, { unit, semantics }: FileAnalysis): boolean {
  const wait = call.arguments[1] && strip(call.arguments[1]);
  const binding = wait && ts.isIdentifier(wait) ? unit.scopes.bindingOf(wait) : undefined;
  const parameter = binding?.declarations[0]?.parent;
  if (!binding || !parameter || !ts.isParameter(parameter) || parameter.initializer || binding.writes.length > 0)
    return false;
  const fn = parameter.parent as ts.FunctionLikeDeclaration;
  if (!isAskedFor(call, binding.name, fn)) return false;
  const uses = semantics.references.usesOf(fn);
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0) return false;
  const index = fn.parameters.indexOf(parameter);
  return uses.calls.every(({ call: { arguments: given = [] } }) =>
    given.every((argument, at) => at < index && !ts.isSpreadElement(argument)),
  );
}

function isAskedFor(start: ts.Node, name: string, fn: ts.Node): boolean {
  for (let current = start; current !== fn && current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isIfStatement(parent) && parent.thenStatement === current && parent.expression.getText() === name)
      return true;
  }
  return false;
}
