import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { FileChange } from '../../project/engine/protocol.ts';
import { display } from '../../project/files/paths.ts';

/** The changes of a dry run as a patch for `git apply` or `patch -p1`, with paths relative to the working directory. */
export function patchText(changes: readonly FileChange[], cwd: string): string {
  return changes
    .map(({ path, before, after }) => {
      // As Git does it: without the tab, `patch` takes a name with spaces to end at the first of them.
      const shown = display(cwd, path);
      const name = shown.includes(' ') ? `${shown}\t` : shown;
      const from = before === undefined ? '/dev/null' : `a/${name}`;
      return createTwoFilesPatch(from, `b/${name}`, before ?? '', after, undefined, undefined, {
        headerOptions: FILE_HEADERS_ONLY,
      });
    })
    .join('');
}
