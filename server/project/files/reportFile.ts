import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describeError } from './systemErrors.ts';

/** Writes a report, with the directories it needs; answers why that failed. */
export function writeReport(cwd: string, file: string, text: string): string | undefined {
  const path = resolve(cwd, file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}
