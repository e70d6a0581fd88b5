import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The built command, as users run it. */
export const builtCli = resolve('dist/cli.mjs');
/** The same command over an analysis whose findings the test decides. */
export const fakeCli = await bundle();

/** Bundled as the real one is: starting from single modules takes five times as long. */
async function bundle(): Promise<string> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const outdir = join(here, 'bundled');
  await build({
    entryPoints: [join(here, 'fakeCli.js'), join(here, 'fakeWorker.js')],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    external: ['typescript', 'typescript-native'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return join(outdir, 'fakeCli.mjs');
}

export interface RunResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
}

/** Runs a program with Node and waits for its end. */
export function runNode(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return runCommand(process.execPath, [program, ...args], options);
}

/** Runs any command and waits for its end. */
export function runCommand(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const env = {
    ...process.env,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    LEAKPROOF_DEBUG: undefined,
    ...options.env,
  };
  const spawnOptions: SpawnOptions = { cwd: options.cwd, env, stdio: ['pipe', 'pipe', 'pipe'] };
  return new Promise((done, fail) => {
    const child = spawn(command, args, spawnOptions);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', fail);
    child.on('close', (status, signal) => done({ status, signal, stdout, stderr }));
    child.stdin?.end(options.stdin ?? '');
  });
}

/** A directory of its own for each test; removed by `dispose`. */
export class Sandbox {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'leakproof-')));

  /** Writes files, with the directories they need. */
  write(files: Readonly<Record<string, string | Buffer>>): this {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return this;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
