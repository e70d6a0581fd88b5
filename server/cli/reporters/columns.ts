const tabWidth = 4;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const emoji = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F/u;

/** Ranges of code points that terminals draw two columns wide (East Asian Wide and Fullwidth). */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
];

/** One character as a terminal shows it. */
export interface Cell {
  /** UTF-16 offset in the line. */
  readonly offset: number;
  readonly text: string;
  readonly width: number;
}

/** Splits a line into what a terminal draws, tabs expanded. */
export function cells(line: string): Cell[] {
  const result: Cell[] = [];
  let column = 0;
  for (const { segment, index } of segmenter.segment(line)) {
    const cell =
      segment === '\t'
        ? { offset: index, text: ' '.repeat(tabWidth - (column % tabWidth)), width: tabWidth - (column % tabWidth) }
        : { offset: index, text: segment, width: widthOf(segment) };
    column += cell.width;
    result.push(cell);
  }
  return result;
}

/** The number of columns a text takes. */
export function textWidth(text: string): number {
  return cells(text).reduce((sum, { width }) => sum + width, 0);
}

function widthOf(segment: string): number {
  if (segment.length === 1 && segment >= ' ' && segment <= '~') return 1;
  if (zeroWidth.test(segment)) return 0;
  if (emoji.test(segment)) return 2;
  const code = segment.codePointAt(0) ?? 0;
  return wideRanges.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
