import { commands, Disposable, type LogOutputChannel, window } from 'vscode';
import type { Documentation } from '../documentation.ts';
import { type Server, ServerDown } from '../server/server.ts';
import type { StatusItem } from '../status.ts';
import type { WorkspaceFindings } from '../workspaceFindings.ts';
import { addHealth } from './addHealth.ts';
import { checkWorkspace } from './checkWorkspace.ts';
import { copyReport } from './copyReport.ts';
import { createConfiguration } from './createConfiguration.ts';
import { explainRule } from './explainRule.ts';
import { fixAll } from './fixAll.ts';
import type { TraceView } from './showTrace.ts';

/** What commands work with. */
export interface CommandContext {
  readonly server: Server;
  readonly log: LogOutputChannel;
  readonly documentation: Documentation;
  readonly status: StatusItem;
  readonly findings: WorkspaceFindings;
  readonly trace: TraceView;
  readonly version: string;
}

/** Registers every command, whether the server runs or not: a command always answers. */
export function registerCommands(context: CommandContext): Disposable {
  const { server, log, trace } = context;
  const all: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    checkWorkspace: () => checkWorkspace(context),
    fixAll: () => fixAll(server),
    explainRule: (rule) => explainRule(context, typeof rule === 'string' ? rule : undefined),
    showTrace: (...args) => trace.show(args),
    createConfiguration: () => createConfiguration(server),
    addHealth: () => addHealth(server),
    restartServer: () => server.restart(),
    showOutput: () => log.show(true),
    copyReport: () => copyReport(context),
  };
  return Disposable.from(
    ...Object.entries(all).map(([name, run]) =>
      commands.registerCommand(`leakproof.${name}`, async (...args: unknown[]) => {
        try {
          return await run(...args);
        } catch (error) {
          // Not awaited: a message that nobody answers must not keep the command from ending.
          void answer(error, log);
          return undefined;
        }
      }),
    ),
  );
}

/** Says why a command could not do its work, with the way out where there is one. */
async function answer(error: unknown, log: LogOutputChannel): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  log.error(message);
  if (/cancel/i.test(message)) return;
  const restart = 'Restart Server';
  const output = 'Show Output';
  const chosen =
    error instanceof ServerDown
      ? await window.showErrorMessage(message, restart, output)
      : await window.showErrorMessage(`Leakproof: ${message}`, output);
  if (chosen === restart) await commands.executeCommand('leakproof.restartServer');
  if (chosen === output) log.show(true);
}
