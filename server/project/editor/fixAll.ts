import type { FileOptions } from '../../analysis/options.ts';
import type { FileResult } from '../../analysis/result.ts';
import type { FileChange } from '../engine/protocol.ts';
import { RunLog } from '../engine/runLog.ts';
import type { Session } from '../engine/session.ts';
import { LineMap } from '../files/lineMap.ts';
import { applyFixes } from '../fix/applyFixes.ts';
import type { EditAnswer, LocatedFileEdit } from './protocol.ts';

/** Applies all safe fixes of a file to a copy, in passes, and answers the difference. The session ends as it was. */
export async function fixAllSafe(session: Session, result: FileResult, options: FileOptions): Promise<EditAnswer> {
  const { path } = result;
  const { store, control } = session;
  const unsaved = store.unsavedTexts();
  const files = new Map([[path, options]]);
  const check = async (stale: ReadonlyMap<string, FileOptions>): Promise<Map<string, FileResult>> => {
    const analysis = await session.analysis();
    return new Map([...stale].map(([each, its]) => [each, analysis.check(each, its)]));
  };
  try {
    const { summary } = await applyFixes({
      request: { mode: 'safe', dryRun: true },
      session,
      log: new RunLog(),
      files,
      results: new Map([[path, result]]),
      check,
      locate: (each, offset) => new LineMap(store.text(each) ?? '').position(offset),
    });
    if (control.cancelled()) return { refused: 'cancelled' };
    if (summary.changes.length === 0) return { refused: summary.refused[0]?.reason ?? 'there is no safe fix' };
    return { files: summary.changes.map(difference) };
  } finally {
    const touched = [...store.unsavedTexts()].filter(([each, text]) => unsaved.get(each) !== text);
    await session.edited(new Map(touched.map(([each]) => [each, unsaved.get(each)])));
  }
}

/** The one edit that makes one text of the other: editors keep marks and folds outside it. */
function difference(change: FileChange): LocatedFileEdit {
  const { path, before = '', after } = change;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  // Never between the halves of a line end.
  if (before[start - 1] === '\r') start--;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  if (before[before.length - tail] === '\n' && before[before.length - tail - 1] === '\r') tail--;
  const lines = new LineMap(before);
  const end = before.length - Math.max(0, tail);
  const text = after.slice(start, after.length - Math.max(0, tail));
  return {
    path,
    create: change.before === undefined,
    edits: [{ start: lines.position(start), end: lines.position(end), text }],
  };
}
