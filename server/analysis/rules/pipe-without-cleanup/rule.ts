import { type Pipe, uncleanedPipes } from '../../contexts/pipes.ts';
import { placeOf } from '../../contexts/platform.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report, Span, WitnessStep } from '../../finding.ts';
import { lineSpan } from '../../ownership/witness.ts';
import { calleeName, qualifiedName, shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';
import { heldByLent } from './lent.ts';

const id = 'pipe-without-cleanup';

export const pipeWithoutCleanup: Rule = {
  id,
  family: 'pools',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a `pipe` that leaves a stream open when the other one is gone early',
  patterns: ['P11'],
  triggers: ['pipe'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const pipe of uncleanedPipes(file.semantics, file.unit.file, heldByLent(file))) report(reportOf(file, pipe));
  },
};

function reportOf(file: FileAnalysis, pipe: Pipe): Report {
  const { path } = file.unit;
  const { call, source, early, holds } = pipe;
  const span = lineSpan(calleeName(call) ?? call);
  return {
    rule: id,
    severity: 'warning',
    // A tool that a developer runs ends soon.
    confidence: placeOf(file) === 'script' ? 'possible' : early.isGuess ? 'likely' : 'proven',
    message: messageOf(pipe),
    path,
    span,
    resource: { library: 'stream', kind: holds, acquire: 'pipe' },
    witness: witnessOf(path, span, pipe),
    fixes: fixes(file, pipe),
    enclosing: qualifiedName(call),
    acquisition: `${shortText(source, 80)}.pipe`.replace(/\s+/g, ''),
  };
}

function witnessOf(path: string, span: Span, { source, stages, holds, keeper, early }: Pipe): readonly WitnessStep[] {
  const piped = { path, span, label: 'piped here' };
  const last = stages.at(-1) ?? source;
  return keeper === 'source'
    ? [
        { path, span: lineSpan(source), label: `the source, which holds a ${holds}` },
        piped,
        { path, span: lineSpan(early.stage), label: `${early.by} can end this first; then nothing closes the source` },
      ]
    : [
        { path, span: lineSpan(source), label: `${early.by} can break this off: then it never ends` },
        piped,
        { path, span: lineSpan(last), label: `waits for the end, and keeps its ${holds}` },
      ];
}

function messageOf({ source, stages, holds, keeper, early }: Pipe): Message {
  if (keeper === 'target') {
    const target = `\`${shortText(stages.at(-1) ?? source, 40)}\``;
    return {
      what: `when ${early.by} breaks off \`${shortText(source, 30)}\`, ${target} keeps its ${holds}`,
      why: '`pipe` ends its destination only where the source ends: whoever waits for it to finish waits for ever, and each broken transfer leaves one behind',
      remedy: `use \`pipeline\`, which destroys all streams when one of them fails, or destroy ${target} when the source closes`,
    };
  }
  const stage = `\`${shortText(early.stage, 30)}\``;
  return {
    what: `when ${early.by} ends ${stage} early, \`${shortText(source, 40)}\` keeps its ${holds}`,
    why: '`pipe` neither ends nor destroys a source whose destination is gone: it waits for ever, and each aborted transfer leaves one behind',
    remedy: `use \`pipeline\`, which destroys all streams when one of them fails, or destroy the source when ${stage} closes`,
  };
}
