import ts from 'typescript';
import { holdsOf } from '../../contexts/pipes.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import { strip } from '../../syntax/tree.ts';

/** What a stream holds that a function of the project has opened for its caller: `const [stream, size] = await open(id)`. */
export function heldByLent({ obligations, unit }: FileAnalysis): (source: ts.Expression) => string | undefined {
  const lent = obligations.filter((o) => o.obligation.through !== undefined && o.obligation.confidence !== 'possible');
  return (source) => {
    const name = strip(source);
    if (lent.length === 0 || !ts.isIdentifier(name)) return undefined;
    const declared = unit.scopes.bindingOf(name)?.declarations[0];
    const named = declared && nameIn(declared);
    if (!named) return undefined;
    const found = lent.find(
      ({ obligation: { site, origin } }) =>
        site === named.call && origin.via === 'value' && origin.carry.path.join('.') === named.path.join('.'),
    );
    return found && holdsOf(found.obligation.model, found.obligation.acquisition.resource);
  };
}

/** The call whose value a declaration takes apart, and where in the value the name is. */
function nameIn(
  declared: ts.Identifier,
): { readonly call: ts.Expression; readonly path: readonly string[] } | undefined {
  const path: string[] = [];
  let node: ts.Node = declared.parent;
  while (ts.isBindingElement(node)) {
    const { parent } = node;
    if (node.dotDotDotToken) return undefined;
    const key = ts.isArrayBindingPattern(parent)
      ? String(parent.elements.indexOf(node))
      : (node.propertyName ?? node.name).getText();
    path.unshift(key);
    node = parent.parent;
  }
  if (!ts.isVariableDeclaration(node) || !node.initializer) return undefined;
  const value = strip(node.initializer);
  return { call: ts.isAwaitExpression(value) ? strip(value.expression) : value, path };
}
