import { version as editorVersion, env, window } from 'vscode';
import { ReportRequest } from '../server/protocol.ts';
import { ServerDown } from '../server/server.ts';
import type { CommandContext } from './commands.ts';

/** Puts versions, paths and times on the clipboard, for a bug report. Works without a server, too. */
export async function copyReport(context: CommandContext): Promise<void> {
  const { server, status, version } = context;
  const uri = window.activeTextEditor?.document.uri.toString() ?? null;
  const { text, detail } = status.view;
  const lines = [
    `Leakproof ${version}, ${env.appName} ${editorVersion}, ${process.platform}-${process.arch}, Node ${process.version}`,
    `Server: ${server.state}${server.pid === undefined ? '' : `, process ${server.pid}`}${server.problem ? `, ${server.problem}` : ''}`,
    `Status: ${text}${detail && ` · ${detail}`}`,
    '',
    await ofServer(context, uri),
  ];
  await env.clipboard.writeText(`${lines.join('\n').trimEnd()}\n`);
  window.setStatusBarMessage('The Leakproof report is on the clipboard.', 4000);
}

async function ofServer({ server }: CommandContext, uri: string | null): Promise<string> {
  try {
    return (await server.request(ReportRequest, { uri })).text;
  } catch (error) {
    if (error instanceof ServerDown) return '';
    return `The server could not report: ${error instanceof Error ? error.message : error}`;
  }
}
