import { window } from 'vscode';
import { RulesRequest } from '../server/protocol.ts';
import type { CommandContext } from './commands.ts';

/** Shows the page about a rule; without one, asks for it. */
export async function explainRule({ server, documentation }: CommandContext, rule: string | undefined): Promise<void> {
  const chosen = rule ?? (await pick(server));
  if (chosen) await documentation.open(chosen);
}

async function pick(server: CommandContext['server']): Promise<string | undefined> {
  const { rules } = await server.request(RulesRequest, {});
  const items = rules.map(({ id, summary, family }) => ({ label: id, description: family, detail: summary }));
  const chosen = await window.showQuickPick(items, {
    title: 'Explain Rule',
    placeHolder: 'Which rule?',
    matchOnDetail: true,
    matchOnDescription: true,
  });
  return chosen?.label;
}
