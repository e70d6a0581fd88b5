import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  linkSync,
  lstatSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readRegularFile } from '../files/regularFile.ts';
import { describeError } from '../files/systemErrors.ts';

/** A file as it is to become. Texts are without byte order mark. */
export interface PlannedFile {
  readonly path: string;
  /** The text that was analysed; `undefined`: the file is to be created. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface Failure {
  readonly path: string;
  readonly message: string;
}

interface Staged {
  readonly path: string;
  readonly temporary: string;
  /** The bytes to go back to; `undefined`: the file did not exist. */
  readonly original: Buffer | undefined;
}

const byteOrderMark = '\uFEFF';
let counter = 0;

/**
 * Writes all of the files or none. Each is written beside its target and renamed, so that nobody ever sees half a file;
 * mode, owner and byte order mark stay, and a link stays a link. A file that is not as it was analysed is left alone.
 */
export function commit(files: readonly PlannedFile[]): Failure | undefined {
  const staged: Staged[] = [];
  const done: Staged[] = [];
  for (const file of files) {
    const outcome = attempt(file.path, () => stage(file));
    if ('message' in outcome) {
      discard(staged);
      return outcome;
    }
    staged.push(outcome);
  }
  for (const file of staged) {
    const outcome = attempt(file.path, () => put(file));
    if ('message' in outcome) {
      discard(staged);
      takeBack(done);
      return outcome;
    }
    done.push(file);
  }
  return undefined;
}

class Refused extends Error {}

function attempt<T extends object>(path: string, work: () => T): T | Failure {
  try {
    return work();
  } catch (error) {
    const message = error instanceof Refused ? error.message : `cannot be written: ${describeError(error)}`;
    return { path, message: `not fixed: ${message}` };
  }
}

function stage({ path, before, after }: PlannedFile): Staged {
  if (before === undefined) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw new Refused('the file exists already');
    return { path, temporary: writeTemporary(path, after, undefined), original: undefined };
  }
  const target = realpathSync(path);
  accessSync(target, constants.W_OK);
  const file = readRegularFile(target);
  if (!('bytes' in file)) throw new Refused('the file changed on disk meanwhile');
  const text = file.bytes.toString('utf8');
  const bom = text.startsWith(byteOrderMark) ? byteOrderMark : '';
  if (text !== bom + before) throw new Refused('the file changed on disk meanwhile');
  if (!Buffer.from(text).equals(file.bytes)) throw new Refused('the file is not valid UTF-8');
  const temporary = writeTemporary(target, bom + after, statSync(target));
  return { path: target, temporary, original: file.bytes };
}

function writeTemporary(target: string, content: string | Buffer, like: Stats | undefined): string {
  counter++;
  const temporary = join(dirname(target), `.${basename(target)}.leakproof-${process.pid}-${counter}.tmp`);
  writeFileSync(temporary, content, { flag: 'wx' });
  if (like === undefined) return temporary;
  try {
    chownSync(temporary, like.uid, like.gid);
  } catch {
    // Only root may give files away; for everybody else the new file is theirs, as the old one was.
  }
  chmodSync(temporary, like.mode & 0o7777);
  return temporary;
}

function put({ path, temporary, original }: Staged): Staged {
  if (original === undefined) {
    // Unlike a rename, a link never takes the place of a file that came into being meanwhile.
    linkSync(temporary, path);
    rmSync(temporary);
  } else {
    renameSync(temporary, path);
  }
  return { path, temporary, original };
}

function discard(staged: readonly Staged[]): void {
  for (const { temporary } of staged) rmSync(temporary, { force: true });
}

function takeBack(done: readonly Staged[]): void {
  for (const { path, original } of done) {
    if (original === undefined) rmSync(path, { force: true });
    else renameSync(writeTemporary(path, original, statSync(path)), path);
  }
}
