import { version } from '../project/catalog/version.generated.ts';
import { didYouMean } from '../project/nearest.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { checkOptions, colorMode, presetOf } from './checkOptions.ts';
import { check } from './commands/check.ts';
import { lsp } from './commands/lsp.ts';
import { explain, listRules } from './commands/rules.ts';
import type { Environment } from './environment.ts';
import { helpText } from './help.ts';
import { openStreams, type Streams } from './streams.ts';
import { UsageError } from './usageError.ts';

const commands = ['check', 'explain', 'add', 'lsp'] as const;

/**
 * Runs the command line and sets the exit status. Never ends the process itself: what was written to a pipe may still
 * be on its way.
 */
export async function main(argv: readonly string[], workerUrl: URL, serve: () => Promise<void>): Promise<void> {
  const streams = openStreams();
  const breakDown = (error: unknown): void => {
    process.exitCode = 2;
    streams.err(`leakproof: ${describe(error)}\n`);
  };
  process.on('uncaughtException', (error) => {
    breakDown(error);
    // Whoever waits for what failed would wait for ever. What was printed before is on its way out first.
    process.stdout.write('', () => process.exit());
  });
  try {
    process.exitCode = await run(argv, { cwd: process.cwd(), version, workerUrl, streams, serve });
  } catch (error) {
    breakDown(error);
  }
}

async function run(argv: readonly string[], environment: Environment): Promise<number> {
  const args = readArguments(argv);
  const { flags, positionals } = args;
  const { streams } = environment;
  if (flags.has('help') || argv.length === 0) return print(streams, helpText, argv.length === 0 ? 2 : 0);
  if (flags.has('version')) return print(streams, `${version}\n`, 0);
  const [command, ...rest] = positionals;
  if (command !== undefined && !commands.some((known) => known === command)) {
    throw new UsageError(unknownCommand(command));
  }
  return (await runRequestOption(args, environment)) ?? (await runCommand(command, rest, args, environment));
}

/** Options that ask for something else than a check, with or without the command before them. */
async function runRequestOption(args: Arguments, environment: Environment): Promise<number | undefined> {
  const color = colorMode(args);
  const file = args.value('print-config');
  if (args.flags.has('init')) return (await configuration()).init(environment);
  if (args.flags.has('rules')) return listRules(wantsJson(args), color, environment);
  if (args.value('explain') !== undefined) return await explain(args.value('explain'), color, environment);
  if (file === undefined) return undefined;
  const { printConfig } = await configuration();
  return printConfig(file, { config: args.value('config'), preset: presetOf(args) }, environment);
}

/** Validating configuration needs a library that the other commands leave to the engine's thread. */
function configuration(): Promise<typeof import('./commands/configuration.ts')> {
  return import('./commands/configuration.ts');
}

async function runCommand(
  command: string | undefined,
  rest: readonly string[],
  args: Arguments,
  environment: Environment,
): Promise<number> {
  if (command === undefined)
    throw new UsageError(`no command given; there are ${commands.slice(0, -1).join(', ')} and ${commands.at(-1)}`);
  if (command === 'lsp') return await lsp(rest, args, environment);
  if (command === 'check') return await check(checkOptions(args, rest), environment);
  if (command === 'add') return (await import('./commands/add.ts')).add(rest, environment);
  if (rest.length > 1) throw new UsageError('explain takes one rule');
  return await explain(rest[0], colorMode(args), environment);
}

function wantsJson(args: Arguments): boolean {
  const format = args.value('format');
  if (format === undefined || format === 'stylish') return false;
  if (format === 'json') return true;
  throw new UsageError('--rules is printed for people, or as JSON with --format json');
}

function print(streams: Streams, text: string, status: number): number {
  if (status === 0) streams.out(text);
  else streams.err(text);
  return status;
}

function unknownCommand(word: string): string {
  const hint = didYouMean(word, commands);
  if (hint !== '') return `unknown command ${JSON.stringify(word)}${hint}`;
  return `unknown command ${JSON.stringify(word)}; to check a path, write: leakproof check ${word}`;
}

function describe(error: unknown): string {
  if (error instanceof UsageError) return `${error.message} (leakproof --help explains the options)`;
  if (!(error instanceof Error)) return `internal error: ${String(error)}`;
  const detail = process.env.LEAKPROOF_DEBUG ? `\n${error.stack}` : '; LEAKPROOF_DEBUG=1 shows more';
  return `internal error, please report: ${error.message}${detail}`;
}
