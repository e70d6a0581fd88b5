import { parseArgs } from 'node:util';
import { didYouMean, nearest } from '../project/nearest.ts';
import { UsageError } from './usageError.ts';

/** How an option is written. */
interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly multiple?: true;
  readonly choices?: readonly string[];
  /** For options whose value may be left out: the value that then holds. Given only with `=`. */
  readonly bare?: string;
}

const specs = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  fix: { type: 'boolean' },
  'fix-suggestions': { type: 'boolean' },
  'fix-dry-run': { type: 'boolean' },
  format: { type: 'string', short: 'f', multiple: true },
  types: { type: 'string', choices: ['auto', 'off', 'required'] },
  preset: { type: 'string', choices: ['recommended', 'strict'] },
  config: { type: 'string', short: 'c' },
  'print-config': { type: 'string' },
  init: { type: 'boolean' },
  rules: { type: 'boolean' },
  explain: { type: 'string' },
  'max-warnings': { type: 'string' },
  stdio: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  severity: { type: 'string', choices: ['error', 'warning', 'info'] },
  'stdin-filename': { type: 'string' },
  color: { type: 'string', choices: ['auto', 'always', 'never'] },
  'no-progress': { type: 'boolean' },
  'no-timing': { type: 'boolean' },
  'no-gitignore': { type: 'boolean' },
  'no-error-on-unmatched': { type: 'boolean' },
  timings: { type: 'boolean' },
  'report-unused-suppressions': { type: 'string', choices: ['error', 'warn', 'off'], bare: 'error' },
} as const satisfies Record<string, OptionSpec>;

type OptionName = keyof typeof specs;

/** Every option there is. */
export const optionNames: readonly string[] = Object.keys(specs);

/** The words of a command line, sorted. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<OptionName>;
  /** The values of an option, in the order in which they were given. */
  values(name: OptionName): readonly string[];
  /** The last value of an option. */
  value(name: OptionName): string | undefined;
}

/**
 * Reads the arguments after the program's name.
 * @throws UsageError that names the option and, where one is close, the one that was probably meant.
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, declaration(spec)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const flags = new Set<OptionName>();
  const values = new Map<OptionName, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const name = knownOption(token.name, token.rawName);
    const spec: OptionSpec = specs[name];
    if (spec.type === 'boolean') {
      if (token.value !== undefined) throw new UsageError(`--${name} takes no value`);
      flags.add(name);
      continue;
    }
    const value = token.value ?? spec.bare;
    if (value === undefined || value === '') throw new UsageError(`--${name} needs a value${valueHint(spec)}`);
    checkChoice(name, value, spec);
    const given = values.get(name) ?? [];
    if (given.length > 0 && spec.multiple === undefined) throw new UsageError(`--${name} is given more than once`);
    values.set(name, [...given, value]);
  }
  return {
    positionals,
    flags,
    values: (name) => values.get(name) ?? [],
    value: (name) => values.get(name)?.at(-1),
  };
}

function declaration(spec: OptionSpec): { type: 'boolean' | 'string'; short?: string } {
  // An option whose value may be left out must not swallow the path that follows it.
  const type = spec.bare === undefined ? spec.type : 'boolean';
  return spec.short === undefined ? { type } : { type, short: spec.short };
}

function knownOption(name: string, rawName: string): OptionName {
  if (isOption(name)) return name;
  const hint = didYouMean(
    rawName,
    optionNames.map((known) => `--${known}`),
    '',
  );
  throw new UsageError(`unknown option ${rawName}${hint}`);
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(specs, name);
}

function checkChoice(name: string, value: string, spec: OptionSpec): void {
  if (spec.choices === undefined || spec.choices.includes(value)) return;
  const meant = nearest(value, spec.choices);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  throw new UsageError(`--${name} takes ${list(spec.choices)}, not ${JSON.stringify(value)}${hint}`);
}

function valueHint(spec: OptionSpec): string {
  return spec.choices === undefined ? '' : `: ${list(spec.choices)}`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
