import ts from 'typescript';
import { enclosingRoot, functionName, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import { untouched, wrapIn } from './wrap.ts';

/**
 * Lets whoever comes while a start is going on wait for that one: `this.starting ??= (async () => { … })()`. It is
 * forgotten when it is over, so that one that failed can be tried again.
 */
export function keepPromise(unit: SourceUnit, test: ts.Node): FixPlan | undefined {
  const check = test.parent;
  const method = enclosingRoot(test);
  if (!ts.isIfStatement(check) || !ts.isMethodDeclaration(method) || !method.body) return undefined;
  const { body, parent: owner } = method;
  const [first] = ts.isClassLike(owner) ? owner.members : [];
  // Callers that ask for different things must not get the same.
  if (!first || method.parameters.length > 0 || method.asteriskToken || check.parent !== body) return undefined;
  const from = body.statements.indexOf(check) + 1;
  const isTyped = /\.[cm]?tsx?$/.test(unit.path);
  const type = method.type?.getText() ?? (yields(body) ? undefined : 'Promise<void>');
  const field = nameIn(owner, test);
  if (from === 0 || from >= body.statements.length || field === undefined || (isTyped && !type)) return undefined;
  const page = { rewriter: new Rewriter(), file: unit.file, style: styleOf(unit.file) };
  const { end, newline, unit: deeper } = page.style;
  if (isTyped) {
    const start = first.getStart(unit.file, true);
    const indent = new Lines(unit.text).indentAt(start);
    page.rewriter.insert(start, `private ${field}: ${type} | undefined${end}${newline}${indent}`);
  }
  wrapIn(page, { list: body, from, to: body.statements.length - 1 }, untouched, {
    head: [`this.${field} ??= (async () => {`],
    tail: [
      '})().finally(() => {',
      `${deeper}this.${field} = undefined${end}`,
      `})${end}`,
      `return this.${field}${end}`,
    ],
  });
  return {
    title: `Let callers wait for the \`${functionName(method) ?? 'start'}\` that goes on`,
    safety: 'suggestion',
    edits: page.rewriter.edits(),
  };
}

/** Whether the method returns a value of which nobody has written the type. */
function yields(body: ts.Block): boolean {
  let found = false;
  walkFunction(body, (node) => {
    found ||= ts.isReturnStatement(node) && node.expression !== undefined;
  });
  return found;
}

/** A name that the class does not use yet. */
function nameIn(owner: ts.Node, test: ts.Node): string | undefined {
  const text = owner.getText();
  const checked = /([A-Za-z]\w*)$/.exec(test.getText())?.[1] ?? '';
  const own = checked && `pending${checked[0]?.toUpperCase()}${checked.slice(1)}`;
  return ['starting', own, 'pendingStart'].find((it) => it !== '' && !new RegExp(`\\b${it}\\b`).test(text));
}
