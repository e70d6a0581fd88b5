import type { Arguments } from '../arguments.ts';
import type { Environment } from '../environment.ts';
import { UsageError } from '../usageError.ts';

/**
 * Starts the language server, which then owns standard input and output and ends the process when its client says so.
 * @throws UsageError when the channel is not named.
 */
export async function lsp(rest: readonly string[], args: Arguments, { serve }: Environment): Promise<number> {
  if (rest.length > 0) throw new UsageError('lsp takes no paths: its client names them');
  if (!args.flags.has('stdio'))
    throw new UsageError('lsp speaks over standard input and output: leakproof lsp --stdio');
  await serve();
  return 0;
}
