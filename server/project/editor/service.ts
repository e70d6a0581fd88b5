import type { Analysis } from '../../analysis/check.ts';
import type { WorkspaceEdit } from '../../analysis/edit.ts';
import type { FileOptions } from '../../analysis/options.ts';
import type { FileResult } from '../../analysis/result.ts';
import { Locator } from '../engine/locate.ts';
import type { EngineParts } from '../engine/parts.ts';
import { Session, type ThreadControl } from '../engine/session.ts';
import { within } from '../files/paths.ts';
import { isSourceFile } from '../files/sourceKinds.ts';
import { stampOnDisk } from '../files/stamp.ts';
import { impossible } from '../fix/edits.ts';
import { fixAllSafe } from './fixAll.ts';
import { FolderIndex } from './folderIndex.ts';
import { Governance, type Ruling } from './governance.ts';
import { acquisitionNotes, locatedEdits, suppressionNotes } from './located.ts';
import type { Changes, EditAnswer, EditorTasks, FileReport, FileTask, Scope, TaskKind } from './protocol.ts';

type Handlers = { readonly [K in TaskKind]: (input: EditorTasks[K]['in']) => Promise<EditorTasks[K]['out']> };

interface Kept {
  readonly result: FileResult;
  readonly options: FileOptions;
  /** The state of the world that the result was computed in. */
  readonly revision: number;
  readonly typed: boolean;
}

const projectFile =
  /(?:^|\/)(?:[jt]sconfig[^/]*\.json|package(?:-lock)?\.json|yarn\.lock|pnpm-[^/]+\.yaml|bun\.lockb?)$/;

/** The engine as an editor uses it: one session that lives on while texts change. Runs inside the worker. */
export class EditorService {
  readonly handlers: Handlers;
  readonly #parts: EngineParts;
  readonly #session: Session;
  readonly #governance: Governance;
  readonly #indexes = new Map<string, FolderIndex>();
  readonly #kept = new Map<string, Kept>();
  /** Projects, by the directory of a file, whose types have answered once: they will not keep anybody waiting. */
  readonly #warm = new Set<string>();
  #revision = 0;

  constructor(parts: EngineParts, control: ThreadControl) {
    this.#parts = parts;
    this.#session = new Session(parts, 'auto', { ...control, longLived: true });
    this.#governance = new Governance(this.#session.packages);
    this.handlers = {
      check: (input) => this.#check(input),
      fixes: (input) => this.#fixes(input),
      resolve: (input) => this.#resolve(input),
      fixAll: (input) => this.#fixAll(input),
      suppression: (input) => this.#suppression(input),
      index: (input) => this.#index(input.scope, input.budgetMs),
      candidates: (input) => this.#candidates(input),
    };
  }

  /** Brings the session up to date with the editor and the disk. */
  async apply({ texts, disk: told }: Changes): Promise<void> {
    if (texts.length === 0 && told.length === 0) return;
    const indexes = [...this.#indexes.values()];
    // A folder that comes or goes takes its files along.
    const disk = told.flatMap((path) =>
      path.includes('.', path.lastIndexOf('/')) ? path : [path, ...indexes.flatMap((index) => index.filesIn(path))],
    );
    this.#revision++;
    await this.#session.edited(new Map(texts));
    // Whether a file came or went cannot be told apart here; what resolves to what is looked up again.
    if (disk.length > 0) await this.#session.reread(disk);
    if (disk.some((path) => projectFile.test(path))) await this.#session.reconfigure();
    const ruled = disk.some((path) => this.#governance.listensTo(path));
    if (ruled || disk.some((path) => projectFile.test(path))) this.#governance.forget();
    for (const index of indexes) {
      if (ruled) index.restart();
      // What is open is looked at when it is checked.
      const closed = texts.flatMap(([path, text]) => (text === undefined ? [path] : []));
      for (const path of [...closed, ...disk]) if (isSourceFile(path)) index.changed(path);
    }
  }

  /** Called when a task was cut off: nothing half done may be left. */
  async recover(): Promise<void> {
    this.#kept.clear();
    await this.#session.recover();
  }

  close(): void {
    this.#session.close();
  }

  async #check({ path, scope, types }: EditorTasks['check']['in']): Promise<FileReport> {
    const started = performance.now();
    const ruling = this.#governance.rule(path, scope);
    const configProblems = this.#governance.problems().filter((problem) => problem.path === ruling.configPath);
    const base = { path, configPath: ruling.configPath, configProblems };
    const nothing = { findings: [], suppressionNotes: [], acquisitions: [], remarks: [] };
    const end = () => ({ durationMs: performance.now() - started });
    const backend = this.#session.types?.backend ?? 'none';
    if ('reason' in ruling) {
      return { ...base, ...nothing, reason: ruling.reason, broken: ruling.broken, backend, ...end() };
    }
    const read = this.#session.store.peek(path);
    if (!('text' in read)) {
      const reason = 'skip' in read ? read.skip : read.error;
      return { ...base, ...nothing, reason, broken: false, backend, ...end() };
    }
    const index = this.#indexOf(scope);
    if (this.#kept.get(path)?.revision !== this.#revision) this.#session.types?.expect(path);
    const accepted = index.accepts(read.text, ruling.options);
    index.checked(path, accepted);
    if (!accepted) {
      this.#kept.delete(path);
      return { ...base, ...nothing, reason: null, broken: false, backend, ...end() };
    }
    const { result, typed } = await this.#result(path, ruling.options, scope, types === 'wait');
    const locator = new Locator((file) => this.#session.store.text(file));
    const shown = result.findings.filter(({ suppressed }) => suppressed === undefined);
    // Without types, only what needs none is shown.
    const findings = typed ? shown : shown.filter(({ confidence }) => confidence === 'proven');
    return {
      ...base,
      reason: null,
      broken: false,
      findings: findings.map((finding) => locator.finding(finding, [])),
      suppressionNotes: suppressionNotes(typed ? result.suppressionProblems : [], locator, path),
      acquisitions: acquisitionNotes(result, ruling.options, locator),
      backend: typed ? (this.#session.types?.available ?? 'none') : 'pending',
      remarks: (this.#session.types?.problems() ?? []).map((problem) => `${problem.path}: ${problem.message}`),
      ...end(),
    };
  }

  /** Checks a file, unless nothing has changed since it was checked. */
  async #result(path: string, options: FileOptions, scope: Scope, wait: boolean): Promise<Kept> {
    const kept = this.#kept.get(path);
    const directory = path.slice(0, path.lastIndexOf('/'));
    const typed = wait || this.#warm.has(directory);
    if (kept !== undefined && kept.revision === this.#revision && kept.options === options && (kept.typed || !typed)) {
      return kept;
    }
    await this.#session.holdTypes(!typed);
    const analysis = await this.#session.analysis();
    const result = analysis.check(path, options);
    if (typed) this.#warm.add(directory);
    this.#indexOf(scope).learn(analysis.acquiringExports(path, options));
    const fresh = { result, options, revision: this.#revision, typed };
    // Nobody asks for the fixes of a file that is not open, and its tree is large.
    if (this.#session.store.unsaved(path) !== undefined) this.#kept.set(path, fresh);
    return fresh;
  }

  async #checked({ path, scope }: FileTask, wait: boolean): Promise<Kept | undefined> {
    const ruling: Ruling = this.#governance.rule(path, scope);
    if (!('options' in ruling) || this.#session.store.text(path) === undefined) return undefined;
    return await this.#result(path, ruling.options, scope, wait);
  }

  async #fixes({ fingerprints, ...file }: EditorTasks['fixes']['in']): Promise<EditorTasks['fixes']['out']> {
    const checked = await this.#checked(file, false);
    const wanted = new Set(fingerprints);
    const findings = checked?.result.findings.filter(({ fingerprint }) => wanted.has(fingerprint)) ?? [];
    return Object.fromEntries(
      findings.map((finding) => [
        finding.fingerprint,
        finding.fixes.filter((fix) => fix.build() !== undefined).map(({ title, safety }) => ({ title, safety })),
      ]),
    );
  }

  async #resolve({ fingerprint, title, ...file }: EditorTasks['resolve']['in']): Promise<EditAnswer> {
    // Trees of other files may have been let go since the file was checked: what was found then is found anew.
    for (const isLast of [false, true]) {
      const checked = await this.#checked(file, true);
      const finding = checked?.result.findings.find((each) => each.fingerprint === fingerprint);
      const fix = finding?.fixes.find((each) => each.title === title);
      if (fix === undefined || checked === undefined) break;
      // The index may have worked without types meanwhile.
      await this.#session.holdTypes(false);
      const resolved = (await this.#session.analysis()).resolveFix(file.path, checked.options, fix);
      if ('edit' in resolved) return this.#answer(resolved.edit);
      if (isLast || !resolved.stale) return { refused: resolved.refused };
      this.#kept.delete(file.path);
    }
    return { refused: 'the finding is gone' };
  }

  #answer(edit: WorkspaceEdit): EditAnswer {
    const { store } = this.#session;
    const refused = impossible(edit, store);
    return refused === undefined ? { files: locatedEdits(edit, store) } : { refused };
  }

  async #fixAll(file: FileTask): Promise<EditAnswer> {
    const checked = await this.#checked(file, true);
    if (checked === undefined) return { refused: 'the file is not analysed' };
    await this.#session.holdTypes(false);
    const answer = await fixAllSafe(this.#session, checked.result, checked.options);
    // The session saw other texts meanwhile.
    this.#revision++;
    return answer;
  }

  async #suppression({ fingerprint, location, ...file }: EditorTasks['suppression']['in']) {
    const checked = await this.#checked(file, false);
    const finding = checked?.result.findings.find((each) => each.fingerprint === fingerprint);
    const text = this.#session.store.text(file.path);
    if (finding === undefined || text === undefined) return { refused: 'the finding is gone' };
    const { fileSuppressionEdit, suppressionEdit } = await import('./suppression.ts');
    return {
      edit: location === 'file' ? fileSuppressionEdit(text, finding) : suppressionEdit(file.path, text, finding),
    };
  }

  async #index(scope: Scope, budgetMs: number): Promise<EditorTasks['index']['out']> {
    const index = this.#indexOf(scope);
    const until = performance.now() + budgetMs;
    const wasDone = index.done;
    await index.work(() => performance.now() < until, this.#session.control.cancelled);
    if (index.done && !wasDone) await this.#session.release(index.candidates);
    return { done: index.done, names: index.size };
  }

  async #candidates({ scope, afresh }: EditorTasks['candidates']['in']): Promise<EditorTasks['candidates']['out']> {
    const index = this.#indexOf(scope);
    if (afresh) {
      this.#governance.forget();
      await this.apply({ texts: [], disk: index.outdated() });
    }
    await index.work(() => true, this.#session.control.cancelled);
    const problems = this.#governance.problems().filter((problem) => within(scope.root, problem.path) !== undefined);
    // A document may be open whose file is gone.
    const exists = (path: string) => this.#session.store.unsaved(path) === undefined || stampOnDisk(path) !== undefined;
    return { files: index.candidates.filter(exists), seen: index.seen, problems };
  }

  #indexOf(scope: Scope): FolderIndex {
    const { root } = scope;
    let index = this.#indexes.get(root);
    if (index === undefined) {
      const options = (path: string): FileOptions | undefined => {
        const ruling = this.#governance.rule(path, scope);
        return 'options' in ruling ? ruling.options : undefined;
      };
      // Names are collected as far as they need no types: opening every project of a large repository would take minutes.
      const analysis = async (): Promise<Analysis> => {
        await this.#session.holdTypes(true);
        return await this.#session.analysis();
      };
      this.#session.files.lookAt([root], true);
      index = new FolderIndex({ root, store: this.#session.store, analysis, parts: this.#parts, options });
      this.#indexes.set(root, index);
    }
    return index;
  }
}
