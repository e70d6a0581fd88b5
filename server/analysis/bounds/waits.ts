import ts from 'typescript';
import { constantOf } from '../detachment/constants.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { BoundOption, WaitPhase } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { Program } from '../syntax/program.ts';
import { receiver, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { carriedBy } from './carried.ts';
import { Defaults, type MadeInstance } from './defaults.ts';
import { isKeptOpen } from './forwarding.ts';
import { isGrave } from './gravity.ts';
import { isUndefined, Options } from './options.ts';
import { isOwnAddress } from './ownAddress.ts';
import { isLocal, isNamedUrl, isNoOptions, isRelative } from './place.ts';
import { ProcessDefaults } from './processDefaults.ts';
import { findWaits, hasVersion, versionOf, type WaitSite } from './sites.ts';
import { isRaced, isStreaming } from './surroundings.ts';
import { type Armed, boundsOfValue } from './valueBounds.ts';

/** A wait and what is known of its end. */
export interface JudgedWait extends WaitSite {
  /** Phases that certainly nothing ends; empty when all are bounded or when one bound may be out of sight. */
  readonly missing: readonly WaitPhase[];
  /** Options that are given and that the installed version does not know. */
  readonly ignored: readonly GivenOption[];
  /** Timers that are set and whose end only emits an event that nobody acts upon. */
  readonly toothless: readonly Armed[];
  /** What makes the object that this wait goes through: where one bound would do for all. */
  readonly instance: MadeInstance | undefined;
  /** The arguments that are options, as far as they are given. */
  readonly optionNodes: readonly ts.Expression[];
  /** Where a bound was looked for. */
  readonly looked: readonly Looked[];
}

export interface GivenOption {
  readonly bound: BoundOption;
  readonly value: ts.Expression;
}

/** A place where a bound could be and is not. */
export interface Looked {
  readonly node: ts.Node;
  readonly label: string;
}

const known = new WeakMap<FileAnalysis, readonly JudgedWait[]>();

/** Every wait of the file, judged. */
export function waitsOf(file: FileAnalysis): readonly JudgedWait[] {
  let waits = known.get(file);
  // Where nobody would be told, nothing is looked for.
  if (!waits && !isGrave(file)) waits = [];
  if (!waits) {
    const judge = new Judge(file.semantics, file.unit);
    waits = findWaits(file.semantics, file.unit).map((site) => judge.judge(site));
  }
  known.set(file, waits);
  return waits;
}

/** Which bounds end which phase. */
const endedBy: Readonly<Record<WaitPhase, readonly WaitPhase[]>> = {
  acquire: ['acquire', 'total'],
  connect: ['connect', 'total', 'request'],
  handshake: ['handshake', 'connect', 'total'],
  request: ['request', 'headers', 'body', 'idle', 'total'],
  headers: ['headers', 'request', 'idle', 'total'],
  body: ['body', 'request', 'idle', 'total'],
  idle: ['idle', 'total', 'request'],
  total: ['total', 'request'],
};

class Judge {
  readonly #semantics: Semantics;
  readonly #unit: SourceUnit;
  readonly #options: Options;
  readonly #defaults: Defaults;
  readonly #process: ProcessDefaults;

  constructor(semantics: Semantics, unit: SourceUnit) {
    this.#semantics = semantics;
    this.#unit = unit;
    this.#options = new Options(semantics);
    this.#defaults = new Defaults(semantics, this.#options);
    this.#process = new ProcessDefaults(semantics, unit, this.#defaults);
  }

  judge(site: WaitSite): JudgedWait {
    const { call, wait, model } = site;
    const given = this.#given(site);
    const nothing: JudgedWait = {
      ...site,
      missing: [],
      ignored: given.ignored,
      toothless: [],
      instance: undefined,
      optionNodes: given.nodes,
      looked: [],
    };
    const isFunction = 'global' in wait.at || 'export' in wait.at;
    if (isLocal(this.#options, call, wait) || (wait.of === 'request' && isFunction && isRelative(call)))
      return { ...nothing, ignored: [] };
    if (wait.of === 'request' && (isStreaming(call, given.nodes) || isKeptOpen(call))) return nothing;
    const ended = new Set(given.phases);
    const open = (): readonly WaitPhase[] => wait.phases.filter((phase) => !endedBy[phase].some((by) => ended.has(by)));
    // A timer that the code sets here shows that it knows of no other bound.
    if ((given.unknown && !wait.value?.timers) || open().length === 0) return nothing;
    let instance: JudgedWait['instance'];
    const object = objectOf(site);
    if (object && model.defaults?.some(({ reach }) => reach === 'instance')) {
      const inherited = this.#defaults.ofReceiver(
        object,
        model,
        wait.bounds.filter(({ carrier }) => !carrier),
      );
      if (inherited.state !== 'unbounded') return nothing;
      instance = inherited.made;
    }
    if (this.#process.bounds(model, wait) || (object && !instance && this.#process.changes(model, wait)))
      return nothing;
    const value = boundsOfValue(this.#semantics, site, given.emitted);
    if (value) for (const phase of value.phases) ended.add(phase);
    const unbounded = open().filter((phase) => !value?.unknown.has(phase));
    if (unbounded.length === 0 || (given.unknown && !value?.toothless.length)) return nothing;
    if (isRaced(this.#semantics, call) || isOwnAddress(this.#semantics, call)) return nothing;
    return {
      ...nothing,
      ...(given.unknown && { guessed: true }),
      missing: unbounded,
      toothless: value?.toothless ?? [],
      instance,
      looked: this.#looked(site, given.nodes, instance?.call),
    };
  }

  /** What the options of the call itself say. */
  #given({ call, model, wait }: WaitSite): Given {
    const given: Given = { phases: [], ignored: [], emitted: [], nodes: [], unknown: false };
    const version = versionOf(this.#semantics.program, this.#unit, model);
    const bounds = wait.bounds.filter(
      (bound) =>
        hasVersion(this.#semantics.inference, this.#unit, model, bound.versions) &&
        // What an unknown version does is not held against anybody.
        !(bound.ignored && bound.versions && version === undefined),
    );
    const args = call.arguments ?? [];
    const spread = args.findIndex(ts.isSpreadElement);
    const look = (options: ts.Expression): void => {
      given.nodes.push(options);
      for (const bound of bounds) this.#look(options, bound, given);
    };
    for (const index of wait.options) {
      if (spread >= 0 && spread <= index) given.unknown = true;
      const argument = args[index];
      if (!argument || spread >= 0) continue;
      if (wait.options.length > 1 ? isNoOptions(this.#options, argument, index, wait) : isNamedUrl(argument)) continue;
      look(argument);
    }
    const [first] = args;
    if (first && wait.of === 'request' && !('member' in wait.at) && !wait.options.includes(0)) {
      const carried = carriedBy(this.#options, first);
      if (carried === 'unknown') given.unknown = true;
      else for (const options of carried) look(options);
    }
    return given;
  }

  #look(options: ts.Expression, bound: BoundOption, given: Given): void {
    const found = this.#options.find(options, bound.option.split('.'));
    if (found.state === 'absent') return;
    if (found.state === 'unknown') {
      if (!bound.ignored && !bound.uncommon && !bound.emitsOnly) given.unknown = true;
      return;
    }
    if (bound.ignored) {
      const [value] = found.values;
      if (value) given.ignored.push({ bound, value });
    } else if (bound.emitsOnly) {
      const [value] = found.values;
      if (value && !isOff(value, this.#semantics.program)) given.emitted.push(value);
      // Who switches off what is off by itself wants no limit.
      else if (value) given.unknown = true;
    } else if (bound.carrier) {
      const states = found.values.map((value) => this.#defaults.ofCarrier(value));
      if (states.includes('bounded')) given.phases.push(bound.phase);
      else if (states.includes('unknown') || states.length === 0) given.unknown = true;
    } else given.phases.push(bound.phase);
  }

  #looked({ call, wait }: WaitSite, nodes: readonly ts.Expression[], instance: ts.Node | undefined): readonly Looked[] {
    const names = wait.bounds
      .filter(({ ignored, emitsOnly, carrier, uncommon }) => !ignored && !emitsOnly && !carrier && !uncommon)
      .map(({ option }) => `\`${option}\``);
    const either = names.length > 1 ? `neither ${names.slice(0, 2).join(' nor ')}` : `no ${names[0] ?? 'limit'}`;
    const looked: Looked[] = nodes
      .filter((node) => !ts.isStringLiteralLike(strip(node)) && !isUndefined(node))
      .map((node) => ({ node, label: `${either} in these options` }));
    if (looked.length === 0 && wait.options.length > 0) looked.push({ node: call, label: `no options: ${either}` });
    if (instance) looked.push({ node: instance, label: `${either} for all its calls` });
    return looked;
  }
}

interface Given {
  readonly phases: WaitPhase[];
  readonly ignored: GivenOption[];
  /** Values of options that only emit. */
  readonly emitted: ts.Expression[];
  /** The arguments that are options. */
  readonly nodes: ts.Expression[];
  unknown: boolean;
}

/** The object that the wait is made on, or that is called. */
function objectOf({ call, wait: { at } }: WaitSite): ts.Expression | undefined {
  if ('member' in at) return ts.isCallExpression(call) ? receiver(call) : undefined;
  return 'call' in at ? call.expression : undefined;
}

/** A timer of no length never expires. */
function isOff(node: ts.Expression, program: Program): boolean {
  const { kind } = strip(node);
  return kind === ts.SyntaxKind.FalseKeyword || kind === ts.SyntaxKind.NullKeyword || constantOf(node, program) === 0;
}
