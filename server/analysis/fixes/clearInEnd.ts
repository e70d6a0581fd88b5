import ts from 'typescript';
import type { LostTimer } from '../detachment/lostTimers.ts';
import { isSelf } from '../detachment/ownerEnds.ts';
import { ownerAround } from '../detachment/owners.ts';
import { contains, enclosingClass, isRoot, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { insertFirst } from './insertion.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Keeps the handle of a timer in its object, where nobody does, and clears it where the object ends. */
export function clearInEnd(unit: SourceUnit, { timer, loss }: LostTimer): FixPlan | undefined {
  const owner = ownerAround(timer.call);
  const ends = owner?.ends.filter(({ fn }) => !contains(fn, timer.call)) ?? [];
  const chosen = loss.kind === 'outlives' ? loss.end : ends[0];
  const body = chosen?.fn.body;
  if (!chosen || !body || !ts.isBlock(body)) return undefined;
  const page = { rewriter: new Rewriter(), file: unit.file, style: styleOf(unit.file) };
  const field = keptAs(unit, timer, page);
  if (field === undefined) return undefined;
  const clear = timer.kind === 'interval' ? 'clearInterval' : 'clearTimeout';
  insertFirst(page, body, 0, [`${clear}(this.${field})${page.style.end}`]);
  return {
    title: `Clear it in \`${chosen.name.getText()}\``,
    safety: 'suggestion',
    edits: page.rewriter.edits(),
  };
}

type Page = Parameters<typeof insertFirst>[0];

/** The field that holds the handle: the one that does, or a new one. */
function keptAs(unit: SourceUnit, { call, keeping, kind }: LostTimer['timer'], page: Page): string | undefined {
  if (keeping.by === 'member') return isSelf(strip(keeping.target.expression)) ? keeping.name : undefined;
  const owner = enclosingClass(call);
  if (keeping.by !== 'nobody' || !owner || !isThisOf(call, owner)) return undefined;
  const whole = unstrip(call);
  if (!ts.isExpressionStatement(whole.parent)) return undefined;
  const names = kind === 'interval' ? ['interval', 'ticker', 'intervalHandle'] : ['timer', 'timeout', 'timerHandle'];
  const text = owner.getText();
  const name = names.find((it) => !new RegExp(`(?<![\\w$])${it}(?![\\w$])`).test(text));
  const [first] = owner.members;
  if (name === undefined || !first) return undefined;
  page.rewriter.insert(whole.getStart(unit.file), `this.${name} = `);
  if (/\.[cm]?tsx?$/.test(unit.path)) {
    const lines = new Lines(unit.text);
    const start = first.getFullStart() + leading(first);
    const type = `ReturnType<typeof ${kind === 'interval' ? 'setInterval' : 'setTimeout'}> | undefined`;
    const { newline, end } = page.style;
    page.rewriter.insert(start, `private ${name}: ${type}${end}${newline}${lines.indentAt(first.getStart())}`);
  }
  return name;
}

/** How far the first token or comment of a member is from where the member begins. */
const leading = (node: ts.Node): number => {
  const text = node.getFullText();
  return text.length - text.trimStart().length;
};

/** Whether `this` at the call is the object: only arrow functions between it and the method. */
function isThisOf(call: ts.Node, owner: ts.ClassLikeDeclaration): boolean {
  for (let current = call.parent; current && current !== owner; current = current.parent) {
    if (!isRoot(current)) continue;
    if (ts.isArrowFunction(current)) continue;
    return current.parent === owner && !isStatic(current);
  }
  return false;
}

function isStatic(node: ts.Node): boolean {
  if (ts.isClassStaticBlockDeclaration(node)) return true;
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
  );
}

/** `setTimeout(…)` → `setTimeout(…).unref()`: the process need not wait for it. */
export function unrefTimer({ call }: LostTimer['timer']): FixPlan {
  const { end } = unstrip(call);
  return {
    title: 'Let the process end before it',
    safety: 'safe',
    edits: [{ start: end, end, text: '.unref()' }],
  };
}
