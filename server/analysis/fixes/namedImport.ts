import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { insertImport, quoteOf, usesImports } from './newModule.ts';
import type { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Makes an export of a module of Node known in the file; false where the name means something else. */
export function importNamed(file: FileAnalysis, rewriter: Rewriter, module: string, name: string): boolean {
  const { unit, program } = file;
  const source = new RegExp(`^['"](?:node:)?${module}['"]$`);
  const declared = unit.file.statements.find(
    (it): it is ts.ImportDeclaration =>
      ts.isImportDeclaration(it) &&
      source.test(it.moduleSpecifier.getText()) &&
      it.importClause?.phaseModifier === undefined,
  );
  const named = declared?.importClause?.namedBindings;
  const list = named && ts.isNamedImports(named) ? named.elements : undefined;
  if (list?.some((it) => it.name.text === name && it.propertyName === undefined)) return true;
  if (unit.scopes.lookup(name, unit.file)) return false;
  const last = list?.at(-1);
  if (last) {
    rewriter.insert(last.end, `, ${name}`);
    return true;
  }
  const style = styleOf(unit.file);
  const specifier = `node:${module}`;
  const quote = quoteOf(unit.file);
  const esm = program.host.environment(unit.path).moduleKind === 'esm' || usesImports(unit.file);
  const line = esm
    ? `import { ${name} } from ${quote}${specifier}${quote}${style.end}`
    : `const { ${name} } = require(${quote}${specifier}${quote})${style.end}`;
  insertImport(rewriter, unit.file, line, style);
  return true;
}
