import { ruleCatalog, ruleDocs } from '../../project/catalog/catalog.ts';
import { didYouMean } from '../../project/nearest.ts';
import type { Environment } from '../environment.ts';
import { renderMarkdown } from '../markdown.ts';
import { type ColorMode, createPaint } from '../paint.ts';
import { UsageError } from '../usageError.ts';

/** Lists the rules for people or, as JSON, for programs. */
export function listRules(json: boolean, color: ColorMode, { streams }: Environment): number {
  if (json) {
    const rules = ruleCatalog.map(({ triggers: _, ...rule }) => rule);
    streams.out(`${JSON.stringify(rules, null, 2)}\n`);
    return 0;
  }
  const paint = createPaint(color, process.stdout);
  const width = Math.max(0, ...ruleCatalog.map(({ id }) => id.length));
  for (const family of new Set(ruleCatalog.map((rule) => rule.family))) {
    streams.out(`${paint('bold', family)}\n`);
    for (const rule of ruleCatalog) {
      if (rule.family !== family) continue;
      const strict = rule.preset === 'strict' ? paint('dim', ' (strict)') : '';
      streams.out(`  ${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.summary}${strict}\n`);
    }
  }
  return 0;
}

/**
 * Prints the page about a rule.
 * @throws UsageError when there is no such rule.
 */
export async function explain(id: string | undefined, color: ColorMode, { streams }: Environment): Promise<number> {
  if (id === undefined) throw new UsageError('explain needs a rule; leakproof --rules lists them');
  const rule = ruleCatalog.find((known) => known.id === id);
  if (rule === undefined) {
    const ids = ruleCatalog.map((known) => known.id);
    const hint = didYouMean(id, ids) || '; leakproof --rules lists them';
    throw new UsageError(`there is no rule ${JSON.stringify(id)}${hint}`);
  }
  const paint = createPaint(color, process.stdout);
  const facts = `${rule.family}, ${rule.preset}, ${rule.severity}`;
  const docs = (await ruleDocs(id)) ?? `# ${id}\n\n${rule.summary}.\n`;
  streams.out(`${renderMarkdown(docs, paint)}\n${paint('dim', facts)}\n`);
  return 0;
}
