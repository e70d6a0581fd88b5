import { type Analysis, createAnalysis } from '../../server/analysis/check.ts';
import type { Host } from '../../server/analysis/host.ts';
import type { FileOptions } from '../../server/analysis/options.ts';
import { createPrefilter } from '../../server/analysis/prefilter.ts';
import { libraryModels } from '../../server/analysis/resources/index.ts';
import type { FileResult } from '../../server/analysis/result.ts';
import { rules } from '../../server/analysis/rules/registry.generated.ts';

/** Where the files of a case live. No part of it may look like a path of test code. */
export const root = '/project';

export const recommended: FileOptions = {
  preset: 'recommended',
  rules: {},
  timeoutMs: 10_000,
  disposal: 'auto',
  models: [],
  packageRoot: root,
};

export interface Analysed {
  readonly analysis: Analysis;
  readonly results: ReadonlyMap<string, FileResult>;
}

/**
 * Checks files as the drivers do: those that the pre-filter lets through, then those that mention a function found to
 * acquire on behalf of its callers, until no name is added. Results stand in the order of `paths`.
 */
export function analyse(host: Host, paths: readonly string[], options: FileOptions = recommended): Analysed {
  const analysis = createAnalysis(host);
  const triggers = rules.flatMap((rule) => rule.triggers);
  const names = new Set<string>();
  let accepted: readonly string[] = [];
  for (let before = -1; before < names.size; ) {
    before = names.size;
    const matches = createPrefilter([...libraryModels, ...options.models], triggers, names);
    accepted = paths.filter((path) => matches(host.read(path) ?? ''));
    // All of them again: a name learned from a later file may tell something new about an earlier one.
    for (const path of accepted) for (const name of analysis.acquiringExports(path, options)) names.add(name);
  }
  return { analysis, results: new Map(accepted.map((path) => [path, analysis.check(path, options)])) };
}
