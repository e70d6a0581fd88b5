import ts from 'typescript';
import type { Timer } from '../detachment/timers.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  enclosingStatement,
  isAsync,
  isReturned,
  unstrip,
  walkFunction,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { FixPlan } from './plan.ts';
import { mentions } from './releases.ts';
import { doom, isList, removeDoomed } from './removal.ts';
import { addAwait } from './returnAwait.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import { declaredIn, mentionsAny } from './uses.ts';
import { wrapInTry } from './wrap.ts';

/** Moves the call that clears a timer into a `finally` around what happens while the timer runs. */
export function clearInFinally(unit: SourceUnit, { call, kind, keeping }: Timer): FixPlan | undefined {
  if (keeping.by !== 'name') return undefined;
  const { file } = unit;
  const { binding, target } = keeping;
  const start = enclosingStatement(call);
  if (!ts.isVariableStatement(start) || !isList(start.parent) || ts.isSourceFile(start.parent)) return undefined;
  const list = start.parent;
  const clears = binding.references.filter((reference) => reference !== target);
  const statements = clears.map((reference) => enclosingStatement(reference));
  if (!clears.every(isCleared) || !statements.every((it) => ts.isExpressionStatement(it))) return undefined;
  const from = list.statements.indexOf(start) + 1;
  const last = list.statements.findLastIndex((statement) => clears.some((reference) => contains(statement, reference)));
  if (last < from) return undefined;
  let to = last;
  for (let previous = -1; previous !== to; ) {
    previous = to;
    const names = declaredIn(list.statements.slice(from, to + 1));
    to = Math.max(
      to,
      list.statements.findLastIndex((s, index) => index > previous && mentionsAny(s, names)),
    );
  }
  const doomed = doom(statements as ts.Statement[]);
  const kept = list.statements.slice(from, to + 1).filter((statement) => !doomed?.statements.has(statement));
  const unsettled = kept.flatMap(returnedCalls);
  if (!doomed || kept.length === 0 || (unsettled.length > 0 && !isAsync(enclosingRoot(start)))) return undefined;
  const rewriter = new Rewriter();
  const style = styleOf(file);
  removeDoomed(rewriter, file, doomed);
  for (const expression of unsettled) addAwait(rewriter, expression);
  const line = `${kind === 'interval' ? 'clearInterval' : 'clearTimeout'}(${binding.name})${style.end}`;
  wrapInTry(
    { rewriter, file, style },
    { list, from, to },
    { doomed, unwrapped: [] },
    { keyword: 'finally', lines: [line] },
  );
  // Further down than now, the timer runs longer on the way on which all goes well.
  const safety = to === last ? 'safe' : 'suggestion';
  return { title: 'Clear it in `finally`', safety, edits: rewriter.edits() };
}

/** Gives a dropped timer a name, and clears it in a `finally` around everything that comes after it in its list. */
export function keepAndClear(unit: SourceUnit, { call, kind, keeping }: Timer): FixPlan | undefined {
  const { file } = unit;
  const start = enclosingStatement(call);
  if (keeping.by !== 'nobody' || !ts.isExpressionStatement(start) || !isList(start.parent)) return undefined;
  const list = start.parent;
  const root = enclosingRoot(start);
  if (ts.isSourceFile(list) || list.parent !== root || unstrip(call).parent !== start) return undefined;
  const from = list.statements.indexOf(start) + 1;
  const rest = list.statements.slice(from);
  const name = ['timer', 'deadline', 'timeoutHandle'].find(
    (it) => mentions(root, ({ text }) => text === it).length === 0,
  );
  const doomed = doom([]);
  const unsettled = rest.flatMap(returnedCalls);
  if (rest.length === 0 || name === undefined || !doomed || (unsettled.length > 0 && !isAsync(root))) return undefined;
  const rewriter = new Rewriter();
  const style = styleOf(file);
  rewriter.insert(call.getStart(file), `const ${name} = `);
  for (const expression of unsettled) addAwait(rewriter, expression);
  const line = `${kind === 'interval' ? 'clearInterval' : 'clearTimeout'}(${name})${style.end}`;
  wrapInTry(
    { rewriter, file, style },
    { list, from, to: list.statements.length - 1 },
    { doomed, unwrapped: [] },
    { keyword: 'finally', lines: [line] },
  );
  return { title: 'Clear it in `finally`', safety: 'safe', edits: rewriter.edits() };
}

function isCleared(reference: ts.Identifier): boolean {
  const { parent } = reference;
  const name = ts.isCallExpression(parent) ? calleeName(parent)?.text : undefined;
  return name === 'clearTimeout' || name === 'clearInterval';
}

/** A promise that is returned from the `try` would be settled only after the `finally`. */
function returnedCalls(statement: ts.Statement): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  walkFunction(statement, (node) => {
    if (ts.isCallExpression(node) && isReturned(node)) found.push(node);
  });
  return found;
}
