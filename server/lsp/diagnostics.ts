import { createHash } from 'node:crypto';
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag, type Range } from 'vscode-languageserver/node';
import type { Severity } from '../analysis/finding.ts';
import type { ConfigProblem, FileReport, Range as LocatedRange } from '../project/editor/protocol.ts';
import type { LocatedFinding } from '../project/engine/protocol.ts';
import { messageText, sentence } from '../project/messageText.ts';
import { docsUrl } from './docs.ts';
import type { Settings } from './settings.ts';

/** The name under which editors show what comes from here. */
export const source = 'leakproof';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** What a diagnostic remembers of its finding. */
export interface DiagnosticData {
  readonly fingerprint: string;
  /** The version of the document that was analysed. */
  readonly revision: number | null;
}

export interface DiagnosticContext {
  readonly settings: Pick<Settings, 'exitPoints'>;
  readonly revision: number | null;
  /** The URI of a path as the client spells it. */
  readonly uri: (path: string) => string;
}

/** The engine counts from 1, the protocol from 0. */
export function toRange({ start, end }: LocatedRange): Range {
  return {
    start: { line: start.line - 1, character: start.column - 1 },
    end: { line: end.line - 1, character: end.column - 1 },
  };
}

/** Everything that is to be shown in a file. */
export function diagnosticsOf(report: FileReport, context: DiagnosticContext): Diagnostic[] {
  return [
    ...report.findings.map((finding) => findingDiagnostic(finding, context)),
    ...(context.settings.exitPoints ? report.findings.flatMap((finding) => exitHint(finding, context)) : []),
    ...report.suppressionNotes.map((note): Diagnostic => {
      // Other complaints are about comments that are meant to do something, and do not.
      const isUseless = note.message.includes('suppresses nothing');
      return {
        range: toRange(note),
        severity: isUseless ? DiagnosticSeverity.Hint : DiagnosticSeverity.Warning,
        ...(isUseless ? { tags: [DiagnosticTag.Unnecessary] } : {}),
        source,
        message: sentence(note.message),
      };
    }),
  ];
}

/** The main diagnostic of a finding, at the acquisition. */
export function findingDiagnostic(finding: LocatedFinding, context: DiagnosticContext): Diagnostic {
  const data: DiagnosticData = { fingerprint: finding.fingerprint, revision: context.revision };
  return {
    range: toRange(finding),
    severity: severities[finding.severity],
    code: finding.rule,
    codeDescription: { href: docsUrl(finding.rule) },
    source,
    message: messageText(finding.message),
    relatedInformation: finding.witness.map((step) => ({
      location: { uri: context.uri(step.path), range: toRange(step) },
      message: step.label,
    })),
    data,
  };
}

/** The last step of the witness, where it stands in the file itself and not on the acquisition. */
export function exitOf(finding: LocatedFinding): LocatedFinding['witness'][number] | undefined {
  const exit = finding.witness.at(-1);
  if (exit === undefined || exit.path !== finding.path) return undefined;
  const isElsewhere = exit.start.line !== finding.start.line || exit.start.column !== finding.start.column;
  return isElsewhere ? exit : undefined;
}

/** The hint at the other end: related information is not seen by somebody who looks at the exit. */
function exitHint(finding: LocatedFinding, context: DiagnosticContext): Diagnostic[] {
  const exit = exitOf(finding);
  if (exit === undefined) return [];
  const data: DiagnosticData = { fingerprint: finding.fingerprint, revision: context.revision };
  return [
    {
      range: firstLineOf(toRange(exit)),
      severity: DiagnosticSeverity.Hint,
      code: finding.rule,
      codeDescription: { href: docsUrl(finding.rule) },
      source,
      message: `The ${finding.resource.kind} ${exit.label}; acquired at line ${finding.start.line}`,
      relatedInformation: [
        { location: { uri: context.uri(finding.path), range: toRange(finding) }, message: 'original diagnostic' },
      ],
      data,
    },
  ];
}

/** A statement of many lines would be underlined as a whole. */
function firstLineOf(range: Range): Range {
  if (range.start.line === range.end.line) return range;
  // Beyond the end of a line means its end.
  return { start: range.start, end: { line: range.start.line, character: 2 ** 31 - 1 } };
}

/** A problem of a configuration file. `onDisk`: of the text that counts, and not only of the one that is open. */
export function configDiagnostic({ position, message }: ConfigProblem, onDisk: boolean): Diagnostic {
  const start = { line: position.line - 1, character: position.column - 1 };
  return {
    range: { start, end: { line: start.line, character: start.character + 1 } },
    severity: DiagnosticSeverity.Error,
    source,
    message: `${sentence(message)}${onDisk ? ' What this file governs is not analysed.' : ''}`,
  };
}

/** The same for the same diagnostics: lets a client keep what it has. */
export function resultId(items: readonly Diagnostic[]): string {
  // Revisions change with every key stroke, what is shown does not.
  const essence = items.map(({ data: _, ...item }) => item);
  return createHash('sha1').update(JSON.stringify(essence)).digest('hex').slice(0, 16);
}
