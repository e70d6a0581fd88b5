import { applyTextEdits } from '../../server/analysis/edit.ts';
import type { Finding, FixSafety } from '../../server/analysis/finding.ts';
import { analyse, root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';

/** A fix that passed the gate, with what it makes of the first file. */
export interface Offer {
  readonly title: string;
  readonly safety: FixSafety;
  readonly text: string;
  /** The findings of the file before and after. */
  readonly before: readonly Finding[];
  readonly after: readonly Finding[];
}

export interface Surroundings {
  /** `name@version`, separated by commas. */
  readonly packages?: string;
  readonly using?: boolean;
}

type Files = readonly (readonly [path: string, text: string])[];

/** The findings of the first of the files. */
export function findingsIn(files: Files, { packages = '', using = false }: Surroundings = {}): readonly Finding[] {
  const installed = Object.fromEntries(
    packages.split(',').map((name) => {
      const at = name.lastIndexOf('@');
      return at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, ''];
    }),
  );
  const host = new MemoryHost(
    files.map(([path, text]) => [`${root}/${path}`, text]),
    { packages: installed, using },
  );
  return analyse(host, [...host.files.keys()]).results.get(`${root}/${files[0]?.[0]}`)?.findings ?? [];
}

/** Everything the analysis offers for the first of the files. */
export function offersIn(files: Files, surroundings: Surroundings = {}): readonly Offer[] {
  const [[path, original] = ['', ''], ...others] = files;
  const before = findingsIn(files, surroundings);
  return before.flatMap((finding) =>
    finding.fixes.flatMap((fix) => {
      const edit = fix.build();
      if (!edit) return [];
      const text = applyTextEdits(
        original,
        edit.files.flatMap((file) => (file.path === `${root}/${path}` ? file.edits : [])),
      );
      const after = findingsIn([[path, text], ...others], surroundings);
      return [{ title: fix.title, safety: fix.safety, text, before, after }];
    }),
  );
}
