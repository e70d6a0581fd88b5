import type { FileOptions, Preset } from '../../analysis/options.ts';

export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}
export type Governed = { readonly options: FileOptions } | { readonly ignoredBy: string } | { readonly broken: string };

export class ConfigResolver {
  readonly #preset: Preset;
  constructor(o: { cwd: string; config: string | undefined; preset: Preset | undefined; packages: unknown }) {
    this.#preset = o.preset ?? 'recommended';
  }
  async resolve(path: string): Promise<Governed> {
    return {
      options: {
        preset: this.#preset,
        rules: {},
        timeoutMs: 10_000,
        disposal: 'auto',
        models: [],
        packageRoot: path.slice(0, path.lastIndexOf('/')),
      },
    };
  }
  problems(): readonly ConfigProblem[] {
    return [];
  }
}
