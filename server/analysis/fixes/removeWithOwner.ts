import ts from 'typescript';
import { takerOf } from '../contexts/calledBack.ts';
import { type Registration, registrationsOf } from '../contexts/registrations.ts';
import { removedBy, sameText } from '../contexts/removals.ts';
import type { Repetition } from '../contexts/repeated.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingRoot, isAsync, isFunctionLiteral, memberName, someInFunction, strip } from '../syntax/tree.ts';
import { insertFirst, insertIntoConcise } from './insertion.ts';
import { Lines } from './lines.ts';
import { type ListenerName, listenerName, removalCall } from './listenerName.ts';
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
    const all = besides(file, registration, list);
    if (returnsValue(root.body as ts.Block, cleanup) || !all) return undefined;
    for (const it of all) it.named.apply(rewriter);
    const removals = all.map((it) => `${removalCall(it.registration, it.named.name)}${style.end}`);
    if (cleanup && ts.isArrowFunction(cleanup)) {
      const { body } = cleanup;
      if (ts.isBlock(body)) insertFirst(page, body, 0, removals);
      else insertIntoConcise(page, body, removals);
    } else {
      const indent = new Lines(unit.text).indentAt(statement.getStart());
      const inner = removals.map((it) => `${style.newline}${indent}${style.unit}${it}`).join('');
      const body = removals.length > 1 ? `{${inner}${style.newline}${indent}}${style.end}` : removals[0];
      rewriter.insert(last.end, `${style.newline}${indent}return () => ${body}`);
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

interface Named {
  readonly registration: Registration;
  readonly named: ListenerName;
}

/** The listeners that the same block adds to the same emitter, each with a name of its own. */
function besides(file: FileAnalysis, { emitter }: Registration, list: ts.Block): readonly Named[] | undefined {
  const found: Named[] = [];
  for (const registration of registrationsOf(list.getSourceFile())) {
    const statement = registration.call.parent;
    const isBeside = ts.isExpressionStatement(statement) && statement.parent === list;
    if (!isBeside || !sameText(registration.emitter, emitter)) continue;
    if (removedBy(file.semantics, registration) === 'outside') continue;
    const named = listenerName(file, registration, statement);
    if (!named || found.some((it) => it.named.name === named.name)) return undefined;
    found.push({ registration, named });
  }
  return found;
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
