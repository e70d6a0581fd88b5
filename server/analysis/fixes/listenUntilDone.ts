import ts from 'typescript';
import type { Registration } from '../contexts/registrations.ts';
import { executorOf, type WorkEnd } from '../contexts/workEnds.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { contains, enclosingRoot, isAsync, strip, unstrip } from '../syntax/tree.ts';
import { addOption } from './addOption.ts';
import { insertBefore, insertIntoConcise } from './insertion.ts';
import type { FixPlan } from './plan.ts';
import { returnsUnsettled, waits } from './removeInFinally.ts';
import { styleOf } from './style.ts';
import { type Page, untouched, wrapInTry } from './wrap.ts';

/**
 * Lets a controller of the work itself end the listening: aborted when the promise settles, or in a `finally` around what
 * follows. Nothing moves, so the registration may stand where it likes: behind a condition, in the executor of a promise.
 */
export function listenUntilDone(
  file: FileAnalysis,
  registration: Registration,
  { kind, node }: WorkEnd,
): FixPlan | undefined {
  const { call, options, api } = registration;
  const { unit } = file;
  if (api !== 'target' || unit.scopes.lookup('done', call)) return undefined;
  const given = options && strip(options);
  if (given && (!ts.isObjectLiteralExpression(given) || /\bsignal\b/.test(given.getText()))) return undefined;
  const rewriter = addOption(call, options ? { node: options } : { index: 2 }, 'signal: done.signal');
  if (!rewriter) return undefined;
  const page: Page = { rewriter, file: unit.file, style: styleOf(unit.file) };
  const isPlanned = kind === 'promise' ? behindPromise(page, call, node) : aroundRest(page, call);
  if (!isPlanned) return undefined;
  return { title: 'Stop listening when the work is done', safety: 'suggestion', edits: rewriter.edits() };
}

/** `return new Promise(…).finally(() => done.abort())`, of the race where there is one. */
function behindPromise(page: Page, call: ts.Node, end: ts.Node): boolean {
  const executor = executorOf(enclosingRoot(call));
  if (!executor) return false;
  const promise = unstrip(executor).parent as ts.Expression;
  const isRace = contains(end, promise) && ts.isCallExpression(end);
  if (!isRace && !contains(executor, end)) return false;
  const settled = isRace ? end : promise;
  const made = `const done = new AbortController()${page.style.end}`;
  const root = enclosingRoot(settled);
  const isBody = ts.isArrowFunction(root) && strip(root.body as ts.Expression) === settled;
  const statement = isBody ? undefined : statementAround(settled, root);
  if (!isBody && !statement) return false;
  page.rewriter.insert(settled.end, '.finally(() => done.abort())');
  if (statement) insertBefore(page, statement, [made]);
  else insertIntoConcise(page, settled, [made]);
  return true;
}

/** The statement in a list that a node is part of; none where a function lies between. */
function statementAround(node: ts.Node, root: ts.Node): ts.Statement | undefined {
  let found = node;
  while (found !== root && !(ts.isStatement(found) && ts.isBlock(found.parent))) found = found.parent;
  return found === root ? undefined : (found as ts.Statement);
}

function aroundRest(page: Page, call: ts.Node): boolean {
  const root = enclosingRoot(call);
  if (!isAsync(root)) return false;
  for (let node = call; node !== root; node = node.parent) {
    const list = node.parent;
    if (!ts.isBlock(list) || !ts.isStatement(node)) continue;
    const next = list.statements.indexOf(node) + 1;
    const rest = list.statements.slice(next);
    if (!rest.some(waits)) continue;
    if (rest.some(returnsUnsettled)) return false;
    insertBefore(page, node, [`const done = new AbortController()${page.style.end}`]);
    wrapInTry(page, { list, from: next, to: list.statements.length - 1 }, untouched, {
      keyword: 'finally',
      lines: [`done.abort()${page.style.end}`],
    });
    return true;
  }
  return false;
}
