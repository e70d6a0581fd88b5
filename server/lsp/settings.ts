import type { Severity } from '../analysis/finding.ts';

/** What a user has set for a resource. */
export interface Settings {
  readonly enable: boolean;
  readonly run: 'onType' | 'onSave';
  readonly scope: 'openFiles' | 'workspace';
  readonly configPath: string | undefined;
  readonly severity: Readonly<Record<string, Severity | 'off'>>;
  readonly exitPoints: boolean;
  readonly suppress: {
    readonly enable: boolean;
    readonly requireReason: boolean;
    readonly location: 'line' | 'file';
  };
  /** Milliseconds after which the status says that a check is slow. */
  readonly timeBudget: { readonly warn: number; readonly error: number };
  readonly exclude: readonly string[];
}

const severities: ReadonlySet<unknown> = new Set(['off', 'info', 'warning', 'error']);

/** Understands what a client says about the section `leakproof`; what makes no sense counts as not set. */
export function readSettings(value: unknown): Settings {
  const root = new Section(value);
  const suppress = root.section('codeAction').section('suppress');
  const budget = root.section('timeBudget');
  const configPath = root.text('configPath')?.trim();
  return {
    enable: root.flag('enable', true),
    run: root.text('run') === 'onSave' ? 'onSave' : 'onType',
    scope: root.text('scope') === 'workspace' ? 'workspace' : 'openFiles',
    configPath: configPath === '' ? undefined : configPath,
    severity: root.severities('severity'),
    exitPoints: root.section('hints').flag('exitPoints', true),
    suppress: {
      enable: suppress.flag('enable', true),
      requireReason: suppress.flag('requireReason', true),
      location: suppress.text('location') === 'file' ? 'file' : 'line',
    },
    timeBudget: { warn: budget.number('warn', 2_000), error: budget.number('error', 10_000) },
    exclude: root.globs('exclude'),
  };
}

class Section {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#values = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }

  section(name: string): Section {
    return new Section(this.#values[name]);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.#values[name];
    return typeof value === 'boolean' ? value : otherwise;
  }

  number(name: string, otherwise: number): number {
    const value = this.#values[name];
    return typeof value === 'number' && value > 0 ? value : otherwise;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  severities(name: string): Record<string, Severity | 'off'> {
    const value = this.#values[name];
    const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
    return Object.fromEntries(entries.filter(([, severity]) => severities.has(severity)));
  }

  /** A list of globs, or an object whose true entries are globs, as editors write their own excludes. */
  globs(name: string): readonly string[] {
    const value = this.#values[name];
    if (Array.isArray(value)) return value.filter((glob) => typeof glob === 'string' && glob !== '');
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([glob, on]) => (on === true ? [glob] : []));
  }
}
