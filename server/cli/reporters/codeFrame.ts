import type { Position } from '../../project/engine/protocol.ts';
import type { Paint } from '../paint.ts';
import { printable } from '../paint.ts';
import { type Cell, cells } from './columns.ts';

/** A labelled place in one file. */
export interface FrameLabel {
  readonly start: Position;
  readonly end: Position;
  readonly label: string;
  /** The acquisition is underlined, the way out pointed at. */
  readonly role: 'acquisition' | 'step' | 'exit';
}

export interface FrameOptions {
  readonly paint: Paint;
  readonly width: number;
  /** Columns for line numbers, so that frames below each other line up. */
  readonly gutter: number;
}

const lineBreak = /\r\n|[\n\r\u2028\u2029]/;
const marks = { acquisition: '─', step: '─', exit: '^' } as const;
const styles = { acquisition: 'cyan', step: 'yellow', exit: 'red' } as const;

/** Draws the labelled lines of one text; what lies between them is left out unless it is a single line. */
export function codeFrame(source: string, labels: readonly FrameLabel[], options: FrameOptions): string[] {
  const lines = source.split(lineBreak);
  const byLine = groupByLine(labels);
  const numbers = [...byLine.keys()].sort((a, b) => a - b);
  const output: string[] = [];
  let previous: number | undefined;
  for (const number of numbers) {
    if (previous !== undefined && number - previous === 2) {
      output.push(...sourceLine(lines[number - 2] ?? '', number - 1, [], options));
    } else if (previous !== undefined && number - previous > 2) {
      output.push(options.paint('dim', `${' '.repeat(options.gutter)} ┆`));
    }
    output.push(...sourceLine(lines[number - 1] ?? '', number, byLine.get(number) ?? [], options));
    previous = number;
  }
  return output;
}

function groupByLine(labels: readonly FrameLabel[]): ReadonlyMap<number, FrameLabel[]> {
  const groups = new Map<number, FrameLabel[]>();
  for (const label of labels) groups.set(label.start.line, [...(groups.get(label.start.line) ?? []), label]);
  return groups;
}

/** A line of source and, below it, one line per label. */
function sourceLine(line: string, number: number, labels: readonly FrameLabel[], options: FrameOptions): string[] {
  const { paint, gutter } = options;
  const ranges = labels.map((label) => ({ label, ...range(label, line) }));
  const focus = ranges.length === 0 ? { from: 0, to: 0 } : { from: ranges[0]?.from ?? 0, to: ranges[0]?.to ?? 0 };
  const view = window(cells(line), focus, Math.max(options.width - gutter - 3, 40));
  const text = view.cells.map((cell) => printable(cell.text)).join('');
  const rows = [`${paint('dim', `${String(number).padStart(gutter)} │`)} ${view.before}${text}${view.after}`.trimEnd()];
  for (const { label, from, to } of ranges) {
    const before = widthUpTo(view.cells, from) + view.before.length;
    const length = Math.max(widthUpTo(view.cells, to) + view.before.length - before, 1);
    const mark = marks[label.role].repeat(length);
    const note = `${mark} ${printable(label.label)}`;
    rows.push(`${paint('dim', `${' '.repeat(gutter)} │`)} ${' '.repeat(before)}${paint(styles[label.role], note)}`);
  }
  return rows;
}

/** The label's offsets within its first line. */
function range(label: FrameLabel, line: string): { from: number; to: number } {
  const from = Math.min(label.start.column - 1, line.length);
  const to = label.end.line === label.start.line ? Math.min(label.end.column - 1, line.length) : line.trimEnd().length;
  return { from, to: Math.max(to, from) };
}

interface View {
  readonly cells: readonly Cell[];
  readonly before: string;
  readonly after: string;
}

/** Cuts a long line to what fits around the focus. */
function window(all: readonly Cell[], focus: { from: number; to: number }, width: number): View {
  const total = all.reduce((sum, cell) => sum + cell.width, 0);
  if (total <= width) return { cells: all, before: '', after: '' };
  const room = width - 2;
  const focusStart = widthUpTo(all, focus.from);
  const focusWidth = Math.min(widthUpTo(all, focus.to) - focusStart, room);
  const start = Math.max(0, Math.min(focusStart - Math.floor((room - focusWidth) / 3), total - room));
  const kept: Cell[] = [];
  let column = 0;
  for (const cell of all) {
    if (column >= start && column + cell.width <= start + room) kept.push(cell);
    column += cell.width;
  }
  return { cells: kept, before: start > 0 ? '…' : '', after: start + room < total ? '…' : '' };
}

/** The columns that the cells before an offset take. */
function widthUpTo(all: readonly Cell[], offset: number): number {
  let width = 0;
  for (const cell of all) {
    if (cell.offset >= offset) break;
    width += cell.width;
  }
  return width;
}
