import ts from 'typescript';
import { walk } from '../syntax/tree.ts';
import { Lines } from './lines.ts';

/** How the author of a file writes: what fixes insert looks the same. */
export interface Style {
  readonly newline: '\n' | '\r\n';
  /** One level of indentation. */
  readonly unit: string;
  /** What ends a statement: `;` or nothing. */
  readonly end: ';' | '';
}

const known = new WeakMap<ts.SourceFile, Style>();

/** Reads the style off a file; what the file does not show is as most files have it. */
export function styleOf(file: ts.SourceFile): Style {
  let style = known.get(file);
  if (!style) {
    style = readStyle(file);
    known.set(file, style);
  }
  return style;
}

function readStyle(file: ts.SourceFile): Style {
  const { text } = file;
  const firstBreak = text.indexOf('\n');
  return {
    newline: firstBreak > 0 && text[firstBreak - 1] === '\r' ? '\r\n' : '\n',
    unit: indentUnit(file),
    end: semicolons(file),
  };
}

function indentUnit(file: ts.SourceFile): string {
  const lines = new Lines(file.text);
  const votes = new Map<string, number>();
  walk(file, (node) => {
    if (!ts.isBlock(node)) return;
    const first = node.statements[0];
    if (!first) return;
    const outer = lines.indentAt(node.getStart());
    const inner = lines.indentAt(first.getStart());
    if (inner.length <= outer.length || !inner.startsWith(outer)) return;
    const unit = inner.slice(outer.length);
    votes.set(unit, (votes.get(unit) ?? 0) + 1);
  });
  const [winner] = [...votes].sort((a, b) => b[1] - a[1]);
  return winner ? winner[0] : '  ';
}

function semicolons(file: ts.SourceFile): ';' | '' {
  let withEnd = 0;
  let without = 0;
  walk(file, (node) => {
    if (!ts.isExpressionStatement(node) && !ts.isVariableStatement(node) && !ts.isReturnStatement(node)) return;
    if (file.text[node.end - 1] === ';') withEnd += 1;
    else without += 1;
  });
  return without > withEnd ? '' : ';';
}
