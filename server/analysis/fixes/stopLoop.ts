import ts from 'typescript';
import type { Immortal } from '../detachment/immortal.ts';
import { ownerAround } from '../detachment/owners.ts';
import { contains, enclosingClass, enclosingRoot } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { insertBefore, insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Gives an endless loop of an object a signal that is aborted where the object ends: `while (!signal.aborted)`. */
export function stopLoop(unit: SourceUnit, { loop }: Immortal): FixPlan | undefined {
  const cls = enclosingClass(loop);
  const owner = cls && ownerAround(loop);
  const end = owner?.ends.find(({ fn }) => !contains(fn, loop));
  const root = enclosingRoot(loop);
  const first = cls?.members[0];
  if (!cls || !end?.fn.body || !ts.isBlock(end.fn.body) || !first || root.parent !== cls) return undefined;
  if (!ts.isWhileStatement(loop) || !ts.isBlock(loop.parent) || loop.parent.parent !== root) return undefined;
  const text = cls.getText();
  const field = ['stopping', 'ending'].find((it) => !text.includes(it));
  if (field === undefined || /\bsignal\b/.test(root.getText())) return undefined;
  const page = { rewriter: new Rewriter(), file: unit.file, style: styleOf(unit.file) };
  const { end: semicolon, newline } = page.style;
  if (/\.[cm]?tsx?$/.test(unit.path)) {
    const start = first.getStart(unit.file, true);
    const indent = new Lines(unit.text).indentAt(start);
    page.rewriter.insert(start, `private ${field}: AbortController | undefined${semicolon}${newline}${indent}`);
  }
  insertBefore(page, loop, [
    `this.${field} = new AbortController()${semicolon}`,
    `const { signal } = this.${field}${semicolon}`,
  ]);
  page.rewriter.replace(loop.expression.getStart(unit.file), loop.expression.end, '!signal.aborted');
  insertFirst(page, end.fn.body, 0, [`this.${field}?.abort()${semicolon}`]);
  return { title: `End the loop in \`${end.name.getText()}\``, safety: 'suggestion', edits: page.rewriter.edits() };
}
