import type { FileOptions } from '../../analysis/options.ts';
import { ConfigResolver } from '../config/resolver.ts';
import { expand } from '../files/expand.ts';
import { absolute } from '../files/paths.ts';
import { isDeclarationFile, isSourceFile } from '../files/sourceKinds.ts';
import type { CheckRequest } from './protocol.ts';
import type { RunLog } from './runLog.ts';
import type { Session } from './session.ts';

/** The files of a run. */
export interface Targets {
  readonly options: ReadonlyMap<string, FileOptions>;
  /** Those that were named on the command line themselves. */
  readonly named: ReadonlySet<string>;
}

/** Finds the files that a request means and what governs them; everything left out goes to the log. */
export async function findTargets(request: CheckRequest, session: Session, log: RunLog): Promise<Targets> {
  const { files, named } = await findFiles(request, session, log);
  const { cwd, config, preset } = request;
  const resolver = new ConfigResolver({ cwd, config, preset, packages: session.packages });
  const options = new Map<string, FileOptions>();
  const broken = new Map<string, number>();
  for (const path of files) {
    const governed = resolver.resolve(path);
    if ('options' in governed) {
      options.set(path, governed.options);
    } else if ('ignoredBy' in governed) {
      log.skipped(path, `ignored by ${governed.ignoredBy}`);
      if (named.has(path)) log.warning(path, `named, but ignored by ${governed.ignoredBy}`);
    } else {
      broken.set(governed.broken, (broken.get(governed.broken) ?? 0) + 1);
    }
  }
  for (const { path, message } of resolver.problems()) {
    const files = broken.get(path) ?? 0;
    log.error(
      path,
      files === 0 ? message : `${message} (${files} ${files === 1 ? 'file' : 'files'} not analysed)`,
      true,
    );
  }
  return { options, named };
}

async function findFiles(
  request: CheckRequest,
  session: Session,
  log: RunLog,
): Promise<{ files: readonly string[]; named: ReadonlySet<string> }> {
  const { cwd, stdin, paths, gitIgnore, errorOnUnmatched } = request;
  if (stdin !== undefined) {
    const path = absolute(cwd, stdin.path);
    session.files.lookAt([], gitIgnore);
    if (isDeclarationFile(path)) log.skipped(path, 'declaration file');
    else if (!isSourceFile(path)) log.error(path, 'is no JavaScript or TypeScript file', true);
    if (!isSourceFile(path)) return { files: [], named: new Set() };
    await session.overlay(new Map([[path, stdin.text]]));
    return { files: [path], named: new Set([path]) };
  }
  const expansion = expand(paths, { cwd, gitIgnore, errorOnUnmatched });
  session.files.lookAt(expansion.directories, gitIgnore);
  for (const { path, note } of expansion.skipped) log.skipped(path, note);
  for (const { path, note } of expansion.errors) log.error(path, note, false);
  for (const { path, note } of expansion.unusable) log.error(path, note, true);
  for (const { path, note } of expansion.warnings) log.warning(path, note);
  return { files: expansion.files, named: expansion.named };
}
