import { ruleCatalog } from '../catalog/catalog.ts';
import { Packages } from '../files/packages.ts';
import { absolute, display } from '../files/paths.ts';
import type { Effective, Sourced } from './effective.ts';
import { ConfigResolver, isSound, type ResolverOptions } from './resolver.ts';

export type ResolvedConfig =
  | { readonly resolved: object }
  | { readonly problems: readonly { path: string; message: string }[] };

/** What applies to a file, each value with its origin; for people and for scripts. */
export function resolveForPrinting(file: string, options: Omit<ResolverOptions, 'packages'>): ResolvedConfig {
  const path = absolute(options.cwd, file);
  const resolver = new ConfigResolver({ ...options, packages: new Packages() });
  const chain = resolver.chain(path);
  if (!isSound(chain)) return { problems: resolver.problems() };
  const effective = resolver.effective(path, chain);
  return {
    resolved: {
      file: display(options.cwd, path),
      configs: chain.map((config) => display(options.cwd, config.path)),
      ignoredBy: resolver.ignoredBy(path, chain) ?? null,
      preset: effective.preset,
      rules: Object.fromEntries(ruleCatalog.map((rule) => [rule.id, ruleSetting(rule, effective)])),
      timeoutMs: effective.timeoutMs,
      disposal: effective.disposal,
      models: effective.models.map(({ value, from }) => ({ value: value.library, from })),
    },
  };
}

function ruleSetting(rule: (typeof ruleCatalog)[number], effective: Effective): Sourced<string> {
  const own = effective.rules.get(rule.id);
  if (own !== undefined) return own;
  const { value: preset, from } = effective.preset;
  const on = rule.preset === 'recommended' || preset === 'strict';
  return { value: on ? rule.severity : 'off', from: `preset ${preset} (${from})` };
}
