import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  LSPErrorCodes,
  type Range,
  ResponseError,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { EditorClient } from '../project/editor/editorClient.ts';
import type { EditAnswer, FileTask } from '../project/editor/protocol.ts';
import type { LocatedFinding } from '../project/engine/protocol.ts';
import type { Checked, Checks } from './checks.ts';
import type { ClientAbilities } from './clientAbilities.ts';
import { exitOf, findingDiagnostic, toRange } from './diagnostics.ts';
import { docsUrl } from './docs.ts';
import { pathOf } from './uris.ts';
import type { Workspace } from './workspace.ts';
import { commentEdit, workspaceEdit } from './workspaceEdits.ts';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.leakproof`;
/** Opens the page about a rule; executed by the server. */
export const docsCommand = 'leakproof.showRuleDocumentation';

/** More than that would bury the other entries of a menu. */
const mostFixes = 2;

/** What an action that was only listed remembers. */
type ActionData = { readonly uri: string; readonly version: number } & (
  | { readonly kind: 'fix'; readonly fingerprint: string; readonly title: string }
  | {
      readonly kind: 'suppress';
      readonly fingerprint: string;
      readonly reason: boolean;
      readonly location: 'line' | 'file';
    }
  | { readonly kind: 'fixAll' }
);

export interface CodeActionParts {
  readonly workspace: Workspace;
  readonly checks: Checks;
  readonly engine: EditorClient;
  readonly abilities: ClientAbilities;
}

/** Lists quick fixes quickly, and computes their edits when one is chosen. */
export class CodeActions {
  readonly #parts: CodeActionParts;

  constructor(parts: CodeActionParts) {
    this.#parts = parts;
  }

  /** The actions for a range. */
  async list({ textDocument, range, context }: CodeActionParams, signal: AbortSignal): Promise<CodeAction[]> {
    const document = this.#parts.workspace.documents.get(textDocument.uri);
    const path = pathOf(textDocument.uri);
    const { actionLiterals } = this.#parts.abilities;
    if (document === undefined || path === undefined || !actionLiterals) return [];
    const wants = (kind: string): boolean =>
      context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
    // Sources of actions are asked for by name; nobody wants them in the menu of a light bulb.
    const wantsFixAll = context.only?.some((only) => only !== '' && wants(fixAllKind) && only.startsWith('source'));
    if (!wants(CodeActionKind.QuickFix) && wantsFixAll !== true) return [];
    const checked = await this.#parts.checks.check(document, signal);
    const actions: CodeAction[] = [];
    if (wants(CodeActionKind.QuickFix)) actions.push(...(await this.#quickFixes(checked, range, signal)));
    if (wantsFixAll === true) actions.push(...(await this.#fixAll(checked, signal)));
    return this.#parts.abilities.resolveActions ? actions : await this.#inline(actions);
  }

  /** Computes the edit of an action; one that cannot be done any more says why. */
  async resolve(action: CodeAction): Promise<CodeAction> {
    const data = action.data as ActionData | undefined;
    if (data === undefined) return action;
    const outcome = await this.#edit(data);
    if ('edit' in outcome) return { ...action, edit: outcome.edit };
    if (!this.#parts.abilities.disabledActions) {
      throw new ResponseError(LSPErrorCodes.RequestFailed, outcome.refused);
    }
    return { ...action, disabled: { reason: outcome.refused } };
  }

  async #quickFixes(checked: Checked, range: Range, signal: AbortSignal): Promise<CodeAction[]> {
    const findings = checked.report.findings.filter((finding) => isTouched(finding, range));
    const first = findings[0];
    if (first === undefined) return [];
    const { file } = await this.#parts.checks.task(checked.uri, first.path);
    const fingerprints = findings.map(({ fingerprint }) => fingerprint);
    const fixes = await this.#parts.engine.run('fixes', { ...file, fingerprints }, 'answer', signal);
    const { settings, uri, version } = checked;
    const context = { settings, revision: version, uri: (path: string) => this.#parts.workspace.uri(path) };
    return findings.flatMap((finding): CodeAction[] => {
      const { fingerprint, rule } = finding;
      const diagnostics: Diagnostic[] = [findingDiagnostic(finding, context)];
      const base = { kind: CodeActionKind.QuickFix, diagnostics };
      const data = { uri, version, fingerprint };
      const listed = (fixes[fingerprint] ?? []).slice(0, mostFixes);
      const { enable, requireReason: reason, location } = settings.suppress;
      const suppress = { ...data, kind: 'suppress', reason, location } satisfies ActionData;
      const ignore = location === 'file' ? 'Ignore this rule in the file…' : 'Ignore this line…';
      return [
        ...listed.map(({ title, safety }) => ({
          ...{ ...base, title, isPreferred: safety === 'safe' },
          data: { ...data, kind: 'fix', title } satisfies ActionData,
        })),
        ...(enable ? [{ ...base, title: ignore, data: suppress }] : []),
        { ...base, title: 'Show documentation', command: documentation(rule) },
      ];
    });
  }

  async #fixAll({ uri, version, report }: Checked, signal: AbortSignal): Promise<CodeAction[]> {
    if (report.findings.length === 0) return [];
    const { file } = await this.#parts.checks.task(uri, report.path);
    const fingerprints = report.findings.map(({ fingerprint }) => fingerprint);
    const fixes = await this.#parts.engine.run('fixes', { ...file, fingerprints }, 'answer', signal);
    const anySafe = Object.values(fixes).some((each) => each.some(({ safety }) => safety === 'safe'));
    const data: ActionData = { uri, version, kind: 'fixAll' };
    return anySafe ? [{ title: 'Fix all safe leaks', kind: fixAllKind, data }] : [];
  }

  /** For clients that cannot ask for the edits later: what is refused is not offered. */
  async #inline(actions: readonly CodeAction[]): Promise<CodeAction[]> {
    const complete: CodeAction[] = [];
    for (const action of actions) {
      const { data, ...rest } = action;
      if (data === undefined) {
        complete.push(action);
        continue;
      }
      const outcome = await this.#edit(data as ActionData);
      if ('edit' in outcome) complete.push({ ...rest, edit: outcome.edit });
    }
    return complete;
  }

  async #edit(data: ActionData): Promise<{ edit: NonNullable<CodeAction['edit']> } | { refused: string }> {
    const { workspace, engine, abilities, checks } = this.#parts;
    const changed = { refused: 'The document has changed since.' };
    const document = workspace.documents.get(data.uri);
    const path = pathOf(data.uri);
    if (path === undefined || !isCurrent(document, data)) return changed;
    const { file } = await checks.task(data.uri, path);
    if (data.kind === 'suppress') {
      const { fingerprint, location } = data;
      const answer = await engine.run('suppression', { ...file, fingerprint, location }, 'answer');
      if (!isCurrent(document, data)) return changed;
      if ('refused' in answer) return refusal(answer);
      return { edit: commentEdit(answer.edit, data.reason, { path, workspace, abilities }) };
    }
    // A fix may reach into other open documents; they must still have the texts that it was made for.
    const versions = new Map(workspace.documents.all().map((each) => [each, each.version]));
    const answer = await this.#ask(data, file);
    if (!isCurrent(document, data)) return changed;
    if ('refused' in answer) return refusal(answer);
    const reached = answer.files.flatMap((each) => workspace.document(each.path) ?? []);
    if (reached.some((each) => versions.get(each) !== each.version)) return changed;
    const edit = workspaceEdit(answer.files, workspace, abilities);
    return edit === undefined ? { refused: 'This editor cannot create files.' } : { edit };
  }

  #ask(data: Exclude<ActionData, { kind: 'suppress' }>, file: FileTask): Promise<EditAnswer> {
    const { engine } = this.#parts;
    if (data.kind === 'fixAll') return engine.run('fixAll', file, 'answer');
    const { fingerprint, title } = data;
    return engine.run('resolve', { ...file, fingerprint, title }, 'answer');
  }
}

function isCurrent(document: TextDocument | undefined, { version }: ActionData): boolean {
  return document !== undefined && document.version === version;
}

function refusal({ refused }: { readonly refused: string }): { refused: string } {
  return { refused: `Not fixed: ${refused}.` };
}

/** Whether a range touches the finding or its exit. */
export function isTouched(finding: LocatedFinding, range: Range): boolean {
  const exit = exitOf(finding);
  return [toRange(finding), ...(exit === undefined ? [] : [toRange(exit)])].some(
    ({ start, end }) => !isBefore(end, range.start) && !isBefore(range.end, start),
  );
}

function isBefore(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function documentation(rule: string): NonNullable<CodeAction['command']> {
  return { title: 'Show documentation', command: docsCommand, arguments: [rule, docsUrl(rule)] };
}
