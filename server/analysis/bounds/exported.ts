import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** How many re-exports are followed. */
const maxHops = 8;

/** The node behind an imported name, in the file of the project that declares it. */
export function exportedNode(program: Program, imported: ts.Identifier): ts.Node | undefined {
  const { parent } = imported;
  const clause = ts.isImportSpecifier(parent) ? parent.parent.parent : ts.isImportClause(parent) ? parent : undefined;
  if (!clause || !ts.isImportDeclaration(clause.parent) || !ts.isStringLiteral(clause.parent.moduleSpecifier))
    return undefined;
  const name = ts.isImportSpecifier(parent) ? (parent.propertyName ?? parent.name).text : 'default';
  return find(program, program.unitOf(imported), clause.parent.moduleSpecifier.text, name, maxHops);
}

function find(program: Program, from: SourceUnit, specifier: string, name: string, hops: number): ts.Node | undefined {
  const unit = hops > 0 ? program.imported(from, specifier) : undefined;
  if (!unit) return undefined;
  const exported = unit.exports.named.get(name);
  if (exported) return 'node' in exported ? exported.node : find(program, unit, exported.from, exported.name, hops - 1);
  for (const star of unit.exports.stars) {
    const found = find(program, unit, star, name, hops - 1);
    if (found) return found;
  }
  return undefined;
}
