/** Line arithmetic on a text; offsets are UTF-16 code units. */
export class Lines {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Where the line of `position` starts. */
  start(position: number): number {
    return this.text.lastIndexOf('\n', position - 1) + 1;
  }

  /** Where the line of `position` ends, before its line break. */
  end(position: number): number {
    const next = this.text.indexOf('\n', position);
    if (next < 0) return this.text.length;
    return next > position && this.text[next - 1] === '\r' ? next - 1 : next;
  }

  /** Where the line after that of `position` starts; the end of the text when there is none. */
  next(position: number): number {
    const next = this.text.indexOf('\n', position);
    return next < 0 ? this.text.length : next + 1;
  }

  /** The white space at the start of the line of `position`. */
  indentAt(position: number): string {
    const start = this.start(position);
    return /^[ \t]*/.exec(this.text.slice(start, this.end(start)))?.[0] ?? '';
  }

  isBlank(position: number): boolean {
    return this.text.slice(this.start(position), this.end(position)).trim() === '';
  }

  /** Whether nothing but white space stands before `position` on its line. */
  opens(position: number): boolean {
    return this.text.slice(this.start(position), position).trim() === '';
  }

  /** Whether nothing but white space follows `position` on its line. */
  closes(position: number): boolean {
    return this.text.slice(position, this.end(position)).trim() === '';
  }
}
