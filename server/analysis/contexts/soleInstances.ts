import ts from 'typescript';
import { occurrences } from '../semantics/occurrences.ts';
import { strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/**
 * The names under which a file exports the one object of a class that it makes, where nobody can make another one:
 * `export default new Config()`. `undefined` where others may have the class, or the object in another way.
 */
export function soleInstance(unit: SourceUnit, { name }: ts.ClassLikeDeclaration): readonly string[] | undefined {
  if (!name) return undefined;
  const uses = occurrences(unit, name.text).filter((it) => it !== name && !ts.isTypeReferenceNode(it.parent));
  const made = uses.length === 1 ? uses[0]?.parent : undefined;
  if (!made || !ts.isNewExpression(made) || made.expression !== uses[0]) return undefined;
  const outer = unstrip(made);
  const { parent } = outer;
  const isKept = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && parent.initializer === outer;
  const binding = isKept ? unit.scopes.bindingOf(parent.name as ts.Identifier) : undefined;
  if (isKept && !binding?.references.every(isPlain)) return undefined;
  const names = [...unit.exports.named].flatMap(([exported, what]) => {
    const node = 'node' in what ? what.node : undefined;
    const value = node && ts.isExpression(node) ? strip(node) : node;
    const isIt =
      value === made || (value && ts.isIdentifier(value) && unit.scopes.lookup(value.text, value) === binding);
    return isIt && (value === made || binding) ? [exported] : [];
  });
  return names.length > 0 ? names : undefined;
}

/** Whether the object goes nowhere by this use but to those who import it. */
function isPlain(use: ts.Identifier): boolean {
  const { parent } = unstrip(use);
  if (ts.isPropertyAccessExpression(parent) || ts.isExportSpecifier(parent) || ts.isExportAssignment(parent))
    return true;
  return (
    ts.isBinaryExpression(parent) &&
    parent.right === use &&
    ts.isPropertyAccessExpression(parent.left) &&
    /^(?:module\.)?exports\b/.test(parent.left.getText())
  );
}
