import type { FileOptions } from '../../analysis/options.ts';
import type { FileResult } from '../../analysis/result.ts';
import { LineMap } from '../files/lineMap.ts';
import type { FixRun } from '../fix/applyFixes.ts';
import { findCandidates } from './candidates.ts';
import { lookUp } from './lookUp.ts';
import { summarise } from './outcome.ts';
import type { EngineParts } from './parts.ts';
import type { CheckOutcome, CheckRequest, FixSummary } from './protocol.ts';
import { RunLog, Stopwatch } from './runLog.ts';
import { Session, type ThreadControl } from './session.ts';
import { findTargets, type Targets } from './targets.ts';

/** Runs one `check` from the paths to the located findings. A fault in one file becomes an entry in `errors`. */
export async function runCheck(
  request: CheckRequest,
  parts: EngineParts,
  control: ThreadControl,
): Promise<CheckOutcome> {
  const session = new Session(parts, request.types, control);
  try {
    return await run(request, parts, session);
  } finally {
    session.close();
  }
}

async function run(request: CheckRequest, parts: EngineParts, session: Session): Promise<CheckOutcome> {
  const log = new RunLog();
  const stopwatch = new Stopwatch();
  stopwatch.phase('files');
  const targets = await findTargets(request, session, log);
  stopwatch.phase('pre-filter');
  const files = await candidatesAmong(targets, parts, session, log);
  stopwatch.phase('check');
  const check = (stale: ReadonlyMap<string, FileOptions>): Promise<Map<string, FileResult>> =>
    checkAll(stale, targets.named, { session, log, stopwatch });
  const checked = await check(files);
  stopwatch.phase(request.fix === undefined ? undefined : 'fix');
  const { summary, results } = await fix(request, { session, log, check, files, results: checked });
  stopwatch.phase(undefined);
  stopwatch.add('types, within the others', session.types?.milliseconds ?? 0);
  reportTypes(request, session, log);
  return summarise({ request, session, log, stopwatch, seen: targets.options.size, results, fixes: summary });
}

type Checked = Omit<FixRun, 'request' | 'locate'>;

/** Applies fixes where they are wanted. */
async function fix(
  { fix }: CheckRequest,
  checked: Checked,
): Promise<{ summary: FixSummary | undefined; results: ReadonlyMap<string, FileResult> }> {
  if (fix === undefined) return { summary: undefined, results: checked.results };
  const { applyFixes } = await import('../fix/applyFixes.ts');
  const { store } = checked.session;
  return await applyFixes({
    ...checked,
    request: fix,
    locate: (path, offset) => new LineMap(store.text(path) ?? '').position(offset),
  });
}

async function candidatesAmong(
  { options, named }: Targets,
  parts: EngineParts,
  session: Session,
  log: RunLog,
): Promise<Map<string, FileOptions>> {
  const optionsFor = (path: string): FileOptions => lookUp(options, path);
  const models = [...new Set([...options.values()].flatMap((each) => each.models))];
  const paths = await findCandidates([...options.keys()], {
    store: session.store,
    options: optionsFor,
    matches: parts.createPrefilter(models, []),
    analysis: () => session.analysis(),
    cancelled: session.control.cancelled,
    skipped: (path, reason) => {
      log.skipped(path, reason);
      if (named.has(path)) log.warning(path, `named, but skipped: ${reason}`);
    },
    failed: (path, message) => log.error(path, message, named.has(path)),
    crashed: (path, error) => log.crash(path, error, named.has(path)),
    progress: (done, total) => session.control.progress({ phase: 'Reading', done, total }),
  });
  return new Map(paths.map((path) => [path, optionsFor(path)]));
}

/** Checks each file; what goes wrong inside one of them does not touch the others. */
async function checkAll(
  files: ReadonlyMap<string, FileOptions>,
  named: ReadonlySet<string>,
  { session, log, stopwatch }: { session: Session; log: RunLog; stopwatch: Stopwatch },
): Promise<Map<string, FileResult>> {
  const results = new Map<string, FileResult>();
  if (files.size === 0) return results;
  const analysis = await session.analysis();
  for (const [path, options] of files) {
    if (session.control.cancelled()) break;
    session.control.progress({ phase: 'Checking', done: results.size, total: files.size });
    try {
      results.set(
        path,
        stopwatch.file(path, () => analysis.check(path, options)),
      );
    } catch (error) {
      log.crash(path, error, named.has(path));
    }
  }
  return results;
}

function reportTypes(request: CheckRequest, session: Session, log: RunLog): void {
  for (const { path, message } of session.types?.problems() ?? []) log.error(path, message, false);
  if (request.types === 'required' && session.types?.backend === 'none') {
    log.error(request.cwd, 'types are required (--types=required), but no type back-end could be started', true);
  }
}
