import type { Host } from '../host.ts';
import { importersOf } from './importers.ts';

const copy = /^(.+?)(?:[._-](?:backup|bak|old|orig)| copy)(\.[cm]?[jt]sx?)$/i;

/** Whether a file is what somebody kept of another one, which lies beside it under the plain name, and nobody imports it. */
export function isLaidAside(host: Host, path: string): boolean {
  const [, stem, extension] = copy.exec(path) ?? [];
  if (stem === undefined || extension === undefined || host.read(stem + extension) === undefined) return false;
  return importersOf(host, path).others.length === 0;
}
