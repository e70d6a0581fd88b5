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

/** Everything the analysis offers for the first of the files. */
export function offersIn(
  files: readonly (readonly [path: string, text: string])[],
  { packages = '', using = false }: Surroundings = {},
): readonly Offer[] {
  const texts = files.map(([path, text]) => [`${root}/${path}`, text] as const);
  const [path, original] = texts[0] ?? ['', ''];
  const installed = Object.fromEntries(
    packages.split(',').map((name) => {
      const at = name.lastIndexOf('@');
      return at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, ''];
    }),
  );
  const findingsOf = (text: string): readonly Finding[] => {
    const host = new MemoryHost([[path, text], ...texts.slice(1)], { packages: installed, using });
    return analyse(host, [...host.files.keys()]).results.get(path)?.findings ?? [];
  };
  const before = findingsOf(original);
  return before.flatMap((finding) =>
    finding.fixes.flatMap((fix) => {
      const edit = fix.build();
      if (!edit) return [];
      const edits = edit.files.flatMap((file) => (file.path === path ? file.edits : []));
      const text = applyTextEdits(original, edits);
      return [{ title: fix.title, safety: fix.safety, text, before, after: findingsOf(text) }];
    }),
  );
}
