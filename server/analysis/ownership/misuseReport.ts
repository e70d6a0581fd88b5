import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Message, Report, Severity, Span, WitnessStep } from '../finding.ts';
import { siteTitle } from '../inference/modelIndex.ts';
import type { Acquisition } from '../resources/model.ts';
import { calleeName, qualifiedName, shortText } from '../syntax/tree.ts';
import type { MisusePath } from './explore.ts';
import { isLock } from './locks.ts';
import type { SolvedObligation } from './ownership.ts';
import { normalised } from './report.ts';
import { acquisitionSpan, described, lineSpan } from './witness.ts';

/** The report of something that goes wrong around a release. */
export function misuseReport(rule: string, file: FileAnalysis, solved: SolvedObligation, misuse: MisusePath): Report {
  const { obligation } = solved;
  const { acquisition, model } = obligation;
  const { call } = misuse;
  return {
    rule,
    severity: severityOf(misuse),
    confidence: obligation.confidence,
    message: messageOf(misuse, acquisition),
    path: file.unit.path,
    span: lineSpan(calleeName(call) ?? call),
    resource: { library: model.library, kind: acquisition.kind, acquire: siteTitle(acquisition.at) },
    witness: witnessOf(misuse, solved, file.unit.path),
    fixes: [],
    enclosing: qualifiedName(call),
    acquisition: normalised(call),
  };
}

/** What happens whenever the code runs is worse than what happens when something fails. */
function severityOf({ path }: MisusePath): Severity {
  return path.some(({ edge, node }) => edge === 'throw' && node.kind !== 'throw') ? 'warning' : 'error';
}

function messageOf({ kind, call }: MisusePath, acquisition: Acquisition): Message {
  const it = `this ${acquisition.kind}`;
  switch (kind) {
    case 'unsettled':
      return {
        what: `${it} is released before \`${shortText(call.expression, 40)}(…)\` has settled`,
        why: isLock(acquisition)
          ? 'the next one enters while the work still goes on'
          : 'the pool lends it to somebody else while this one still works with it',
        remedy: 'write `return await`',
      };
    case 'used':
      return {
        what: `${it} is used after its release`,
        why: 'the pool may have lent it to somebody else by then',
        remedy: 'release it after its last use',
      };
    default:
      return {
        what: `${it} is released twice`,
        why: `releasing it again ${acquisition.again}`,
        remedy: 'release it in one place, a `finally` block',
      };
  }
}

function witnessOf(
  { kind, call, release, path: steps }: MisusePath,
  { obligation }: SolvedObligation,
  path: string,
): readonly WitnessStep[] {
  const found: WitnessStep[] = [];
  const add = (span: Span, label: string): void => void found.push({ path, span, label });
  add(acquisitionSpan(obligation.site), 'acquired here');
  if (kind === 'unsettled') add(lineSpan(call), 'its promise is returned, and nobody waits for it');
  let isReleased = false;
  for (const { node, edge, state } of steps) {
    if (state.phase === 'released' && !isReleased) {
      isReleased = true;
      add(lineSpan(release), 'released here');
    }
    if (state.phase !== 'before' && edge === 'throw' && node.kind === 'evaluate')
      add(lineSpan(node.syntax), `${described(node)} throws`);
  }
  if (kind === 'unsettled') add(lineSpan(release), 'released here, while the promise is still open');
  else if (!isReleased) add(lineSpan(release), 'released here');
  if (kind === 'used') add(lineSpan(call), 'used here, after that');
  if (kind === 'again') add(lineSpan(call), 'released here again');
  return found;
}
