import type { CheckOutcome, LocatedFinding } from '../../project/engine/protocol.ts';
import { display } from '../../project/files/paths.ts';
import { messageText } from '../../project/messageText.ts';
import type { ReportContext } from './reporter.ts';

/** The stable contract with scripts: the order of keys and of entries never varies. */
export function reportJson(outcome: CheckOutcome, context: ReportContext): string {
  const path = (absolute: string): string => display(context.cwd, absolute);
  const document = {
    schema: 'leakproof/1',
    version: context.version,
    types: { backend: outcome.backend },
    findings: outcome.findings.map((finding) => findingObject(finding, path)),
    coverage: {
      acquisitions: outcome.coverage.acquisitions,
      proven: outcome.coverage.proven,
      transferred: outcome.coverage.transferred,
      unknown: outcome.coverage.unknown,
      leaking: outcome.coverage.leaking,
    },
    files: {
      seen: outcome.seen,
      parsed: outcome.parsed,
      skipped: outcome.skipped.map((entry) => ({ path: path(entry.path), reason: entry.reason })),
    },
    errors: outcome.errors.map((error) => ({ path: path(error.path), message: error.message })),
    ...(context.timing ? { durationMs: outcome.durationMs } : {}),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function findingObject(finding: LocatedFinding, path: (absolute: string) => string): object {
  return {
    rule: finding.rule,
    family: finding.family,
    severity: finding.severity,
    confidence: finding.confidence,
    message: messageText(finding.message),
    path: path(finding.path),
    start: { line: finding.start.line, column: finding.start.column },
    end: { line: finding.end.line, column: finding.end.column },
    resource: {
      library: finding.resource.library,
      kind: finding.resource.kind,
      acquire: finding.resource.acquire,
    },
    witness: finding.witness.map((step) => ({
      path: path(step.path),
      line: step.start.line,
      column: step.start.column,
      label: step.label,
    })),
    fixes: finding.fixes.map(({ title, safety }) => ({ title, safety })),
    fingerprint: finding.fingerprint,
    suppressed:
      finding.suppressed === undefined
        ? null
        : { by: finding.suppressed.by, reason: finding.suppressed.reason ?? null },
  };
}
