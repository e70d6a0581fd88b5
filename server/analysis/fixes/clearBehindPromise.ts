import ts from 'typescript';
import type { Timer } from '../detachment/timers.ts';
import { contains, enclosingRoot, enclosingStatement, isFunctionLiteral, unstrip, walk } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { insertBefore } from './insertion.ts';
import type { FixPlan } from './plan.ts';
import { isList } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Keeps the handle of a timer outside of the promise that it limits, and clears it when the promise is settled. */
export function clearBehindPromise(unit: SourceUnit, timer: Timer, promise: ts.Expression): FixPlan | undefined {
  const { file } = unit;
  const root = enclosingRoot(promise);
  const start = firstStatement(promise, timer.call);
  if (!start || enclosingRoot(start) !== root) return undefined;
  const rewriter = new Rewriter();
  const name = keep(unit, timer, root, rewriter);
  if (name === undefined) return undefined;
  const isTyped = /\.[cm]?tsx?$/.test(unit.path);
  const style = styleOf(file);
  const type = isTyped ? ': ReturnType<typeof setTimeout> | undefined' : '';
  insertBefore({ rewriter, file, style }, start, [`let ${name}${type}${style.end}`]);
  const behind = unstrip(promise);
  rewriter.insert(behind.end, `.finally(() => clearTimeout(${name}))`);
  return { title: 'Clear the timer in `.finally()`', safety: 'safe', edits: rewriter.edits() };
}

/** The statement before which the handle is declared: both the promise and the start of the timer come after it. */
function firstStatement(promise: ts.Node, call: ts.Node): ts.Statement | undefined {
  const own = enclosingStatement(promise);
  if (!ts.isStatement(own) || !isList(own.parent)) return undefined;
  if (contains(own, call)) return own;
  const list: readonly ts.Statement[] = own.parent.statements;
  return list.find((statement) => contains(statement, call));
}

/** Lets the timer's handle be assigned to a name of the function around; `undefined` where that cannot be done in place. */
function keep(unit: SourceUnit, { call, keeping }: Timer, root: ts.Node, rewriter: Rewriter): string | undefined {
  const whole = unstrip(call);
  const { parent } = whole;
  if (keeping.by === 'name') {
    const list = parent.parent;
    const isSole =
      ts.isVariableDeclaration(parent) && ts.isVariableDeclarationList(list) && list.declarations.length === 1;
    if (!isSole || !ts.isIdentifier(parent.name)) return undefined;
    const { text } = parent.name;
    if (isTaken(text, root, keeping.binding.declarations)) return undefined;
    rewriter.remove(list.getStart(), parent.name.getStart());
    if (parent.type) rewriter.remove(parent.name.end, parent.type.end);
    return text;
  }
  const name = ['timer', 'deadline', 'timeoutHandle'].find((it) => !isTaken(it, root, []));
  if (name === undefined || keeping.by !== 'nobody') return undefined;
  if (ts.isExpressionStatement(parent)) rewriter.insert(whole.getStart(unit.file), `${name} = `);
  else if (isFunctionLiteral(parent)) {
    rewriter.insert(whole.getStart(unit.file), `(${name} = `);
    rewriter.insert(whole.end, ')');
  } else return undefined;
  return name;
}

/** Whether a name means something in the function, other than by those declarations. */
function isTaken(name: string, root: ts.Node, own: readonly ts.Identifier[]): boolean {
  let taken = false;
  const [declaration] = own;
  const scope = declaration && enclosingRoot(declaration);
  walk(root, (node) => {
    if (!ts.isIdentifier(node) || node.text !== name || (scope && contains(scope, node))) return;
    if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) return;
    taken = true;
  });
  return taken;
}
