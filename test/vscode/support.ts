import assert from 'node:assert/strict';
import {
  type CodeAction,
  commands,
  type Diagnostic,
  DiagnosticSeverity,
  extensions,
  type Hover,
  languages,
  type Position,
  Range,
  type TextDocument,
  Uri,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';

export const rule = 'unreturned-pool-get';

/** One leak, at `connect` in its sixth line; two ways out miss the release. */
export const leakyFile = `import { Pool } from 'pg';

const pool = new Pool();

export async function nameOf(id: string): Promise<string | undefined> {
  const client = await pool.connect();
  const { rows } = await client.query('select name from people where id = $1', [id]);
  if (rows.length === 0) return undefined;
  client.release();
  return rows[0].name;
}
`;

/** What the extension shows of itself. */
interface Api {
  readonly status: { readonly text: string; readonly detail: string; readonly busy: boolean };
  readonly serverPid: number | undefined;
}

/** The extension, activated. */
export async function extension(): Promise<Api> {
  const found = extensions.getExtension<Api>('leakproof.leakproof');
  assert.ok(found, 'the extension is not installed');
  return found.activate();
}

/**
 * Asks again until there is an answer. Editors settle in their own time, and a question that is asked while another
 * extension registers itself is cancelled.
 */
export async function eventually<T>(what: string, ask: () => T | undefined | PromiseLike<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (let last: unknown; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) assert.fail(`${what} did not happen${last ? `: ${last}` : ''}`);
  }
}

/** The place of a file in one of the workspace's folders. */
export function place(folder: string, path: string): Uri {
  const found = workspace.workspaceFolders?.find(({ name }) => name === folder);
  assert.ok(found, `there is no folder ${folder}`);
  return Uri.joinPath(found.uri, path);
}

/** Writes a file to the disk, as another program would. */
export async function write(folder: string, path: string, text: string): Promise<Uri> {
  const uri = place(folder, path);
  await workspace.fs.writeFile(uri, Buffer.from(text));
  return uri;
}

/** Writes a file and shows it. */
export async function open(folder: string, path: string, text: string): Promise<TextDocument> {
  await extension();
  const document = await workspace.openTextDocument(await write(folder, path, text));
  // A preview would be closed by the next one, and its findings with it.
  await window.showTextDocument(document, { preview: false });
  return document;
}

/** Replaces the text of an open document, as typing would. */
export async function retype(document: TextDocument, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), text);
  assert.ok(await workspace.applyEdit(edit));
}

/** What our server says of a file, hints included. */
export function ours(uri: Uri): readonly Diagnostic[] {
  return languages.getDiagnostics(uri).filter(({ source }) => source === 'leakproof');
}

/** Waits until a file has as many leaks as it should have. */
export function leaksIn(uri: Uri, count: number): Promise<readonly Diagnostic[]> {
  const leaks = () => ours(uri).filter(({ severity }) => severity !== DiagnosticSeverity.Hint);
  return eventually(`${count} leaks in ${workspace.asRelativePath(uri)}`, () => {
    const found = leaks();
    return found.length === count ? found : undefined;
  }).catch((error: Error) => {
    const said = languages.getDiagnostics(uri).map(({ source, message }) => `${source}: ${message}`);
    throw new Error(`${error.message}; there is ${said.length === 0 ? 'nothing' : said.join('\n')}`);
  });
}

/** The code actions of ours at a range, with their edits. */
export function actionsAt(uri: Uri, range: Range, title: RegExp): Promise<CodeAction> {
  return eventually(`a code action ${title}`, async () => {
    const all = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
      undefined,
      20,
    );
    return all.find((action) => title.test(action.title));
  });
}

/** The hover at a place that says these words. */
export async function hoverWith(words: string, uri: Uri, at: Position): Promise<string | undefined> {
  const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, at);
  const contents = hovers.flatMap((it) => it.contents).map((it) => (typeof it === 'string' ? it : it.value));
  return contents.find((it) => it.includes(words));
}

/** Does what choosing a code action does. */
export async function apply(action: CodeAction): Promise<void> {
  if (action.edit) assert.ok(await workspace.applyEdit(action.edit));
  if (action.command) await commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
}

/** The code of a diagnostic, with or without a link. */
export function codeOf({ code }: Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}
