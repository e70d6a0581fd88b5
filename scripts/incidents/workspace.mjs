import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(root, 'dist/cli.mjs');

/** A copy of an incident's program, in which Leakproof may write. */
export class Workspace {
  static async copyOf({ name, modules }) {
    const workspace = new Workspace();
    workspace.parent = await mkdtemp(join(tmpdir(), 'leakproof-incident-'));
    workspace.path = join(workspace.parent, name);
    const original = join(root, 'test/incidents', name);
    const isOwn = (path) => !/\/(?:node_modules|dist)$/.test(path);
    await cp(original, workspace.path, { recursive: true, filter: isOwn });
    await symlink(modules?.() ?? join(root, 'node_modules'), join(workspace.parent, 'node_modules'));
    return workspace;
  }

  /** Lets the command write its health module, which is started from outside: the program stays as it is. */
  async addHealth(limits = {}) {
    const { status, stderr } = await this.run(['add', 'health']);
    if (status !== 0) throw new Error(stderr);
    const source = `./${basename(this.path)}/src`;
    await writeFile(
      join(this.parent, 'observed.ts'),
      `import { limits, serveHealth } from '${source}/health.ts';
Object.assign(limits, ${JSON.stringify(limits)});
serveHealth({ port: Number(process.env.HEALTH_PORT) });
await import('${source}/main.ts');
`,
    );
  }

  /** The program as it is now, in one file beside the sources that are checked. */
  bundle() {
    return bundle(this.parent, { entry: 'observed.ts', outfile: join(this.parent, 'dist/main.mjs') });
  }

  /** What the real command finds, with every rule. */
  async check() {
    const { stdout, stderr } = await this.run(['check', '.', '--preset', 'strict', '--format', 'json']);
    try {
      return JSON.parse(stdout);
    } catch {
      throw new Error(`leakproof check failed: ${stderr}`);
    }
  }

  /** Lets the command repair what it can. */
  repair() {
    return this.run(['check', '.', '--preset', 'strict', '--fix', '--fix-suggestions', '--quiet']);
  }

  run(args) {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [cli, ...args],
        { cwd: this.path, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }),
      );
    });
  }

  async dispose() {
    await rm(this.parent, { recursive: true, force: true });
  }
}
