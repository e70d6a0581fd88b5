import ts from 'typescript';
import { enclosingRoot } from '../syntax/tree.ts';
import type { Call } from './sites.ts';

const wholeFile =
  /\.\s*(?:arrayBuffer|blob)\s*\(|\bcreateWriteStream\b|\bresponseType['"]?\s*:\s*['"](?:stream|arraybuffer|blob)['"]|\bpipeline\s*\([^;]*\.(?:body|data)\b|\.body\b[^;\n]{0,20}\.\s*pipe(?:To|Through)?\s*\(/;

/** How much longer than for an answer one waits for a file. */
const longer = 6;

/**
 * Whether the answer is a file, read as bytes or sent on as a stream, as far as the code of the function shows: its size
 * tells how long that takes, and a limit for an answer would cut it off.
 */
export function isDownload(call: Call): boolean {
  const root = enclosingRoot(call);
  const from = ts.isSourceFile(root) ? call : root;
  return wholeFile.test(from.getText());
}

/** The limit to write for a request: the configured one, or a longer one for a file. */
export function limitFor(call: Call, timeoutMs: number): number {
  return isDownload(call) ? timeoutMs * longer : timeoutMs;
}
