import ts from 'typescript';
import { isOfSilence, literal, remedyOf, remedyWith } from '../../bounds/deadline.ts';
import { isGrave } from '../../bounds/gravity.ts';
import { exportedInstances, unboundedInstances } from '../../bounds/instances.ts';
import { stepsOf, waitReport } from '../../bounds/report.ts';
import { letGoByTimer } from '../../bounds/settled.ts';
import { asksForHeaders, isBoundBySilence, limitFor, transferOf } from '../../bounds/transfers.ts';
import { isUnheard } from '../../bounds/unheard.ts';
import { type JudgedWait, waitsOf } from '../../bounds/waits.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { grpcStubs } from '../../resources/messaging/stubs.ts';
import { unstrip } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes, instanceFixes } from './fix.ts';
import { stubReports } from './stubs.ts';

const id = 'request-without-timeout';

export const requestWithoutTimeout: Rule = {
  id,
  family: 'sockets',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a request that nothing ends when the server does not answer',
  patterns: ['T01', 'T02', 'T05', 'T06', 'T08'],
  triggers: [grpcStubs.library],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const waits = waitsOf(file).filter(({ wait }) => wait.of === 'request');
    for (const judged of waits) {
      // A timer that only emits, or an option that is passed over, is told of by the rule about it.
      if (judged.missing.length === 0 || judged.toothless.length > 0 || judged.ignored.length > 0) continue;
      if (judged.instance || isOtherArm(judged, waits)) continue;
      const letGo = letGoByTimer(judged.call);
      const message = messageOf(judged, file);
      const found = waitReport(file, judged, {
        rule: id,
        message: letGo ? { ...message, ...left[letGo] } : message,
        steps: stepsOf(file, judged),
        ...(letGo === 'once' && { severity: 'info' as const, confidence: 'possible' as const }),
        ...(letGo === 'again' && { confidence: 'likely' as const }),
        fixes: fixes(file, judged),
      });
      if (found) report(found);
    }
    for (const found of stubReports(file)) report(found);
    const own = unboundedInstances(file, waits);
    const others = isGrave(file) ? exportedInstances(file).filter(({ call }) => own.every((o) => o.call !== call)) : [];
    for (const instance of [...own, ...others]) {
      const { first, call, count, steps } = instance;
      const found = waitReport(
        file,
        { ...first, call },
        {
          rule: id,
          message: {
            what: `no request through this instance has a timeout${count > 1 ? ` (${count} calls here)` : ''}`,
            why: first.wait.consequence,
            remedy:
              instance.preferred.length > 0
                ? remedyWith(instance.preferred, file.options.timeoutMs)
                : remedyOf(first.wait, file.options.timeoutMs),
          },
          steps,
          ...(count === 0 && { confidence: 'likely' as const }),
          fixes: instanceFixes(file, instance),
        },
      );
      if (found) report(found);
    }
  },
};

/** Whoever waits goes on: what is left is one socket, and what still calls back. */
const left = {
  once: {
    what: 'this request goes on when the timer gives up on it',
    why: 'the timer lets the caller go; the request and its socket stay, for as long as the server is silent',
  },
  again: {
    what: 'this request goes on when the timer gives up on it, and calls back a second time',
    why: 'the timer calls back and leaves the request alone: its socket stays for as long as the server is silent, and a late answer or error calls back again',
  },
};

/** `secure ? https.request(o) : http.request(o)`: one request, told of once. */
function isOtherArm({ call }: JudgedWait, waits: readonly JudgedWait[]): boolean {
  const { parent } = unstrip(call);
  if (!ts.isConditionalExpression(parent) || unstrip(call) !== parent.whenFalse) return false;
  return waits.some((other) => unstrip(other.call) === parent.whenTrue && other.missing.length > 0);
}

/** Only a body trickles, and only Node's own client gives up by itself. */
function consequenceOf({ call, wait }: JudgedWait): string {
  if (wait.patienceMs === undefined) return wait.consequence;
  const held = 'a server that accepts and never answers keeps the request, its socket and everything behind it for';
  if (isDeno(call.getSourceFile().text)) return `${held} ever`;
  return asksForHeaders(call) ? `${held} minutes` : wait.consequence;
}

const isDeno = (text: string): boolean =>
  /\bDeno\.[a-z]|\bfrom\s+['"](?:jsr:|npm:|https:\/\/(?:deno\.land|esm\.sh)\/)/.test(text);

function messageOf(judged: JudgedWait, { options, semantics }: FileAnalysis): Report['message'] {
  const { call, wait } = judged;
  const isStreamed = isBoundBySilence(judged);
  const isSized = !isStreamed && !isOfSilence(wait.preferred);
  const remedy = isStreamed
    ? `destroy it when it is silent: \`setTimeout(${literal(options.timeoutMs)}, …)\` with a handler that destroys`
    : remedyOf(wait, isSized ? limitFor(call, options.timeoutMs) : options.timeoutMs);
  const size = isSized && transferOf(call) ? ', or what the largest file may take' : '';
  // What ends it would end the process.
  const hear = isUnheard(semantics, judged) ? ', and listen for `error`: without a listener it throws' : '';
  return { what: `this ${wait.kind} has no timeout`, why: consequenceOf(judged), remedy: `${remedy}${size}${hear}` };
}
