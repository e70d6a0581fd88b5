import ts from 'typescript';
import type { Immortal } from '../detachment/immortal.ts';
import { originOf } from '../detachment/origins.ts';
import { enclosingRoot, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { addArgument, signalPlace } from './arguments.ts';
import { insertBefore, insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { stoppable } from './stoppable.ts';
import { styleOf } from './style.ts';
import type { Page } from './wrap.ts';

/** Gives an endless loop of an object a signal that is aborted where the object ends: `while (!signal.aborted)`. */
export function stopLoop(unit: SourceUnit, { loop }: Immortal): FixPlan | undefined {
  const object = stoppable(loop, unit);
  const root = enclosingRoot(loop);
  if (!object || root.parent !== object.owner || /\bsignal\b/.test(root.getText())) return undefined;
  if (!ts.isWhileStatement(loop) || !ts.isBlock(loop.parent) || loop.parent.parent !== root) return undefined;
  const page = { rewriter: new Rewriter(), file: unit.file, style: styleOf(unit.file) };
  const { field, end } = object;
  const { end: semicolon } = page.style;
  object.declare(page);
  insertBefore(page, loop, [
    `this.${field} = new AbortController()${semicolon}`,
    `const { signal } = this.${field}${semicolon}`,
  ]);
  page.rewriter.replace(loop.expression.getStart(unit.file), loop.expression.end, '!signal.aborted');
  if (ts.isBlock(loop.statement)) cutSleepsShort(page, unit, loop.statement);
  insertFirst(page, end, 0, [`this.${field}?.abort()${semicolon}`]);
  return { title: `End the loop in \`${object.endName}\``, safety: 'suggestion', edits: page.rewriter.edits() };
}

/** Lets the abort end the sleeps between two turns; what follows one of them is not done once more. */
function cutSleepsShort({ rewriter, file, style }: Page, unit: SourceUnit, body: ts.Block): void {
  const lines = new Lines(unit.text);
  for (const statement of body.statements) {
    const awaited = ts.isExpressionStatement(statement) ? strip(statement.expression) : undefined;
    const sleep = awaited && ts.isAwaitExpression(awaited) ? strip(awaited.expression) : undefined;
    if (!sleep || !ts.isCallExpression(sleep) || originOf(sleep.expression, unit)?.module !== 'timers/promises')
      continue;
    const place = signalPlace(sleep, unit);
    const edits = place === undefined ? undefined : addArgument(sleep, place, '{ signal }');
    if (!edits) continue;
    for (const { start, text } of edits) rewriter.insert(start, text);
    // The abort is no error here.
    rewriter.insert(sleep.end, '.catch(() => {})');
    if (statement === body.statements.at(-1)) continue;
    const indent = lines.indentAt(statement.getStart(file));
    rewriter.insert(statement.end, `${style.newline}${indent}if (signal.aborted) break${style.end}`);
  }
}
