import ts from 'typescript';
import { takerOf } from '../contexts/calledBack.ts';
import type { Registration } from '../contexts/registrations.ts';
import type { Repetition } from '../contexts/repeated.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingRoot, isAsync, isFunctionLiteral, memberName, someInFunction, strip } from '../syntax/tree.ts';
import { insertFirst, insertIntoConcise } from './insertion.ts';
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
    if (!isWhole(list, root) || isAsync(root) || !effects.test(name ?? '')) return undefined;
    const last = list.statements.at(-1) as ts.Statement;
    const cleanup = ts.isReturnStatement(last) && last.expression ? strip(last.expression) : undefined;
    if (returnsValue(root.body as ts.Block, cleanup)) return undefined;
    named.apply(rewriter);
    if (cleanup && ts.isArrowFunction(cleanup)) {
      const { body } = cleanup;
      if (ts.isBlock(body)) insertFirst(page, body, 0, [`${removal}${style.end}`]);
      else insertIntoConcise(page, body, [`${removal}${style.end}`]);
    } else {
      const indent = new Lines(unit.text).indentAt(statement.getStart());
      rewriter.insert(last.end, `${style.newline}${indent}return () => ${removal}${style.end}`);
    }
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

/** The effect's own block, or that of a condition with which it ends: `if (socket) { … }`. */
function isWhole(list: ts.Block, root: ts.Node): boolean {
  if (list.parent === root) return true;
  const { parent } = list;
  if (!ts.isIfStatement(parent) || parent.elseStatement || parent.parent.parent !== root) return false;
  return ts.isBlock(parent.parent) && parent.parent.statements.at(-1) === parent;
}

/** Whether it returns something else than the clean-up that listeners can be removed in. */
function returnsValue(body: ts.Block, cleanup: ts.Expression | undefined): boolean {
  return someInFunction(body, (node) => {
    if (!ts.isReturnStatement(node) || !node.expression) return false;
    return strip(node.expression) !== cleanup || !ts.isArrowFunction(strip(node.expression));
  });
}
