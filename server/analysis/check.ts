import { Contexts } from './contexts/contexts.ts';
import { isForDevelopment } from './contexts/development.ts';
import { isLaidAside } from './contexts/laidAside.ts';
import { isForeignCode, isGenerated, isTestCode, isTestFile } from './contexts/places.ts';
import { isForPages } from './contexts/platform.ts';
import { isSentToPage } from './contexts/sentToPage.ts';
import { isUnused } from './contexts/unused.ts';
import { defaultPolicy } from './controlFlow/continuations.ts';
import { lastingNames } from './detachment/durations.ts';
import type { FileAnalysis } from './fileAnalysis.ts';
import type { Finding, Fix, Report, Severity, Span } from './finding.ts';
import { fingerprint } from './fingerprint.ts';
import { type Check, gated, type OfferedFix, type ResolvedFix } from './fixes/gate.ts';
import type { Host } from './host.ts';
import { ModelIndex, siteTitle } from './inference/modelIndex.ts';
import type { FileOptions } from './options.ts';
import { Ownership, type SolvedObligation } from './ownership/ownership.ts';
import { acquisitionSpan } from './ownership/witness.ts';
import { libraryModels } from './resources/index.ts';
import type { LibraryModel } from './resources/model.ts';
import type { AcquisitionRecord, FileResult } from './result.ts';
import { rules } from './rules/registry.generated.ts';
import type { Rule } from './rules/rule.ts';
import { tokenAt } from './semantics/occurrences.ts';
import { Semantics } from './semantics/semantics.ts';
import { Suppressions } from './suppressions.ts';
import { isNeverReached } from './syntax/leaving.ts';
import { Program } from './syntax/program.ts';

/** What is derived from the program under one set of models. */
interface Engine {
  readonly semantics: Semantics;
  readonly ownership: Ownership;
  readonly contexts: Contexts;
}

/**
 * The facade that both drivers call. One instance lives as long as its host; it keeps parsed files and summaries
 * until `invalidate` says that a file changed.
 */
export interface Analysis {
  /** Analyses the text that the host has for the path now. */
  check(path: string, options: FileOptions): FileResult;
  /** Drops everything that was derived from the text of these files. */
  invalidate(paths: Iterable<string>): void;
  /** Whether types in other files may have changed with the text of this one since it was last asked about. */
  isRedeclared(path: string): boolean;
  /**
   * The fix gate in full: builds the edits of a fix of a finding in `path` and checks the result.
   * A refusal says why in a sentence.
   */
  resolveFix(path: string, options: FileOptions, fix: Fix): ResolvedFix;
  /** Names of the file's functions that acquire and hand on, for the second round of the pre-filter. */
  acquiringExports(path: string, options: FileOptions): readonly string[];
}

export type { ResolvedFix } from './fixes/gate.ts';

export function createAnalysis(host: Host): Analysis {
  const program = new Program(host);
  /** One engine for each set of models: users add theirs by directory. */
  let engines = new Map<readonly LibraryModel[], Engine>();
  /** The fixes that were handed out; those of a text that has changed are refused. */
  const offered = new WeakMap<Fix, OfferedFix>();

  /** Names of acquiring functions outlive an engine: one too many costs a look, one too few a finding. */
  const names = new Set<string>();

  const engineFor = (options: FileOptions): Engine => {
    const { models } = options;
    let engine = engines.get(models);
    if (!engine) {
      engine = engineOver(program, options);
      engine.ownership.know(names);
      engines.set(models, engine);
    }
    return engine;
  };

  return {
    check(path, options) {
      const engine = engineFor(options);
      const result = checkFile(program, engine, path, options);
      const judged = checkIn(options, engine.ownership);
      return { ...result, findings: gated({ program, path, findings: result.findings, check: judged }, offered) };
    },
    invalidate(paths) {
      for (const path of paths) program.forget(path);
      for (const { ownership } of engines.values()) for (const name of ownership.names) names.add(name);
      engines = new Map();
    },
    isRedeclared: (path) => program.isRedeclared(path),
    resolveFix(_path, _options, fix) {
      return offered.get(fix)?.resolve() ?? { refused: 'the finding is out of date' };
    },
    acquiringExports(path, options) {
      const unit = program.unit(path);
      if (!unit) return [];
      const { ownership, semantics } = engineFor(options);
      return [...ownership.acquiringNames(unit), ...lastingNames(unit, semantics)];
    },
  };
}

/**
 * How the gate checks files of an edited world, with one engine for each world: what it has learned of one file it knows
 * in the next. All are judged by the options of the file in which the finding is.
 */
export function checkIn(options: FileOptions, { names }: Pick<Ownership, 'names'>): Check {
  const engines = new WeakMap<Program, Engine>();
  return (world, path, spans) => {
    const engine = engines.get(world) ?? engineOver(world, options);
    engines.set(world, engine);
    engine.ownership.know(names);
    return checkFile(world, engine, path, options, spans).findings;
  };
}

function engineOver(program: Program, { models }: FileOptions): Engine {
  const semantics = new Semantics(program, new ModelIndex([...libraryModels, ...models]), defaultPolicy);
  const contexts = new Contexts(semantics);
  return { semantics, ownership: new Ownership(semantics, contexts), contexts };
}

/** `spans`: only functions that contain one of them are solved. */
function checkFile(
  program: Program,
  { semantics, ownership, contexts }: Engine,
  path: string,
  options: FileOptions,
  spans?: readonly Span[],
): FileResult {
  const unit = program.unit(path);
  if (!unit) return { path, findings: [], acquisitions: [], suppressionProblems: [] };
  const { host } = program;
  const inTests = isTestFile(host, path);
  const location = host.location(path);
  const isAside =
    isTestCode(location.inPackage) || isForeignCode(location) || isGenerated(unit.text) || isLaidAside(host, path);
  const file: FileAnalysis = {
    unit,
    program,
    options,
    semantics,
    contexts,
    ownership,
    obligations: ownership.solve({ unit, isTestCode: inTests }, spans),
    isTestCode: inTests,
  };
  // Everything found there is `aside`, which `strict` alone shows.
  const active =
    isAside && options.preset !== 'strict' ? [] : rules.filter((rule) => severityOf(rule, options) !== 'off');
  const reports: Report[] = [];
  for (const rule of active) {
    // What a page listens to and waits for ends with the page.
    if (rule.family === 'signals' && isForPages(file)) continue;
    rule.check(file, (report) => {
      if (isAside || isOfNobody(file, report)) reports.push(aside(report));
      else reports.push(inTests ? { ...report, severity: 'info' } : report);
    });
  }
  const suppressions = new Suppressions(unit.file, new Set(rules.map((rule) => rule.id)));
  return {
    path,
    findings: finish(reports, file, suppressions),
    acquisitions: file.obligations.map(record),
    suppressionProblems: suppressions.problems(new Set(active.map((rule) => rule.id))),
  };
}

/** What is wrong in code that nobody here would mend, or what ends with the run of a test, is worth no more than a look. */
function aside(report: Report): Report {
  return { ...report, severity: 'info', confidence: 'possible' };
}

/** Whether a report is about what never runs, runs in a page, or only a developer sees, or, unless it is of an error, about code that nobody runs. */
function isOfNobody({ unit, semantics }: FileAnalysis, report: Report): boolean {
  if (report.confidence === 'possible' || report.path !== unit.path) return false;
  const token = tokenAt(unit.file, report.span.start);
  if (isSentToPage(token) || isNeverReached(token)) return true;
  return isForDevelopment(semantics, token) || (report.severity !== 'error' && isUnused(semantics, token));
}

/** The configured severity of a rule; `undefined` leaves it to the evidence. */
function severityOf(rule: Rule, { rules: configured, preset }: FileOptions): Severity | 'off' | undefined {
  const own = Object.hasOwn(configured, rule.id) ? configured[rule.id] : undefined;
  if (own !== undefined) return own;
  return rule.preset === 'recommended' || preset === 'strict' ? undefined : 'off';
}

function finish(
  reports: readonly Report[],
  { unit, options }: FileAnalysis,
  suppressions: Suppressions,
): readonly Finding[] {
  const ordered = [...reports]
    .filter((report) => report.confidence !== 'possible' || options.preset === 'strict')
    .sort((a, b) => a.span.start - b.span.start || (a.rule < b.rule ? -1 : 1));
  const ordinals = new Map<string, number>();
  return ordered.map((report) => {
    const key = [report.rule, report.enclosing, report.resource.kind, report.acquisition].join('\0');
    const ordinal = ordinals.get(key) ?? 0;
    ordinals.set(key, ordinal + 1);
    const rule = rules.find((r) => r.id === report.rule) as Rule;
    const severity = severityOf(rule, options);
    return {
      ...report,
      severity: severity === undefined || severity === 'off' ? report.severity : severity,
      family: rule.family,
      fingerprint: fingerprint({ report, relativePath: relative(options.packageRoot, unit.path), ordinal }),
      suppressed: suppressions.find(report.rule, report.span.start),
    };
  });
}

function record({ obligation, verdict, reason }: SolvedObligation): AcquisitionRecord {
  return { span: acquisitionSpan(obligation.site), acquire: acquireName(obligation), verdict, reason };
}

function acquireName({ acquisition: { at } }: SolvedObligation['obligation']): string {
  if ('member' in at) return `${at.type}#${at.member}`;
  return siteTitle(at);
}

function relative(root: string, path: string): string {
  const prefix = root.endsWith('/') ? root : `${root}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}
