import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { specSuite } from '../support/specSuite.ts';

const directory = 'test/writeups';

/** Published accounts of leaks, told again in TypeScript: what went wrong is reported, what helped is silent. */
describe('write-ups', () => {
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.md'))) specSuite(join(directory, name));
});
