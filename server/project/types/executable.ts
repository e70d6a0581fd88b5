import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The native compiler's program for this platform; `undefined` when none is installed. The bundled client cannot find
 * it by itself: it looks beside its own source file, which the bundle moved.
 */
export function findNativeExecutable(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const client = createRequire(require.resolve('typescript-native/package.json'));
    const manifest = client.resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`);
    const program = join(dirname(manifest), 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc');
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}
