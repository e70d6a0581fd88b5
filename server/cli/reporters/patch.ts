import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { FileChange } from '../../project/engine/protocol.ts';
import { display } from '../../project/files/paths.ts';

/** The changes of a dry run as a patch for `git apply`, with paths relative to the working directory. */
export function patchText(changes: readonly FileChange[], cwd: string): string {
  return changes
    .map(({ path, before, after }) => {
      const name = display(cwd, path);
      const from = before === undefined ? '/dev/null' : `a/${name}`;
      return createTwoFilesPatch(from, `b/${name}`, before ?? '', after, undefined, undefined, {
        headerOptions: FILE_HEADERS_ONLY,
      });
    })
    .join('');
}
