import type { WorkspaceEdit } from '../../analysis/edit.ts';
import type { FileOptions } from '../../analysis/options.ts';
import { libraryModels } from '../../analysis/resources/index.ts';
import type { AcquisitionRecord, FileResult, SuppressionProblem } from '../../analysis/result.ts';
import type { Locator } from '../engine/locate.ts';
import { LineMap } from '../files/lineMap.ts';
import type { SourceStore } from '../files/sourceStore.ts';
import type { AcquisitionNote, LocatedFileEdit, SuppressionNote } from './protocol.ts';

/** Places the useless suppression comments of a file. */
export function suppressionNotes(
  problems: readonly SuppressionProblem[],
  locator: Locator,
  path: string,
): readonly SuppressionNote[] {
  return problems.map(({ span, message }) => ({
    start: locator.position(path, span.start),
    end: locator.position(path, span.end),
    message,
  }));
}

/** Places the acquisitions of a file, with the words that their model has for them. */
export function acquisitionNotes(
  { path, acquisitions }: FileResult,
  { models }: FileOptions,
  locator: Locator,
): readonly AcquisitionNote[] {
  const kindOf = (record: AcquisitionRecord): string | undefined => {
    const kinds = new Set(
      [...libraryModels, ...models]
        .flatMap((model) => model.acquisitions)
        .filter(({ at }) => record.acquire === ('member' in at ? `${at.type}#${at.member}` : undefined))
        .map(({ kind }) => kind),
    );
    return kinds.size === 1 ? [...kinds][0] : undefined;
  };
  return acquisitions.map((record) => ({
    start: locator.position(path, record.span.start),
    end: locator.position(path, record.span.end),
    acquire: record.acquire,
    kind: kindOf(record),
    verdict: record.verdict,
    reason: record.reason,
  }));
}

/** Places the edits of a fix, with the line ends that each file has. */
export function locatedEdits({ files }: WorkspaceEdit, store: SourceStore): readonly LocatedFileEdit[] {
  return files.map(({ path, create, edits }) => {
    const text = create ? '' : (store.text(path) ?? '');
    const lines = new LineMap(text);
    const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
    return {
      path,
      create,
      edits: edits.map((edit) => ({
        start: lines.position(edit.start),
        end: lines.position(edit.end),
        text: edit.text.replace(/\r?\n/g, lineEnd),
      })),
    };
  });
}
