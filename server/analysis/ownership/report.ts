import type ts from 'typescript';
import { isPartOfCommand } from '../contexts/handRun.ts';
import { placeOf as runsIn } from '../contexts/platform.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Message, Report, Severity } from '../finding.ts';
import { siteTitle } from '../inference/modelIndex.ts';
import { isFunctionLiteral, qualifiedName, strip } from '../syntax/tree.ts';
import type { Grade, Graded } from './grade.ts';
import { idleOn } from './idle.ts';
import { isHardlyMissed } from './importance.ts';
import { keeperName } from './keepers.ts';
import { namedRelease } from './namedRelease.ts';
import type { Obligation } from './obligation.ts';
import type { SolvedObligation } from './ownership.ts';
import { isShownByUse } from './shownDuty.ts';
import { asksForTiming } from './timing.ts';
import { acquisitionSpan, lineSpan, type Witness, witnessOf } from './witness.ts';
import { releaseText, wordingOf } from './wording.ts';

const severityOf: Readonly<Record<Grade, Severity>> = { never: 'error', path: 'error', throw: 'warning', gap: 'info' };

/** The report of an obligation that some path does not meet; `undefined` when all do, or when nobody would suffer. */
export function ownershipReport(rule: string, file: FileAnalysis, solved: SolvedObligation): Report | undefined {
  const { obligation, graded } = solved;
  const named = namedRelease(file.unit, solved.obligation);
  if (named) return namedReport(rule, file, solved, named);
  if (!graded) return forgottenReport(rule, file, solved);
  const witness = witnessOf(solved, graded.leak, file.unit.path);
  const { acquisition } = obligation;
  const why = idleOn(file, solved, graded)?.consequence ?? acquisition.consequence;
  const severity = severityIn(file, solved, graded);
  return {
    ...subjectOf(rule, file, solved),
    severity,
    confidence:
      (severity === 'info' && endsWithCommand(file, obligation)) || isHardlyMissed(file, solved, graded)
        ? 'possible'
        : graded.confidence,
    message: toldMessage(solved, graded) ?? messageOf(graded, witness, solved, why),
    witness: witness.steps,
  };
}

/** What every report of an acquisition says of it. */
function subjectOf(
  rule: string,
  { unit }: FileAnalysis,
  { obligation }: SolvedObligation,
): Pick<Report, 'rule' | 'path' | 'span' | 'resource' | 'fixes' | 'enclosing' | 'acquisition'> {
  const { acquisition, model, site } = obligation;
  return {
    rule,
    path: unit.path,
    span: acquisitionSpan(site),
    resource: { library: model.library, kind: acquisition.kind, acquire: siteTitle(acquisition.at) },
    fixes: [],
    enclosing: qualifiedName(site),
    acquisition: normalised(site),
  };
}

/** One handle that a command leaves open ends with it. */
function endsWithCommand(file: FileAnalysis, { acquisition }: Obligation): boolean {
  const { host } = file.program;
  const { path } = file.unit;
  if (acquisition.duty !== 'handle' || host.environment(path).role === 'extension') return false;
  return /^(?:script|command)$/.test(runsIn(file)) || isPartOfCommand(host, path);
}

/** What a failure leaves behind in a test, a script that somebody runs by hand or a command ends with it. */
function severityIn(file: FileAnalysis, solved: SolvedObligation, graded: Graded): Severity {
  const { obligation } = solved;
  const { grade, leak } = graded;
  if (grade === 'throw' && /^(?:script|command)$/.test(runsIn(file))) return 'info';
  if (obligation.acquisition.passive && isPartOfCommand(file.program.host, file.unit.path)) return 'info';
  const severity = severityOf[grade];
  // Names, which nothing declares, are no proof.
  const isByName = obligation.confidence === 'possible' || isShownByUse(obligation);
  // A disk fills slowly; what comes about by timing is as rare as a failure, and what is left idle hurts less.
  const isSeldom = grade === 'path' && (leak.path.some(asksForTiming) || idleOn(file, solved, graded) !== undefined);
  const isMild = isByName || obligation.acquisition.onDisk || isSeldom;
  return severity === 'error' && isMild ? 'warning' : severity;
}

/** The report of a release that the code names and never calls. */
function namedReport(
  rule: string,
  file: FileAnalysis,
  solved: SolvedObligation,
  named: ts.PropertyAccessExpression,
): Report {
  const { acquisition, site, confidence } = solved.obligation;
  const { path } = file.unit;
  const release = releaseText(acquisition);
  return {
    ...subjectOf(rule, file, solved),
    severity: 'error',
    confidence,
    message: {
      what: `this ${acquisition.kind} ${wordingOf(acquisition).never}: \`${named.getText()}\` is named and not called`,
      why: acquisition.consequence,
      remedy: `write ${release}`,
    },
    witness: [
      { path, span: acquisitionSpan(site), label: 'acquired here' },
      { path, span: lineSpan(named), label: 'the release is named here, and not called' },
    ],
  };
}

/** The report of a resource that is put away again and again, and that nothing in the project gives back. */
function forgottenReport(rule: string, file: FileAnalysis, solved: SolvedObligation): Report | undefined {
  const { obligation, forgotten } = solved;
  if (!forgotten) return undefined;
  const { acquisition, site } = obligation;
  const { kept, repetition, node } = forgotten;
  const { path } = file.unit;
  const keeper = `\`${keeperName(kept.target)}\``;
  const { forgotten: missed } = wordingOf(acquisition);
  return {
    ...subjectOf(rule, file, solved),
    severity: 'error',
    confidence: obligation.confidence === 'proven' ? 'likely' : obligation.confidence,
    message: {
      what: `this ${acquisition.kind} is kept in ${keeper}, and nothing ${missed} it`,
      why: acquisition.consequence,
      remedy: `call ${releaseText(acquisition)} when it is done with, and before it is replaced`,
    },
    witness: [
      { path, span: acquisitionSpan(site), label: 'acquired here' },
      { path, span: lineSpan(node.syntax), label: `kept in ${keeper} here` },
      ...repetition.steps,
    ],
  };
}

/** The acquiring call as the fingerprint knows it: without white space, comments and the code that it calls back. */
export function normalised({ expression, arguments: args }: ts.CallExpression | ts.NewExpression): string {
  const plain = (args ?? []).filter((argument) => !isFunctionLiteral(strip(argument)));
  const text = [expression, ...plain].map((node) => node.getText()).join(',');
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replace(/\s+/g, '');
}

function messageOf(
  { grade, leak }: Graded,
  { when }: Witness,
  { obligation, exploration }: SolvedObligation,
  why: string,
): Message {
  const { acquisition } = obligation;
  const { kind } = acquisition;
  const { never, missed, remedy } = wordingOf(acquisition);
  const lost = leak.end === 'lost' ? ': nothing keeps it' : '';
  const what = grade === 'never' ? `this ${kind} ${never}${lost}` : `this ${kind} ${missed} ${when || 'on every path'}`;
  const release = releaseText(acquisition);
  // In a `finally` block it would take away what others were told of.
  const isTold = exploration.tellings.size > 0;
  // … and from whoever it is handed to when all goes well.
  const isHandedOn = grade === 'throw' && exploration.handovers.length > 0 && !exploration.dischargedInOrder;
  return { what, why, remedy: isTold || isHandedOn ? `call ${release} on this path` : remedy(release) };
}

/** The message of what is left open when others are told only of the rest. */
function toldMessage({ obligation, exploration }: SolvedObligation, { leak }: Graded): Message | undefined {
  const { told, kind } = obligation.acquisition;
  if (!told?.keeps || !leak.path.some(({ node }) => exploration.tellings.has(node))) return undefined;
  const { part, consequence, remedy } = told.keeps;
  return {
    what: `the ${part} of this ${kind} is not closed: only its path leaves the function`,
    why: consequence,
    remedy,
  };
}
