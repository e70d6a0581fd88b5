import type { Finding, Fix, Span } from '../../analysis/finding.ts';
import type { LocatedFinding, LocatedStep, Position } from './protocol.ts';

/** Turns offsets of one text into lines and columns. */
export class LineMap {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      // The line terminators of ECMAScript; CR LF is one.
      const terminator =
        code === 10 || code === 0x2028 || code === 0x2029 || (code === 13 && text.charCodeAt(at + 1) !== 10);
      if (terminator) this.#starts.push(at + 1);
    }
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

/** Places findings in the texts that the analysis saw. */
export class Locator {
  readonly #maps = new Map<string, LineMap>();
  readonly #text: (path: string) => string | undefined;

  constructor(text: (path: string) => string | undefined) {
    this.#text = text;
  }

  position(path: string, offset: number): Position {
    let map = this.#maps.get(path);
    if (map === undefined) {
      map = new LineMap(this.#text(path) ?? '');
      this.#maps.set(path, map);
    }
    return map.position(offset);
  }

  finding(finding: Finding, fixes: readonly Fix[]): LocatedFinding {
    return {
      rule: finding.rule,
      family: finding.family,
      severity: finding.severity,
      confidence: finding.confidence,
      message: finding.message,
      path: finding.path,
      ...this.#range(finding.path, finding.span),
      resource: finding.resource,
      witness: finding.witness.map(
        (step): LocatedStep => ({ path: step.path, ...this.#range(step.path, step.span), label: step.label }),
      ),
      fixes: fixes.map(({ title, safety }) => ({ title, safety })),
      fingerprint: finding.fingerprint,
      suppressed: finding.suppressed,
    };
  }

  #range(path: string, span: Span): { start: Position; end: Position } {
    return { start: this.position(path, span.start), end: this.position(path, span.end) };
  }
}
