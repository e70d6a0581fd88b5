import type { Finding, Fix, Span } from '../../analysis/finding.ts';
import { LineMap } from '../files/lineMap.ts';
import type { LocatedFinding, LocatedStep, Position } from './protocol.ts';

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
