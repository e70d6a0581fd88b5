import ts from 'typescript';
import type { SolvedObligation } from '../ownership/ownership.ts';
import { enclosingRoot, some } from '../syntax/tree.ts';
import { addOption } from './addOption.ts';
import type { FixPlan } from './plan.ts';

/** Asks the acquiring call to leave out the part that nobody would close: `tmp.file({ discardDescriptor: true })`. */
export function doWithout({ obligation }: SolvedObligation): FixPlan | undefined {
  const { site, acquisition, through } = obligation;
  const option = acquisition.told?.keeps?.option;
  if (!option || through !== undefined) return undefined;
  const { text, unlessRead } = option;
  const isRead = some(enclosingRoot(site), (node) => ts.isIdentifier(node) && node.text === unlessRead);
  const [first] = site.arguments ?? [];
  const rewriter = isRead ? undefined : addOption(site, first ? { node: first } : { index: 0 }, text);
  return rewriter && { title: `Add \`${text}\``, safety: 'suggestion', edits: rewriter.edits() };
}
