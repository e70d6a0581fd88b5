// Edit-to-diagnostic latency through the real language server over stdio. Prints milliseconds and memory as JSON.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { editsOf } from './edits.mjs';
import { treeCost } from './processes.mjs';

const [, , root, file, count] = process.argv;
const uri = pathToFileURL(file).href;
const child = spawn(process.execPath, ['dist/cli.mjs', 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
let settled;
const ready = new Promise((resolve) => {
  settled = resolve;
});
connection.onNotification('leakproof/status', (status) => {
  if (status.uri === uri && status.backend !== 'pending' && status.state !== 'busy') settled();
});
connection.onRequest('workspace/configuration', ({ items }) => items.map(() => ({})));
connection.onRequest('workspace/diagnostic/refresh', () => null);
connection.onRequest('client/registerCapability', () => null);
connection.onRequest('window/workDoneProgress/create', () => null);
connection.listen();

const capabilities = {
  textDocument: { diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false } },
  workspace: { configuration: true, diagnostics: { refreshSupport: true } },
};
const folder = pathToFileURL(root).href;
await connection.sendRequest('initialize', {
  processId: process.pid,
  rootUri: folder,
  workspaceFolders: [{ uri: folder, name: 'bench' }],
  capabilities,
});
await connection.sendNotification('initialized', {});
const diagnose = () => connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
await connection.sendNotification('textDocument/didOpen', {
  textDocument: { uri, languageId: 'typescript', version: 1, text: readFileSync(file, 'utf8') },
});
const cold = performance.now();
await diagnose();
const first = performance.now() - cold;
await ready;
// What goes on in the background changes what an edit costs: it has to be over, and its results asked for.
for (let round = 0; round < 2; round++) {
  await idle();
  await diagnose();
}

/** Resolves when the server and its compiler have done nothing for a while. */
async function idle() {
  const spent = () => [...treeCost(child.pid).cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
  for (let quiet = 0, before = spent(); quiet < 4; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = spent();
    quiet = now - before < 0.05 ? quiet + 1 : 0;
    before = now;
  }
}

const times = [];
const memory = {};
let version = 1;
for (const [index, { line, inserted }] of editsOf(file, Number(count)).entries()) {
  version += 1;
  // The last edit's line goes when the next one comes.
  const end = index === 0 ? { line, character: 0 } : { line: line + 1, character: 0 };
  const started = performance.now();
  await connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [{ range: { start: { line, character: 0 }, end }, text: inserted }],
  });
  await diagnose();
  times.push(performance.now() - started);
  if (index + 1 === 20 || index + 1 === Number(count)) memory[index + 1] = treeCost(child.pid).rss / 2 ** 20;
}
console.log(JSON.stringify({ first, times, memory }));
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
child.stdin.end();
