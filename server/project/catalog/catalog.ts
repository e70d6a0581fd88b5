import type { Rule } from '../../analysis/rules/rule.ts';
import { rules } from './rules.generated.ts';

/** What is known of a rule without loading the code that checks it. */
export type RuleInfo = Omit<Rule, 'check'>;

/** The rules that ship, sorted by id. */
export const ruleCatalog: readonly RuleInfo[] = rules;

/** The page about a rule, in Markdown. */
export async function ruleDocs(id: string): Promise<string | undefined> {
  const { docs } = await import('./docs.generated.ts');
  return docs[id];
}
