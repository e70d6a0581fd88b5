import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../server/analysis/rules/registry.generated.ts';
import { specSuite } from '../support/specSuite.ts';

const specs = 'test/rules';
const docs = 'server/analysis/rules';

/** Each case of the specs, and each example that users read in the documentation of a rule. */
describe('rules', () => {
  for (const name of readdirSync(specs).filter((file) => file.endsWith('.md'))) {
    const rule = name.slice(0, -'.md'.length);
    specSuite(join(specs, name), rules.some(({ id }) => id === rule) ? rule : undefined);
  }
  for (const { name } of readdirSync(docs, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    specSuite(join(docs, name, 'rule.md'), name);
  }
});
