import ts from 'typescript';
import type { Exchange } from '../../contexts/exchanges.ts';
import type { Registration } from '../../contexts/registrations.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { insertFirst } from '../../fixes/insertion.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { Rewriter } from '../../fixes/rewriter.ts';
import { styleOf } from '../../fixes/style.ts';
import { isFunctionLiteral, strip } from '../../syntax/tree.ts';

/** Listens on the response, and asks whether it was finished. */
export function fixes(file: FileAnalysis, registration: Registration, { response }: Exchange): readonly Fix[] {
  const { emitter, token, handler } = registration;
  const name = response.text;
  const inner = strip(handler);
  const style = styleOf(file.unit.file);
  const rewriter = new Rewriter();
  rewriter.replace(emitter.getStart(), emitter.end, name);
  if (token.text !== 'once') rewriter.replace(token.getStart(), token.end, 'once');
  if (isFunctionLiteral(inner) && ts.isBlock(inner.body)) {
    const page = { rewriter, file: file.unit.file, style };
    insertFirst(page, inner.body, 0, [`if (${name}.writableEnded) return${style.end}`]);
  } else if (isFunctionLiteral(inner) && inner.parameters.length === 0) {
    rewriter.insert(inner.body.getStart(), `{ if (!${name}.writableEnded) `);
    rewriter.insert(inner.body.end, `${style.end} }`);
  } else if (ts.isIdentifier(inner)) {
    rewriter.insert(handler.getStart(), `() => { if (!${name}.writableEnded) `);
    rewriter.insert(handler.end, `()${style.end} }`);
  } else return [];
  const edits = rewriter.edits();
  return fixesOf(file.unit.path, [{ title: 'Listen on the response', safety: 'suggestion', edits }]);
}
