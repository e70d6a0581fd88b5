import { URI } from 'vscode-uri';
import { toPortable } from '../project/files/paths.ts';

/** The absolute portable path of a document; `undefined` when it lies in no file system. */
export function pathOf(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' ? toPortable(parsed.fsPath) : undefined;
}

/** The URI of a path, as this server spells it. */
export function uriOf(path: string): string {
  return URI.file(path).toString();
}
