import type { Contexts } from './contexts/contexts.ts';
import type { FileOptions } from './options.ts';
import type { Ownership, SolvedObligation } from './ownership/ownership.ts';
import type { Semantics } from './semantics/semantics.ts';
import type { Program } from './syntax/program.ts';
import type { SourceUnit } from './syntax/unit.ts';

/** What a rule may ask about one file. */
export interface FileAnalysis {
  readonly unit: SourceUnit;
  readonly program: Program;
  readonly options: FileOptions;
  readonly semantics: Semantics;
  /** How often its code runs, and how long values live. */
  readonly contexts: Contexts;
  /** Every acquisition of the file, solved. */
  readonly obligations: readonly SolvedObligation[];
  /** For what a rule itself knows to be acquired, and for other files. */
  readonly ownership: Ownership;
  /** Tests, benchmarks and examples: findings there are information only. */
  readonly isTestCode: boolean;
}
