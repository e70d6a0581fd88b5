import { EngineClient } from '../../project/engine/engineClient.ts';
import type { CheckOutcome, CheckRequest } from '../../project/engine/protocol.ts';
import { writeReport } from '../../project/files/reportFile.ts';
import type { CheckOptions } from '../checkOptions.ts';
import type { Environment } from '../environment.ts';
import { exitStatus } from '../exitStatus.ts';
import { onInterrupt } from '../interrupt.ts';
import { createPaint } from '../paint.ts';
import { createProgressLine } from '../progress.ts';
import { remarks } from '../remarks.ts';
import { reporters } from '../reporters/index.ts';
import { patchText } from '../reporters/patch.ts';
import { type ReportContext, reporterNeeds } from '../reporters/reporter.ts';
import { summary } from '../reporters/summary.ts';
import { readStdin } from '../stdin.ts';

/** Runs `check` and answers the exit status. */
export async function check(options: CheckOptions, environment: Environment): Promise<number> {
  const stdin =
    options.stdinFilename === undefined ? undefined : { path: options.stdinFilename, text: await readStdin() };
  const progress = createProgressLine(options.progress, process.stderr);
  const client = new EngineClient(environment.workerUrl, (event) => progress.show(event));
  const interrupt = onInterrupt(() => client.cancel());
  let outcome: CheckOutcome | undefined;
  try {
    outcome = await client.check(checkRequest(options, stdin, environment.cwd));
  } catch (error) {
    // A run that was interrupted may end in any way.
    if (interrupt.signal === undefined) throw error;
  } finally {
    await client.close();
    progress.clear();
    interrupt.release();
  }
  if (outcome !== undefined && interrupt.signal === undefined) return report(outcome, options, environment);
  environment.streams.err('leakproof: interrupted\n');
  interrupt.pass();
  return 2;
}

function checkRequest(options: CheckOptions, stdin: CheckRequest['stdin'], cwd: string): CheckRequest {
  const needs = options.formats.map(({ format }) => reporterNeeds[format]);
  return {
    cwd,
    paths: options.paths,
    gitIgnore: options.gitIgnore,
    errorOnUnmatched: options.errorOnUnmatched,
    stdin,
    config: options.config,
    preset: options.preset,
    types: options.types,
    fix: options.fix === 'none' ? undefined : { mode: options.fix, dryRun: options.dryRun },
    listFixes: needs.some(({ fixes }) => fixes),
    sources: needs.some(({ sources }) => sources),
  };
}

function report(outcome: CheckOutcome, options: CheckOptions, environment: Environment): number {
  const { streams, cwd, version } = environment;
  const shown = options.quiet ? errorsOnly(outcome) : outcome;
  const hidden = outcome.findings.length - shown.findings.length;
  const base = { cwd, version, timing: options.timing };
  const onScreen = (stream: NodeJS.WriteStream): ReportContext => ({
    ...base,
    paint: createPaint(options.color, stream),
    width: Math.min(stream.columns ?? 120, 160),
  });
  let status: number = exitStatus(outcome, options);
  if (options.dryRun) streams.out(patchText(outcome.fixes?.changes ?? [], cwd));
  streams.err(remarks(outcome, options, onScreen(process.stderr)));
  for (const { format, file } of options.formats) {
    if (file === undefined) {
      streams.out(reporters[format](shown, onScreen(process.stdout)));
      if (format === 'stylish') streams.err(summary(shown, hidden, onScreen(process.stderr)));
      continue;
    }
    const context = {
      ...base,
      paint: createPaint(options.color === 'always' ? 'always' : 'never', undefined),
      width: 120,
    };
    const text = reporters[format](shown, context) + (format === 'stylish' ? summary(shown, hidden, context) : '');
    const failure = writeReport(cwd, file, text);
    if (failure !== undefined) {
      streams.err(`leakproof: cannot write ${file}: ${failure}\n`);
      status = 2;
    }
  }
  return status;
}

function errorsOnly(outcome: CheckOutcome): CheckOutcome {
  return { ...outcome, findings: outcome.findings.filter((finding) => finding.severity === 'error') };
}
