import { applyTextEdits } from '../../server/analysis/edit.ts';
import type { Finding } from '../../server/analysis/finding.ts';
import type { Environment, Host } from '../../server/analysis/host.ts';
import type { FileOptions, Preset } from '../../server/analysis/options.ts';
import type { FileResult } from '../../server/analysis/result.ts';
import { type Analysed, analyse, recommended, root } from './analyse.ts';
import { laboratory } from './laboratory.ts';
import type { Marker } from './markers.ts';
import { MemoryHost } from './memoryHost.ts';
import type { SpecCase, SpecFile } from './specFile.ts';

/** Runs a case and says, one sentence each, in what the analysis differs from it. */
export function runCase(spec: SpecCase, about?: string): readonly string[] {
  const malformed = malformedLines(spec);
  if (malformed.length > 0) return malformed;
  const problems = runCaseIn({ host: hostOf(spec), root }, spec, about);
  return problems.length > 0 ? problems : orderProblems(spec);
}

/** Where the files of a case are. */
export interface CaseWorld {
  readonly host: Host;
  /** The directory of the case. */
  readonly root: string;
}

/** Runs a case whose files the host has below `root`. */
export function runCaseIn({ host, root }: CaseWorld, spec: SpecCase, about?: string): readonly string[] {
  const options = { ...optionsOf(spec), packageRoot: root };
  const analysed = analyse(
    host,
    spec.files.filter(isSource).map(({ path }) => `${root}/${path}`),
    options,
  );
  const problems = spec.files.filter(isSource).flatMap((file) => compare(file, { root, about }, analysed));
  return problems.length > 0 ? problems : fixProblems(spec, { host, root }, options, analysed);
}

function isSource({ path }: SpecFile): boolean {
  return !path.endsWith('.json');
}

/** What cannot be understood in the case itself. */
export function malformedLines(spec: SpecCase): readonly string[] {
  const malformed = spec.files.flatMap(({ malformed: lines }) =>
    lines.map((line) => `cannot read the marker: ${line}`),
  );
  const paths = spec.files.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) malformed.push(`two files are called ${twice}: name them with file=…`);
  return malformed;
}

export function hostOf({ files, options }: SpecCase): MemoryHost {
  const packages = Object.fromEntries(
    (options.packages ?? '').split(',').map((name) => {
      const at = name.lastIndexOf('@');
      return at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, ''];
    }),
  );
  return new MemoryHost(
    files.map(({ path, text }) => [`${root}/${path}`, text]),
    {
      packages,
      using: 'using' in options,
      platform: options.platform as Environment['platform'],
      role: options.role as Environment['role'],
    },
  );
}

export function optionsOf({ options }: SpecCase): FileOptions {
  const models = 'lab' in options ? laboratory : [];
  return { ...recommended, preset: (options.preset ?? 'recommended') as Preset, models };
}

/** Results must not depend on which file is checked first. */
function orderProblems(spec: SpecCase): readonly string[] {
  const paths = spec.files.filter(isSource).map(({ path }) => `${root}/${path}`);
  if (paths.length < 2) return [];
  const host = hostOf(spec);
  const { results } = analyse(host, paths, optionsOf(spec));
  const reversed = analyse(host, paths.toReversed(), optionsOf(spec)).results;
  return [...results]
    .filter(([path, result]) => outline(result) !== outline(reversed.get(path)))
    .map(([path]) => `${path} gives other results when the files are checked in the reverse order`);
}

/** A result without what cannot be compared: the functions that build fixes. */
export function outline(result: FileResult | undefined): string {
  return JSON.stringify(result, (key, value) => (key === 'build' ? undefined : value));
}

function compare(
  { path, text, line: firstLine, markers }: SpecFile,
  { root, about }: { readonly root: string; readonly about: string | undefined },
  { results }: Analysed,
): readonly string[] {
  const result = results.get(`${root}/${path}`);
  const position = positionsOf(text);
  const where = (start: number): string => {
    const { line, column } = position(start);
    return `${path}:${line + 1}:${column + 1} (\`${(text.split('\n')[line] ?? '').trim()}\`)`;
  };
  const problems: string[] = [];
  const findings = (result?.findings ?? []).filter((finding) => !finding.suppressed);
  const unexpected = new Set(findings);
  const excused = new Set(result?.suppressionProblems ?? []);
  const steps = [...results.values()].flatMap((r) => r.findings.flatMap((f) => f.witness));
  for (const marker of markers) {
    const marked = (span: { start: number; end: number }): boolean => isAt(marker, position, span);
    const { claim } = marker;
    const spot = `${path}:${marker.line + 1} (\`${(text.split('\n')[marker.line] ?? '').trim()}\`)`;
    if (claim.kind === 'finding') {
      const found = findings.find((f) => f.rule === claim.rule && marked(f.span) && unexpected.has(f));
      if (!found) problems.push(`${spot}: no ${claim.rule} at columns ${marker.start + 1}–${marker.end}`);
      else {
        unexpected.delete(found);
        problems.push(...differences(found, claim).map((difference) => `${spot}: ${difference}`));
      }
    } else if (claim.kind === 'step') {
      const here = steps.filter((step) => step.path.endsWith(path) && startsAt(marker, position, step.span.start));
      if (!here.some((step) => step.label.includes(claim.label))) {
        const labels = here.map((step) => `“${step.label}”`).join(', ') || 'none';
        problems.push(`${spot}: no witness step says “${claim.label}”; those that start here: ${labels}`);
      }
    } else if (claim.kind === 'verdict') {
      const found = result?.acquisitions.find(({ span }) => marked(span));
      if (found?.verdict !== claim.verdict || !(found.reason ?? '').includes(claim.reason)) {
        const seen = found ? `${found.verdict} (${found.reason ?? 'no reason'})` : 'no acquisition';
        problems.push(`${spot}: expected the verdict ${claim.verdict} ${claim.reason}, saw ${seen}`);
      }
    } else {
      const found = [...excused].find(
        (p) => position(p.span.start).line === marker.line && p.message.includes(claim.message),
      );
      if (found) excused.delete(found);
      else problems.push(`${spot}: nobody complains about the suppression`);
    }
  }
  for (const finding of unexpected) {
    // What other rules think of an example is written in their own specs.
    if (about !== undefined && finding.rule !== about) continue;
    problems.push(
      `${where(finding.span.start)}: unexpected ${finding.rule} ${finding.severity}: ${finding.message.what}${pathOf(finding, position)}`,
    );
  }
  for (const problem of excused) problems.push(`${where(problem.span.start)}: ${problem.message}`);
  return problems.map((problem) => `${problem} [case text starts at line ${firstLine}]`);
}

function differences(found: Finding, claim: { severity: string; message: string }): readonly string[] {
  const { what, why, remedy } = found.message;
  const message = `${what}; ${why}; ${remedy}`;
  return [
    ...(found.severity === claim.severity ? [] : [`severity ${found.severity}, expected ${claim.severity}`]),
    ...(message.includes(claim.message) ? [] : [`the message is “${message}”, expected it to say “${claim.message}”`]),
    ...(found.witness.length > 1 ? [] : ['the witness does not tell how the path ends']),
  ];
}

function pathOf({ witness }: Finding, position: Positions): string {
  return witness.map(({ span, label }) => `\n      ${position(span.start).line + 1}: ${label}`).join('');
}

function fixProblems(
  spec: SpecCase,
  { host, root }: CaseWorld,
  options: FileOptions,
  analysed: Analysed,
): readonly string[] {
  const offered = [...analysed.results.values()].flatMap(({ findings }) => findings.flatMap(({ fixes }) => fixes));
  if ('nofix' in spec.options) return offered.map(({ title }) => `the fix “${title}” is offered`);
  return spec.fixed.flatMap(({ title, path, text }) => {
    const offers = [...analysed.results].flatMap(([file, { findings }]) =>
      findings.flatMap(({ rule, fixes }) =>
        fixes.filter((fix) => fix.title === title).map((fix) => ({ rule, file, fix })),
      ),
    );
    // Rules that see one fault from two sides offer the same.
    const isClear = offers.length > 0 && new Set(offers.map(({ rule }) => rule)).size === offers.length;
    if (!isClear) return [`${offers.length} findings offer the fix “${title}”`];
    return offers.flatMap(({ file, fix }) => {
      const resolved = analysed.analysis.resolveFix(file, options, fix);
      if ('refused' in resolved) return [`the fix “${title}” is refused: ${resolved.refused}`];
      const target = path === undefined ? file : `${root}/${path}`;
      const edit = resolved.edit.files.find((each) => each.path === target);
      const result = edit && applyTextEdits(host.read(target) ?? '', edit.edits);
      return result === text ? [] : [`the fix “${title}” gives\n${result ?? '(nothing)'}\n— expected\n${text}`];
    });
  });
}

type Positions = (offset: number) => { readonly line: number; readonly column: number };

function positionsOf(text: string): Positions {
  return (offset) => {
    const before = text.slice(0, offset).split('\n');
    return { line: before.length - 1, column: before.at(-1)?.length ?? 0 };
  };
}

function startsAt(marker: Marker, position: Positions, offset: number): boolean {
  const { line, column } = position(offset);
  return line === marker.line && column === marker.start;
}

function isAt(marker: Marker, position: Positions, { start, end }: { start: number; end: number }): boolean {
  return startsAt(marker, position, start) && position(end).column === marker.end && position(end).line === marker.line;
}
