import { initConfig } from '../../project/config/initConfig.ts';
import { resolveForPrinting } from '../../project/config/printConfig.ts';
import { display } from '../../project/files/paths.ts';
import type { Environment } from '../environment.ts';

/** Prints what applies to a file as JSON. */
export function printConfig(
  file: string,
  options: { readonly config: string | undefined; readonly preset: 'recommended' | 'strict' | undefined },
  { cwd, streams }: Environment,
): number {
  const result = resolveForPrinting(file, { cwd, ...options });
  if ('resolved' in result) {
    streams.out(`${JSON.stringify(result.resolved, null, 2)}\n`);
    return 0;
  }
  for (const { path, message } of result.problems) streams.err(`${display(cwd, path)}:${message}\n`);
  return 2;
}

/** Creates leakproof.jsonc in the working directory. */
export function init({ cwd, streams }: Environment): number {
  const result = initConfig(cwd);
  if ('path' in result) {
    streams.err(`created ${display(cwd, result.path)}\n`);
    return 0;
  }
  streams.err(`leakproof: ${result.refused}; nothing was written\n`);
  return 2;
}
