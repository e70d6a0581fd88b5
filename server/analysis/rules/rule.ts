import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Family, Report, Severity } from '../finding.ts';

/** A check is a value: the registry lists them, the facade runs them. */
export interface Rule {
  readonly id: string;
  readonly family: Family;
  /** `recommended` rules are on by default; `strict` rules only with that preset. */
  readonly preset: 'recommended' | 'strict';
  /** The severity of its findings where no evidence grade decides. */
  readonly severity: Severity;
  /** One line, without a full stop, for lists. */
  readonly summary: string;
  /** The patterns of the catalogue that it covers, e.g. `P01`. */
  readonly patterns: readonly string[];
  /** Words of which one must occur in a file's text for the rule to have anything to say, besides the names the models know; `.on` is a call of a method, `~close` of whatever has the word in its name. */
  readonly triggers: readonly string[];
  check(file: FileAnalysis, report: (report: Report) => void): void;
}
