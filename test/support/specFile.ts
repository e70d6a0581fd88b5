import { type Markers, readMarkers } from './markers.ts';

/** A file of a case, its marker lines taken out. */
export interface SpecFile extends Markers {
  /** Relative to the project. */
  readonly path: string;
  /** The line of the spec on which its text starts. */
  readonly line: number;
}

/** The text that a file has after one fix. */
export interface FixedText {
  readonly title: string;
  /** The file; absent: the file of the finding. */
  readonly path: string | undefined;
  readonly text: string;
}

/** One heading of a spec with the fences below it. */
export interface SpecCase {
  readonly title: string;
  readonly line: number;
  readonly options: Readonly<Record<string, string>>;
  readonly files: readonly SpecFile[];
  readonly fixed: readonly FixedText[];
}

const heading = /^(#{1,6})\s+(.*?)(?:\s+\{([^}]*)\})?\s*$/;
const fence = /^```([\w+-]*)\s*(.*)$/;
const languages = new Set(['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs']);

/**
 * Reads a literate specification. A heading names a case, and `{key=value}` behind it sets options; fences in a source
 * language are its files (`file=src/db.ts` in the info string names them), `fixed="title"` makes a fence the text after
 * that fix. All else is prose.
 */
export function readSpec(markdown: string): readonly SpecCase[] {
  const cases: SpecCase[] = [];
  let titles: string[] = [];
  let current = { title: '', line: 1, options: {} as Record<string, string> };
  let files: SpecFile[] = [];
  let fixed: FixedText[] = [];
  const finish = (): void => {
    if (files.length > 0) cases.push({ ...current, files, fixed });
    files = [];
    fixed = [];
  };
  const lines = markdown.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const [, hashes, title = '', info] = heading.exec(line) ?? [];
    if (hashes) {
      finish();
      titles = [...titles.slice(0, hashes.length - 1), title];
      // The document's own title is not repeated in every case.
      const path = titles.slice(1).filter(Boolean);
      current = { title: path.join(' › ') || title, line: index + 1, options: attributes(info ?? '') };
      continue;
    }
    const [opening, language = '', rest = ''] = fence.exec(line) ?? [];
    if (opening === undefined) continue;
    const start = index + 1;
    while (index + 1 < lines.length && !/^```\s*$/.test(lines[index + 1] ?? '')) index++;
    const text = `${lines.slice(start, index + 1).join('\n')}\n`;
    index++;
    const { file, fixed: fix } = attributes(rest);
    // `json file=package.json` is what the package says of itself.
    if (!languages.has(language) && !(language === 'json' && file !== undefined)) continue;
    if (fix !== undefined) fixed.push({ title: fix, path: file, text });
    else files.push({ path: file ?? `src/case.${language}`, line: start + 1, ...readMarkers(text) });
  }
  finish();
  return cases;
}

/** `key=value key="a value" flag` */
function attributes(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, key, quoted, plain] of text.matchAll(/([\w-]+)(?:=(?:"([^"]*)"|(\S+)))?/g)) {
    if (key !== undefined) found[key] = quoted ?? plain ?? '';
  }
  return found;
}
