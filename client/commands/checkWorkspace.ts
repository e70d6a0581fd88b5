import { commands, type LogOutputChannel, ProgressLocation, Uri, window } from 'vscode';
import { WorkDoneProgress } from 'vscode-languageclient/node';
import { linkToPages } from '../documentation.ts';
import { CheckWorkspaceRequest, type WorkspaceResult } from '../server/protocol.ts';
import { setting } from '../settings.ts';
import type { CommandContext } from './commands.ts';

/** Tells runs apart: each has its own progress. */
let runs = 0;

/** Checks all files of the workspace and lists what was found. Resolves with the number of findings. */
export async function checkWorkspace({ server, findings, log }: CommandContext): Promise<number> {
  const options = {
    location: ProgressLocation.Notification,
    title: 'Leakproof: checking the workspace',
    cancellable: true,
  };
  const result = await window.withProgress(options, async (progress, token) => {
    const workDoneToken = `leakproof-check-${runs++}`;
    let reached = 0;
    const listening = server.client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind === 'end') return;
      const percentage = value.percentage ?? reached;
      progress.report({ ...(value.message && { message: value.message }), increment: percentage - reached });
      reached = percentage;
    });
    try {
      const answer = await server.request(CheckWorkspaceRequest, { workDoneToken }, token);
      return token.isCancellationRequested ? undefined : answer;
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
  if (!result) return 0;
  const items = result.items.map(async ({ uri, diagnostics }) => ({
    uri: Uri.parse(uri),
    diagnostics: await server.client.protocol2CodeConverter.asDiagnostics(diagnostics),
  }));
  const found = await Promise.all(items);
  for (const { diagnostics } of found) linkToPages(diagnostics);
  // The server tells of them by itself where it is to show all files: they would be there twice.
  findings.replace(setting<string>('scope', undefined, 'openFiles') === 'workspace' ? [] : found);
  void report(result, log);
  return result.findings;
}

async function report({ files, findings, errors }: WorkspaceResult, log: LogOutputChannel): Promise<void> {
  for (const { uri, message } of errors) log.error(`${uri}: ${message}`);
  const found = findings === 0 ? 'No leaks found' : plural(findings, 'leak');
  const failed = errors.length === 0 ? '' : ` ${plural(errors.length, 'file')} could not be checked.`;
  const problems = findings > 0 ? ['Show Problems'] : [];
  const output = errors.length > 0 ? ['Show Output'] : [];
  const message = `${found} in ${plural(files, 'file')}.${failed}`;
  const chosen = await window.showInformationMessage(message, ...problems, ...output);
  if (chosen === undefined) return;
  if (chosen === problems[0]) await commands.executeCommand('workbench.actions.view.problems');
  else if (chosen === output[0]) log.show(true);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
