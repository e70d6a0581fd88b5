import ts from 'typescript';
import { remedyOf } from '../../bounds/deadline.ts';
import { isForwarded, isHandedOver } from '../../bounds/forwarding.ts';
import { halfOpenSockets } from '../../bounds/halfOpen.ts';
import { isExposed } from '../../bounds/listening.ts';
import { stepsOf, waitReport } from '../../bounds/report.ts';
import { isCancelled, isEndedByKernel, isGivenUp } from '../../bounds/settled.ts';
import { type JudgedWait, waitsOf } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Confidence, Report } from '../../finding.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import type { WaitPhase } from '../../resources/model.ts';
import { unstrip } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'socket-without-timeout';

export const socketWithoutTimeout: Rule = {
  id,
  family: 'sockets',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a socket that nothing ends when the other end falls silent',
  patterns: ['T04', 'T07', 'T08', 'T14', 'T16'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const waits = waitsOf(file).filter(({ wait }) => wait.of === 'socket');
    for (const judged of waits) {
      const { wait, missing, toothless, ignored, call } = judged;
      if (missing.length === 0 || toothless.length > 0 || ignored.length > 0) continue;
      if (isForwarded(call) || isOtherBranch(judged, waits)) continue;
      if (wait.value?.accepted !== undefined && !isExposed(file.semantics, call)) continue;
      const isOver = isCancelled(call) || isEndedByKernel(file, judged);
      const isLeft = !isOver && isGivenUp(call);
      const confidence = isOver ? 'possible' : confidenceOf(judged);
      const found = waitReport(file, judged, {
        rule: id,
        message: {
          what: isLeft
            ? `this ${wait.kind} stays when the timer gives up on it`
            : `this ${wait.kind} has no limit ${phases(missing)}`,
          why: isLeft
            ? 'the timer rejects and lets the caller go; the socket goes on, until the other end or the kernel ends it'
            : wait.consequence,
          remedy: remedyOf(wait, file.options.timeoutMs, missing),
        },
        steps: stepsOf(file, judged),
        ...(confidence && { confidence }),
        ...((isOver || isLeft) && { severity: 'info' as const }),
        fixes: fixes(file, judged),
      });
      if (found) report(found);
    }
    for (const { call, model, wait, option } of halfOpenSockets(file.semantics, file.unit)) {
      const { path } = file.unit;
      const isOwn = option.getSourceFile() === file.unit.file;
      const found = waitReport(
        file,
        { call, model, wait },
        {
          rule: id,
          message: {
            what: `when the other end closes, nothing closes this ${wait.kind}`,
            why: '`allowHalfOpen` leaves the own half to the program: the socket stays in CLOSE-WAIT, with its descriptor, until the process ends',
            remedy: 'call `end()` on it when it emits `end`, or leave the option out',
          },
          steps: [
            { path, span: acquisitionSpan(call), label: `the ${wait.kind} starts here` },
            ...(isOwn ? [{ path, span: lineSpan(option.parent), label: 'stays open when the other end closes' }] : []),
          ],
          confidence: 'likely',
        },
      );
      if (found) report(found);
    }
  },
};

/** `if (secure) socket = tls.connect(o); else socket = net.connect(o);`: one socket, told of once. */
function isOtherBranch({ call }: JudgedWait, waits: readonly JudgedWait[]): boolean {
  const branch = branchOf(call);
  if (!branch) return false;
  return waits.some(({ call: other, missing }) => {
    const first = missing.length > 0 && other.pos < call.pos ? branchOf(other) : undefined;
    return first?.target === branch.target && first.choice === branch.choice;
  });
}

/** What a choice assigns to or returns as, and the choice. */
function branchOf(call: JudgedWait['call']): { readonly target: string; readonly choice: ts.Node } | undefined {
  const { parent } = unstrip(call);
  if (ts.isConditionalExpression(parent)) return { target: 'value', choice: parent };
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const choice = ts.findAncestor(parent, ts.isIfStatement);
  return choice?.elseStatement && { target: parent.left.getText(), choice };
}

/** A connection that is bounded while it is made may be meant to be silent afterwards. */
function confidenceOf({ call, missing, wait }: JudgedWait): Confidence | undefined {
  if (wait.value?.accepted !== undefined && isHandedOver(call)) return 'possible';
  const isIdleOnly = missing.length === 1 && missing[0] === 'idle';
  return isIdleOnly && wait.phases.length > 1 ? 'possible' : 'likely';
}

const words: Readonly<Partial<Record<WaitPhase, string>>> = {
  connect: 'on connecting',
  handshake: 'on its handshake',
  idle: 'on silence',
};

function phases(missing: readonly WaitPhase[]): string {
  return missing.map((phase) => words[phase] ?? `on its ${phase}`).join(' and none ');
}
