import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Does in a workspace what an editor does when somebody chooses a quick fix at a finding. */
export async function chooseQuickFix(workspace, { file, rule, title }) {
  const { TestClient } = await client();
  const path = join(workspace.path, file);
  const editor = await TestClient.start({ folders: [workspace.path], program: join(root, 'dist/server.mjs') });
  try {
    editor.open(path, await readFile(path, 'utf8'));
    const edit = await resolved(editor, path, { rule, title });
    for (const change of edit.documentChanges) {
      const target = fileURLToPath(change.kind === 'create' ? change.uri : change.textDocument.uri);
      if (change.kind === 'create') await writeFile(target, '', { flag: 'wx' });
      else await writeFile(target, edited(await readFile(target, 'utf8'), change.edits));
    }
  } finally {
    await editor.stop();
  }
}

/** The edit of a quick fix; asked for again when the file was checked anew in between, as an editor would. */
async function resolved(editor, path, { rule, title }, attempts = 3) {
  const findings = (await editor.settled(path)).filter(({ code }) => code === rule);
  if (findings.length === 0) throw new Error(`the editor shows no ${rule}`);
  const offers = await Promise.all(findings.map(({ range }) => editor.actions(path, range)));
  const action = offers.flat().find((it) => it.title.includes(title));
  if (!action) throw new Error(`the editor does not offer: ${title}`);
  const { edit, disabled } = await editor.resolve(action);
  if (edit) return edit;
  if (attempts === 1) throw new Error(`the editor cannot do it: ${disabled?.reason}`);
  return await resolved(editor, path, { rule, title }, attempts - 1);
}

/** The client that the tests of the language server use. */
async function client() {
  const directory = await mkdtemp(join(tmpdir(), 'leakproof-client-'));
  try {
    const outfile = join(directory, 'client.mjs');
    await bundle(root, { entry: 'test/lsp/support/client.ts', outfile });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function edited(text, edits) {
  const lines = text.split('\n');
  const offset = ({ line, character }) =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return edits
    .map(({ range, newText }) => ({ start: offset(range.start), end: offset(range.end), newText }))
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}
