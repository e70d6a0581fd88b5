import { type Hover, MarkupKind, type Position, type Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { ruleCatalog } from '../project/catalog/catalog.ts';
import type { AcquisitionNote, FileReport } from '../project/editor/protocol.ts';
import { toRange } from './diagnostics.ts';
import { docsUrl } from './docs.ts';

/** What is said about a place: the rule that a comment ignores, or what became of an acquisition. */
export function hoverAt(document: TextDocument, position: Position, report: FileReport | undefined): Hover | null {
  return ruleAt(document, position) ?? acquisitionAt(position, report) ?? null;
}

function ruleAt(document: TextDocument, position: Position): Hover | undefined {
  const { line } = position;
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  const list = /leakproof-ignore(?:-file)?(?![\w-])[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)/d.exec(text);
  const from = list?.indices?.[1]?.[0] ?? 0;
  for (const word of (list?.[1] ?? '').matchAll(/[\w-]+/g)) {
    const range = rangeOn(line, from + word.index, word[0].length);
    const rule = ruleCatalog.find(({ id }) => id === word[0]);
    if (rule === undefined || !contains(range, position)) continue;
    return markdown(
      `**${rule.id}** · ${rule.family}\n\n${rule.summary}.\n\n[Documentation](${docsUrl(rule.id)})`,
      range,
    );
  }
  return undefined;
}

function acquisitionAt(position: Position, report: FileReport | undefined): Hover | undefined {
  const note = report?.acquisitions.find((each) => contains(toRange(each), position));
  if (note === undefined) return undefined;
  // Editors show diagnostics in the same place, and what this one says is more.
  const isReported = report?.findings.some((finding) => contains(toRange(finding), position));
  if (isReported === true) return undefined;
  return markdown(`**${note.kind ?? 'resource'}** from \`${note.acquire}\`: ${fate(note)}`, toRange(note));
}

function fate({ verdict, reason }: AcquisitionNote): string {
  const because = reason === undefined ? '' : ` (${reason})`;
  switch (verdict) {
    case 'proven':
      return 'released on every path.';
    case 'transferred':
      return `handed over${because}; whoever has it now releases it.`;
    case 'unknown':
      return `not understood${because}; taken as released.`;
    case 'leaking':
      return 'not released on every path.';
  }
}

function markdown(value: string, range: Range): Hover {
  return { contents: { kind: MarkupKind.Markdown, value }, range };
}

function rangeOn(line: number, character: number, length: number): Range {
  return { start: { line, character }, end: { line, character: character + length } };
}

function contains({ start, end }: Range, { line, character }: Position): boolean {
  return line === start.line && start.character <= character && (line < end.line || character <= end.character);
}
