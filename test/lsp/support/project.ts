import { Sandbox } from '../../cli/support/run.ts';

/** A function whose early return keeps the client, by name and number of the query. */
export const leaking = (
  name = 'first',
  pool = "import { Pool } from 'pg';\nconst pool = new Pool();",
): string => `${pool}
export async function ${name}(id: string) {
  const client = await pool.connect();
  const { rows } = await client.query('select 1', [id]);
  if (rows.length === 0) return undefined;
  client.release();
  return rows[0];
}
`;

const declarations = `
  export interface QueryResult { rows: { id: string }[] }
  export interface PoolClient { query(text: string, values?: unknown[]): Promise<QueryResult>; release(): void }
  export class Pool { connect(): Promise<PoolClient>; end(): Promise<void> }
`;

/** A project in which pg is installed, as far as types go. */
export function project(files: Readonly<Record<string, string>> = {}): Sandbox {
  return new Sandbox().write({
    'node_modules/pg/package.json': '{ "name": "pg", "version": "8.11.0", "types": "index.d.ts" }',
    'node_modules/pg/index.d.ts': declarations,
    'package.json': '{ "name": "service", "type": "module" }',
    'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "strict": true, "lib": ["es2022"] } }',
    ...files,
  });
}

/** Only types tell that what is called `store` is a pool. */
export const typedLeak = `import type { Deps } from './deps.js';
type Store = Deps['store'];
export async function kept(store: Store) {
  const client = await store.connect();
  return client.query('select 1');
}
`;

export const deps = `import type { Pool } from 'pg';\nexport interface Deps { store: Pool }\n`;
