import type { Connection } from 'vscode-languageserver/node';
import {
  type AddHealthParams,
  type AddHealthResult,
  addHealthRequest,
  type CheckWorkspaceParams,
  type CreateConfigParams,
  type CreateConfigResult,
  checkWorkspaceRequest,
  createConfigRequest,
  type ExplainParams,
  explainRequest,
  type ReportParams,
  reportRequest,
  rulesRequest,
  type TraceParams,
  traceRequest,
} from '../../protocol/messages.ts';
import { ruleCatalog, ruleDocs } from '../project/catalog/catalog.ts';
import { answering, signalOf } from './cancellation.ts';
import type { Checks } from './checks.ts';
import { diagnosticsReport } from './report.ts';
import { traceAt } from './trace.ts';
import { pathOf, uriOf } from './uris.ts';
import type { WholeWorkspace } from './wholeWorkspace.ts';
import type { Workspace } from './workspace.ts';

interface Parts {
  readonly workspace: Workspace;
  readonly checks: Checks;
  readonly wholeWorkspace: WholeWorkspace;
}

/** Answers what the protocol of language servers has no words for. */
export function serveRequests(connection: Connection, { workspace, checks, wholeWorkspace }: Parts): void {
  connection.onRequest(explainRequest, async ({ rule }: ExplainParams) => ({
    markdown: (await ruleDocs(rule)) ?? null,
  }));
  connection.onRequest(rulesRequest, () => ({
    rules: ruleCatalog.map(({ id, summary, family }) => ({ id, summary, family })),
  }));
  connection.onRequest(traceRequest, ({ uri, position }: TraceParams, token) =>
    answering(async () => {
      const document = workspace.documents.get(uri);
      if (document === undefined) return null;
      const { report } = await checks.check(document, signalOf(token));
      return traceAt(report, position, (path) => workspace.uri(path));
    }),
  );
  connection.onRequest(checkWorkspaceRequest, (params: CheckWorkspaceParams | undefined, token) =>
    answering(async () => {
      const progress = await connection.window.attachWorkDoneProgress(params?.workDoneToken);
      return await wholeWorkspace.check(progress, signalOf(token));
    }),
  );
  connection.onRequest(createConfigRequest, ({ folderUri }: CreateConfigParams) => createConfig(folderUri));
  connection.onRequest(addHealthRequest, ({ folderUri }: AddHealthParams) => addHealth(folderUri));
  connection.onRequest(reportRequest, ({ uri }: ReportParams) => ({
    text: diagnosticsReport(uri === null ? undefined : checks.latest(uri), workspace.folders),
  }));
}

async function createConfig(folderUri: string): Promise<CreateConfigResult> {
  const directory = pathOf(folderUri);
  if (directory === undefined) return { uri: folderUri, created: false, message: 'The folder is in no file system.' };
  const { initConfig } = await import('../project/config/initConfig.ts');
  const uri = uriOf(`${directory.replace(/\/$/, '')}/leakproof.jsonc`);
  const result = initConfig(directory);
  if ('path' in result) return { uri: uriOf(result.path), created: true, message: 'leakproof.jsonc was created.' };
  return { uri, created: false, message: `Nothing was written: ${result.refused}.` };
}

async function addHealth(folderUri: string): Promise<AddHealthResult> {
  const directory = pathOf(folderUri);
  if (directory === undefined) return { uris: [], refused: 'The folder is in no file system.' };
  const module = await import('../project/health/addHealth.ts');
  const result = module.addHealth(directory, undefined);
  if ('paths' in result) return { uris: result.paths.map(uriOf), refused: null };
  return { uris: [], refused: `Nothing was written: ${result.refused}.` };
}
