import type { Family, Severity } from '../../analysis/finding.ts';
import { rules } from './rules.generated.ts';

/** What is known of a rule without loading the code that checks it. */
export interface RuleInfo {
  readonly id: string;
  readonly family: Family;
  readonly preset: 'recommended' | 'strict';
  readonly severity: Severity;
  readonly summary: string;
  readonly patterns: readonly string[];
  readonly triggers: readonly string[];
}

/** The rules that ship, sorted by id. */
export const ruleCatalog: readonly RuleInfo[] = rules;

/** The page about a rule, in Markdown. */
export async function ruleDocs(id: string): Promise<string | undefined> {
  const { docs } = await import('./docs.generated.ts');
  return docs[id];
}
