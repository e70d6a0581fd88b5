import { type Pipe, uncleanedPipes } from '../../contexts/pipes.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report } from '../../finding.ts';
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
  summary: 'a `pipe` that leaves its source open when the destination ends early',
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
    severity: file.isTestCode ? 'info' : 'warning',
    confidence: early.isGuess ? 'likely' : 'proven',
    message: messageOf(pipe),
    path,
    span,
    resource: { library: 'stream', kind: holds, acquire: 'pipe' },
    witness: [
      { path, span: lineSpan(source), label: `the source, which holds a ${holds}` },
      { path, span, label: 'piped here' },
      { path, span: lineSpan(early.stage), label: `${early.by} can end this first; then nothing closes the source` },
    ],
    fixes: fixes(file, pipe),
    enclosing: qualifiedName(call),
    acquisition: `${shortText(source, 80)}.pipe`.replace(/\s+/g, ''),
  };
}

function messageOf({ source, holds, early }: Pipe): Message {
  const stage = `\`${shortText(early.stage, 30)}\``;
  return {
    what: `when ${early.by} ends ${stage} early, \`${shortText(source, 40)}\` keeps its ${holds}`,
    why: '`pipe` neither ends nor destroys a source whose destination is gone: it waits for ever, and each aborted transfer leaves one behind',
    remedy: `use \`pipeline\`, which destroys all streams when one of them fails, or destroy the source when ${stage} closes`,
  };
}
