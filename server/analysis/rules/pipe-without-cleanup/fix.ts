import ts from 'typescript';
import type { Pipe } from '../../contexts/pipes.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { Lines } from '../../fixes/lines.ts';
import { type FixPlan, fixesOf } from '../../fixes/plan.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import { styleOf } from '../../fixes/style.ts';
import { withComments } from '../../fixes/tokens.ts';
import { calleeName, receiver, strip, unstrip } from '../../syntax/tree.ts';

const name = 'pipeline';

/** The repairs of a pipe whose source stays open. */
export function fixes(file: FileAnalysis, pipe: Pipe): readonly Fix[] {
  return fixesOf(file.unit.path, [withPipeline(file, pipe)]);
}

/** `pipeline(source, target, …)` in place of `source.pipe(target)`, where the statement is nothing but that. */
function withPipeline({ unit }: FileAnalysis, { call, chain, source, stages }: Pipe): FixPlan | undefined {
  const statement = unstrip(chain).parent;
  if (!ts.isExpressionStatement(statement) || !isOnlyPipes(chain, source)) return undefined;
  const rewriter = new Rewriter();
  if (!unit.scopes.lookup(name, call) && !importPipeline(unit.file, rewriter)) return undefined;
  const known = unit.scopes.lookup(name, call);
  if (known && !isFromStream(known.declarations[0])) return undefined;
  const streams = [source, ...stages].map((stream) => stream.getText());
  const { end } = styleOf(unit.file);
  const report = `(error) => {${end === ';' ? ' if (error) console.error(error); ' : ' if (error) console.error(error) '}}`;
  rewriter.replace(chain.getStart(), chain.end, `${name}(${streams.join(', ')}, ${report})`);
  return { title: 'Use `pipeline`', safety: 'suggestion', edits: rewriter.edits() };
}

/** Nothing but `pipe` with one argument stands between the source and the end of the chain. */
function isOnlyPipes(chain: ts.Expression, source: ts.Expression): boolean {
  let current = strip(chain);
  while (current !== strip(source)) {
    if (!ts.isCallExpression(current) || calleeName(current)?.text !== 'pipe' || current.arguments.length !== 1)
      return false;
    const owner = receiver(current);
    if (!owner) return false;
    current = strip(owner);
  }
  return true;
}

function isFromStream(declaration: ts.Identifier | undefined): boolean {
  const text = declaration && enclosingText(declaration);
  return text !== undefined && /['"](?:node:)?stream['"]/.test(text);
}

function enclosingText(node: ts.Node): string {
  let current = node;
  while (current.parent && !ts.isSourceFile(current.parent)) current = current.parent;
  return current.getText();
}

/** Adds the import before the first one, as the file imports other modules. */
function importPipeline(file: ts.SourceFile, rewriter: Rewriter): boolean {
  const style = styleOf(file);
  const first = file.statements.find((s) => ts.isImportDeclaration(s) || /\brequire\(/.test(s.getText()));
  if (!first) return false;
  const text = first.getText();
  const quote = text.includes('"') ? '"' : "'";
  const specifier = `${quote}${/['"]node:/.test(file.text) ? 'node:' : ''}stream${quote}`;
  const line = ts.isImportDeclaration(first)
    ? `import { ${name} } from ${specifier}${style.end}`
    : `const { ${name} } = require(${specifier})${style.end}`;
  const lines = new Lines(file.text);
  rewriter.insert(lines.start(withComments(first, file).start), line + style.newline);
  return true;
}
