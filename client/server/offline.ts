import { commands } from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { linkHoverToPages, linkToPages } from '../documentation.ts';

/** By this command the server would open a page on the network, as it must in editors that know no pages of ours. */
const documentationCommand = 'leakproof.showRuleDocumentation';

/** Lets all that leads to documentation lead to the pages that come with the extension. */
export const offline: Middleware = {
  provideDiagnostics: async (document, previousResultId, token, next) => {
    const report = await next(document, previousResultId, token);
    if (report && 'items' in report) linkToPages(report.items);
    return report;
  },
  provideWorkspaceDiagnostics: (resultIds, token, reporter, next) =>
    next(resultIds, token, (chunk) => {
      for (const report of chunk?.items ?? []) if ('items' in report) linkToPages(report.items);
      reporter(chunk);
    }),
  provideHover: async (document, position, token, next) => {
    const hover = await next(document, position, token);
    if (hover) linkHoverToPages(hover);
    return hover;
  },
  executeCommand: (command, args, next) =>
    command === documentationCommand ? commands.executeCommand('leakproof.explainRule', args[0]) : next(command, args),
};
