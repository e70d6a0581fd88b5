import type { Finding, Fix } from '../../analysis/finding.ts';
import type { Coverage, FileResult, Verdict } from '../../analysis/result.ts';
import { comparePaths, display } from '../files/paths.ts';
import { Locator } from './locate.ts';
import type { CheckOutcome, CheckRequest, FixSummary, LocatedFinding, LocatedSuppressionProblem } from './protocol.ts';
import type { RunLog, Stopwatch } from './runLog.ts';
import type { Session } from './session.ts';

interface Raw {
  readonly request: CheckRequest;
  readonly session: Session;
  readonly log: RunLog;
  readonly stopwatch: Stopwatch;
  readonly seen: number;
  readonly results: ReadonlyMap<string, FileResult>;
  readonly fixes: FixSummary | undefined;
}

/** Turns what the analysis said into plain, sorted data with lines and columns. */
export function summarise(raw: Raw): CheckOutcome {
  const { request, session, log, stopwatch, results } = raw;
  const locator = new Locator((path) => session.store.text(path));
  const findings = [...results.values()]
    .flatMap((result) => result.findings)
    .map((finding) => locator.finding(finding, request.listFixes ? offered(finding, log) : []))
    .sort(byPlace((path) => display(request.cwd, path)));
  return {
    backend: session.types?.backend ?? 'none',
    findings,
    coverage: coverageOf(results),
    seen: raw.seen,
    parsed: results.size,
    ...log.result(request.cwd),
    suppressionProblems: suppressionProblems(results, locator),
    fixes: raw.fixes,
    sources: request.sources ? sourcesOf(findings, session) : {},
    timings: stopwatch.timings(),
    durationMs: stopwatch.total(),
  };
}

/** The fixes whose edits can be built: others would be promises nobody can keep. */
function offered(finding: Finding, log: RunLog): readonly Fix[] {
  if (finding.suppressed !== undefined) return [];
  return finding.fixes.filter((fix) => {
    try {
      return fix.build() !== undefined;
    } catch (error) {
      log.crash(finding.path, error, false);
      return false;
    }
  });
}

function coverageOf(results: ReadonlyMap<string, FileResult>): Coverage {
  const counts: Record<Verdict, number> = { proven: 0, transferred: 0, unknown: 0, leaking: 0 };
  let acquisitions = 0;
  for (const result of results.values()) {
    for (const { verdict } of result.acquisitions) {
      acquisitions++;
      counts[verdict]++;
    }
  }
  return { acquisitions, ...counts };
}

function suppressionProblems(
  results: ReadonlyMap<string, FileResult>,
  locator: Locator,
): readonly LocatedSuppressionProblem[] {
  return [...results.values()]
    .flatMap(({ path, suppressionProblems }) =>
      suppressionProblems.map(({ span, message }) => ({ path, start: locator.position(path, span.start), message })),
    )
    .sort((a, b) => comparePaths(a.path, b.path) || a.start.line - b.start.line || a.start.column - b.start.column);
}

function sourcesOf(findings: readonly LocatedFinding[], session: Session): Record<string, string> {
  const sources: Record<string, string> = {};
  for (const finding of findings) {
    for (const { path } of [finding, ...finding.witness]) sources[path] ??= session.store.text(path) ?? '';
  }
  return sources;
}

/** The order of the contract. Paths are compared as they are shown: relative ones sort differently from absolute ones. */
function byPlace(shown: (path: string) => string): (a: LocatedFinding, b: LocatedFinding) => number {
  return (a, b) =>
    comparePaths(shown(a.path), shown(b.path)) ||
    a.start.line - b.start.line ||
    a.start.column - b.start.column ||
    comparePaths(a.rule, b.rule);
}
