import ts from 'typescript';
import { enclosingStatement } from '../syntax/tree.ts';

const unbounded = String.raw`unbounded|un-?limited|no (?:\w+ )?(?:time-?out|deadline)|without (?:an? )?(?:\w+ )?(?:time-?out|deadline)`;
const onPurpose = 'intentional(?:ly)?|deliberate(?:ly)?|on purpose|by design';
const said = new RegExp(`(?:${onPurpose})[^.]*(?:${unbounded})|(?:${unbounded})[^.]*(?:${onPurpose})`, 'i');

/** Whether a comment in front of the statement says that nothing is to end what it waits for: "Intentionally unbounded". */
export function isMeantUnbounded(node: ts.Node): boolean {
  const { text } = node.getSourceFile();
  const comments = ts.getLeadingCommentRanges(text, enclosingStatement(node).getFullStart()) ?? [];
  const words = comments.map(({ pos, end }) => text.slice(pos, end).replace(/[\s*/]+/g, ' ')).join(' ');
  return said.test(words);
}
