import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { specSuite } from '../support/specSuite.ts';

const directory = 'test/ownership';

describe('ownership', () => {
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.md'))) specSuite(join(directory, name));
});
