import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { specSuite } from '../support/specSuite.ts';

const specs = 'test/rules';
const docs = 'server/analysis/rules';

/** Each case of the specs, and each example that users read in the documentation of a rule. */
describe('rules', () => {
  for (const name of readdirSync(specs).filter((file) => file.endsWith('.md'))) specSuite(join(specs, name));
  for (const { name } of readdirSync(docs, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    specSuite(join(docs, name, 'rule.md'));
  }
});
