import type { Severity } from '../analysis/finding.ts';
import type { Preset } from '../analysis/options.ts';
import type { TypesMode } from '../project/engine/protocol.ts';
import { didYouMean } from '../project/nearest.ts';
import type { Arguments } from './arguments.ts';
import type { ColorMode } from './paint.ts';
import { type ReporterName, reporterNames } from './reporters/reporter.ts';
import { UsageError } from './usageError.ts';

/** One `--format`: what is written, and where to (`undefined`: standard output). */
export interface FormatTarget {
  readonly format: ReporterName;
  readonly file: string | undefined;
}

/** The options of `check`, understood and consistent. */
export interface CheckOptions {
  readonly paths: readonly string[];
  readonly formats: readonly FormatTarget[];
  readonly fix: 'none' | 'safe' | 'all';
  readonly dryRun: boolean;
  readonly types: TypesMode;
  readonly preset: Preset | undefined;
  readonly config: string | undefined;
  readonly maxWarnings: number | undefined;
  readonly quiet: boolean;
  /** The least severity that makes the exit status 1. */
  readonly threshold: Severity;
  readonly stdinFilename: string | undefined;
  readonly color: ColorMode;
  readonly progress: boolean;
  readonly timing: boolean;
  readonly gitIgnore: boolean;
  readonly errorOnUnmatched: boolean;
  readonly timings: boolean;
  readonly unusedSuppressions: 'error' | 'warn' | 'off';
}

/** @throws UsageError when options contradict each other. */
export function checkOptions(args: Arguments, paths: readonly string[]): CheckOptions {
  const { flags } = args;
  const dryRun = flags.has('fix-dry-run');
  const fixSafe = flags.has('fix') || dryRun;
  const quiet = flags.has('quiet');
  const maxWarnings = wholeNumber(args.value('max-warnings'));
  const options: CheckOptions = {
    paths,
    formats: formatTargets(args.values('format'), dryRun),
    fix: flags.has('fix-suggestions') ? 'all' : fixSafe ? 'safe' : 'none',
    dryRun,
    types: (args.value('types') ?? 'auto') as TypesMode,
    preset: presetOf(args),
    config: args.value('config'),
    maxWarnings,
    quiet,
    // What is not shown must not fail a build, unless somebody asks for exactly that.
    threshold: (args.value('severity') ?? (quiet || maxWarnings !== undefined ? 'error' : 'warning')) as Severity,
    stdinFilename: args.value('stdin-filename'),
    color: colorMode(args),
    progress: !flags.has('no-progress'),
    timing: !flags.has('no-timing'),
    gitIgnore: !flags.has('no-gitignore'),
    errorOnUnmatched: !flags.has('no-error-on-unmatched'),
    timings: flags.has('timings'),
    unusedSuppressions: (args.value('report-unused-suppressions') ?? 'warn') as CheckOptions['unusedSuppressions'],
  };
  checkInputs(options);
  return options;
}

/** The values of these options were checked against their choices when they were read. */
export function colorMode(args: Arguments): ColorMode {
  return (args.value('color') ?? 'auto') as ColorMode;
}

export function presetOf(args: Arguments): Preset | undefined {
  return args.value('preset') as Preset | undefined;
}

function checkInputs(options: CheckOptions): void {
  if (options.stdinFilename === undefined) {
    if (options.paths.length === 0) {
      throw new UsageError('no path given; `leakproof check .` checks the current directory');
    }
    return;
  }
  if (options.paths.length > 0) {
    throw new UsageError('--stdin-filename reads the text from standard input; it takes no paths besides');
  }
  if (options.fix !== 'none' && !options.dryRun) {
    throw new UsageError('standard input cannot be fixed in place; --fix-dry-run prints the fixes as a patch');
  }
}

function formatTargets(values: readonly string[], dryRun: boolean): readonly FormatTarget[] {
  const targets = values.map(formatTarget);
  const toStdout = targets.filter(({ file }) => file === undefined);
  if (toStdout.length > 1) {
    throw new UsageError(
      'only one --format can write to standard output; give the others a file: --format json=<file>',
    );
  }
  if (dryRun) {
    if (toStdout.length > 0) {
      throw new UsageError(
        '--fix-dry-run prints a patch to standard output; give the format a file: --format json=<file>',
      );
    }
    return targets;
  }
  return toStdout.length === 0 ? [{ format: 'stylish', file: undefined }, ...targets] : targets;
}

function formatTarget(value: string): FormatTarget {
  const equals = value.indexOf('=');
  const name = equals === -1 ? value : value.slice(0, equals);
  const file = equals === -1 ? undefined : value.slice(equals + 1);
  const format = reporterNames.find((known) => known === name);
  if (format === undefined) {
    const hint = didYouMean(name, reporterNames, '') || `; there are ${reporterNames.join(', ')}`;
    throw new UsageError(`unknown format ${JSON.stringify(name)}${hint}`);
  }
  if (file === '') throw new UsageError(`--format ${name}= needs a file after the equals sign`);
  return { format, file };
}

function wholeNumber(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new UsageError(`--max-warnings takes a whole number, not ${JSON.stringify(value)}`);
  return Number(value);
}
