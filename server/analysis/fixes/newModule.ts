import ts from 'typescript';
import type { FileEdit } from '../edit.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { walk } from '../syntax/tree.ts';
import { Lines } from './lines.ts';
import { type ModuleTemplate, mark, written } from './moduleText.ts';
import type { Rewriter } from './rewriter.ts';
import { type Style, styleOf } from './style.ts';

/** The import of a written module, and the file where it is not there yet. */
export interface NewModule {
  readonly created: readonly FileEdit[];
  /** Adds the import to the user's file. */
  addImport(rewriter: Rewriter): void;
}

/** Plans the module beside the file; `undefined` where another file has its name or a name is taken. */
export function planModule(
  file: FileAnalysis,
  template: ModuleTemplate,
  names: readonly string[],
): NewModule | undefined {
  const { unit, program } = file;
  const [, directory = '', base = '', extension = ''] = /^(.*\/)([^/]*?)(\.[cm]?[jt]sx?)$/.exec(unit.path) ?? [];
  const plain = extension.replace('x', '');
  const name = base.includes('-') ? kebab(template.name) : template.name;
  const path = `${directory}${name}${plain}`;
  const existing = program.host.read(path);
  if (existing !== undefined && !existing.startsWith(mark)) return undefined;
  if (names.some((it) => unit.scopes.lookup(it, unit.file))) return undefined;
  const esm = program.host.environment(unit.path).moduleKind === 'esm' || usesImports(unit.file);
  const style = styleOf(unit.file);
  const quote = quoteOf(unit.file);
  const text = written(template, { typed: /ts$/.test(plain), esm, quote, style });
  return {
    created: existing === undefined ? [{ path, create: true, edits: [{ start: 0, end: 0, text }] }] : [],
    addImport(rewriter) {
      const specifier = `${quote}./${name}${esm ? suffix(unit.file, plain) : ''}${quote}`;
      const list = `{ ${names.join(', ')} }`;
      const line = esm
        ? `import ${list} from ${specifier}${style.end}`
        : `const ${list} = require(${specifier})${style.end}`;
      insertImport(rewriter, unit.file, line, style);
    },
  };
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Whether the file is written as an ES module. */
export function usesImports(file: ts.SourceFile): boolean {
  return file.statements.some(
    (it) => ts.isImportDeclaration(it) || ts.isExportDeclaration(it) || ts.isExportAssignment(it),
  );
}

/** The quotes that the author writes. */
export function quoteOf(file: ts.SourceFile): string {
  let double = 0;
  let single = 0;
  walk(file, (node) => {
    if (!ts.isStringLiteral(node)) return;
    if (file.text[node.getStart(file)] === '"') double += 1;
    else single += 1;
  });
  return double > single ? '"' : "'";
}

/** The extension that relative imports of the file carry. */
function suffix(file: ts.SourceFile, extension: string): string {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const { text } = statement.moduleSpecifier;
    if (!text.startsWith('.')) continue;
    const [found] = /\.[cm]?[jt]s$/.exec(text) ?? [''];
    if (found === '') return '';
    return found.includes('t') ? extension : extension.replace('t', 'j');
  }
  return extension.replace('t', 'j');
}

/** Adds an import where the others stand. */
export function insertImport(rewriter: Rewriter, file: ts.SourceFile, line: string, { newline }: Style): void {
  const lines = new Lines(file.text);
  const last = file.statements.findLast((it) => ts.isImportDeclaration(it) || isRequire(it));
  if (last) {
    rewriter.insert(lines.next(last.end), line + newline);
    return;
  }
  const directive = file.statements.findLast((it) => ts.isExpressionStatement(it) && ts.isStringLiteral(it.expression));
  const shebang = ts.getShebang(file.text);
  const at = directive ? lines.next(directive.end) : shebang === undefined ? 0 : lines.next(shebang.length);
  rewriter.insert(at, line + newline + newline);
}

function isRequire(node: ts.Statement): boolean {
  return ts.isVariableStatement(node) && /^(?:const|let|var)\s[^=]*=\s*require\(/.test(node.getText());
}
