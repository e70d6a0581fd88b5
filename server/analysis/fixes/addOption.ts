import ts from 'typescript';
import { isFunctionLiteral, isNothing, strip } from '../syntax/tree.ts';
import { Lines } from './lines.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

type Call = ts.CallExpression | ts.NewExpression;

/** The place of a call's options: an argument that is there, or the index at which one goes. */
export type OptionsPlace = { readonly node: ts.Expression } | { readonly index: number };

/** Writes `option` (as in `timeout: 10_000`) into the options of a call; `undefined` where they have no place. */
export function addOption(call: Call, place: OptionsPlace, option: string): Rewriter | undefined {
  const rewriter = new Rewriter();
  if (!('node' in place)) return insertArgument(rewriter, call, place.index, option);
  const node = strip(place.node);
  if (ts.isObjectLiteralExpression(node)) insertProperty(rewriter, node, option);
  else if (isNothing(node)) rewriter.replace(place.node.getStart(), place.node.end, `{ ${option} }`);
  else {
    rewriter.insert(place.node.getStart(), '{ ...');
    rewriter.insert(place.node.end, `, ${option} }`);
  }
  return rewriter;
}

function insertArgument(rewriter: Rewriter, call: Call, index: number, option: string): Rewriter | undefined {
  const args = call.arguments ?? [];
  const next = args[index];
  if (next && !isFunctionLiteral(strip(next)) && !ts.isIdentifier(strip(next))) return undefined;
  if (next) {
    rewriter.insert(next.getStart(), `{ ${option} }, `);
    return rewriter;
  }
  const missing = Array.from({ length: index - args.length }, () => 'undefined');
  const text = [...missing, `{ ${option} }`].join(', ');
  const last = args.at(-1);
  if (last) rewriter.insert(last.end, `, ${text}`);
  else if (call.arguments) rewriter.insert(call.end - 1, text);
  else rewriter.insert(call.end, `(${text})`);
  return rewriter;
}

function insertProperty(rewriter: Rewriter, object: ts.ObjectLiteralExpression, option: string): void {
  const { text } = object.getSourceFile();
  const last = object.properties.at(-1);
  if (!last) {
    rewriter.replace(object.getStart(), object.end, `{ ${option} }`);
    return;
  }
  const lines = new Lines(text);
  const comma = object.properties.hasTrailingComma;
  const end = comma ? text.indexOf(',', last.end) + 1 : last.end;
  const isOneLine = lines.start(object.getStart()) === lines.start(object.end - 1);
  // Behind a comment on the same line, as in `a: 1, // why`.
  const comments = ts.getTrailingCommentRanges(text, end) ?? [];
  const at = comments.at(-1)?.end ?? end;
  if (isOneLine || !lines.opens(last.getStart())) {
    rewriter.insert(end, comma ? ` ${option},` : `, ${option}`);
    return;
  }
  const { newline } = styleOf(object.getSourceFile());
  if (!comma) rewriter.insert(last.end, ',');
  rewriter.insert(at, `${newline}${lines.indentAt(last.getStart())}${option}${comma ? ',' : ''}`);
}
