import ts from 'typescript';
import { takerOf } from '../contexts/calledBack.ts';
import type { Registration } from '../contexts/registrations.ts';
import type { Repetition } from '../contexts/repeated.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingRoot, isAsync, isFunctionLiteral, memberName, someInFunction, strip } from '../syntax/tree.ts';
import { insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import { listenerName, removalCall } from './listenerName.ts';
import { quoteOf } from './newModule.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

const owners = /^(?:res|response|socket|ws|conn|connection|stream)$/;
const effects = /^(?:useEffect|useLayoutEffect|useInsertionEffect)$/;

/** Removes the listener when what it was added for is over: its socket or response closes, its component goes. */
export function removeWithOwner(
  file: FileAnalysis,
  registration: Registration,
  { times }: Repetition,
): FixPlan | undefined {
  const { call } = registration;
  const { unit } = file;
  const statement = call.parent;
  const root = enclosingRoot(call);
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent) || !ts.isFunctionLike(root))
    return undefined;
  const named = listenerName(file, registration, statement);
  if (!named) return undefined;
  const list = statement.parent;
  const style = styleOf(unit.file);
  const rewriter = new Rewriter();
  const page = { rewriter, file: unit.file, style };
  const removal = removalCall(registration, named.name);
  if (times === 'component') {
    const callee = isFunctionLiteral(root) ? takerOf(root)?.call.expression : undefined;
    const name = callee && (ts.isIdentifier(callee) ? callee.text : memberName(strip(callee)));
    if (list !== root.body || isAsync(root) || !effects.test(name ?? '') || returnsValue(list)) return undefined;
    named.apply(rewriter);
    const lines = new Lines(unit.text);
    const indent = lines.indentAt(statement.getStart());
    const last = list.statements.at(-1) as ts.Statement;
    rewriter.insert(last.end, `${style.newline}${indent}return () => ${removal}${style.end}`);
    return { title: 'Remove it when the component goes', safety: 'suggestion', edits: rewriter.edits() };
  }
  const owner = root.parameters
    .flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []))
    .find((it) => owners.test(it));
  if (owner === undefined || registration.emitter.getText() === owner) return undefined;
  named.apply(rewriter);
  const quote = quoteOf(unit.file);
  const index = list.statements.indexOf(statement) + 1;
  insertFirst(page, list, index, [`${owner}.once(${quote}close${quote}, () => ${removal})${style.end}`]);
  return { title: `Remove it when \`${owner}\` closes`, safety: 'suggestion', edits: rewriter.edits() };
}

function returnsValue(body: ts.Block): boolean {
  return someInFunction(body, ts.isReturnStatement);
}
