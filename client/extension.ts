import { type ExtensionContext, window } from 'vscode';
import { registerCommands } from './commands/commands.ts';
import { TraceView } from './commands/showTrace.ts';
import { Documentation } from './documentation.ts';
import { Server } from './server/server.ts';
import { StatusItem, type StatusView } from './status.ts';
import { provideTasks } from './tasks.ts';
import { WorkspaceFindings } from './workspaceFindings.ts';

/** What other extensions, and the tests, can see. */
export interface LeakproofApi {
  /** What the status item shows. */
  readonly status: StatusView;
  /** The process of the language server. */
  readonly serverPid: number | undefined;
}

let running: Server | undefined;

/** Called by the editor when the first file of our languages is opened or a command is run. */
export async function activate(context: ExtensionContext): Promise<LeakproofApi> {
  const log = window.createOutputChannel('Leakproof', { log: true });
  const server = new Server(context.asAbsolutePath('dist/server.mjs'), context.extensionPath, log);
  running = server;
  const status = new StatusItem(server);
  const documentation = new Documentation(server);
  const findings = new WorkspaceFindings();
  const trace = new TraceView(server);
  const version: string = context.extension.packageJSON.version;
  context.subscriptions.push(
    log,
    server,
    status,
    documentation,
    findings,
    trace,
    registerCommands({ server, log, documentation, status, findings, trace, version }),
    provideTasks(context.asAbsolutePath('dist/cli.mjs')),
  );
  // Not awaited: until the server runs, the status says so and the commands wait.
  void server.start();
  return {
    get status() {
      return status.view;
    },
    get serverPid() {
      return server.pid;
    },
  };
}

/** Called by the editor when it closes. */
export async function deactivate(): Promise<void> {
  await running?.client.stop().catch(() => undefined);
}
