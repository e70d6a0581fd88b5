import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { SolvedObligation } from '../ownership/ownership.ts';
import { enclosingRoot, isAsync, isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import { isStable, type Nameless } from './held.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { isList } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** Gives a resource that nobody can reach a name, so that it can be released. */
export function nameIt(analysis: FileAnalysis, solved: SolvedObligation, nameless: Nameless): FixPlan | undefined {
  const { file } = analysis.unit;
  const { expression, how } = nameless;
  const release = releaseOf(solved);
  const name = freeName(analysis, expression, solved.obligation.acquisition);
  if (!release || name === undefined) return undefined;
  const rewriter = new Rewriter();
  const { newline, unit, end } = styleOf(file);
  const lines = new Lines(file.text);
  const text = release(name) + end;
  if (how === 'discarded') {
    const statement = expression.parent;
    const start = statement.getStart(file);
    if (!isList(statement.parent) || !lines.opens(start)) return undefined;
    rewriter.insert(start, `const ${name} = `);
    rewriter.insert(statement.end, `${newline}${lines.indentAt(start)}${text}`);
    return { title: 'Release at once', safety: 'safe', edits: rewriter.edits() };
  }
  return wrapUse({ file, rewriter, lines, newline, unit, end }, expression, name, text);
}

interface Page {
  readonly file: ts.SourceFile;
  readonly rewriter: Rewriter;
  readonly lines: Lines;
  readonly newline: string;
  readonly unit: string;
  readonly end: string;
}

/**
 * `return (await pool.connect()).query(sql)`: the acquisition gets a statement of its own before the one that uses it.
 * Only where it is the first thing that the statement evaluates.
 */
function wrapUse(page: Page, acquired: ts.Expression, name: string, release: string): FixPlan | undefined {
  const { file, rewriter, lines, newline, unit, end } = page;
  const whole = leftmost(acquired);
  const owner = whole.parent;
  const fn = enclosingRoot(acquired);
  const isConcise = isFunctionLiteral(owner) && owner.body === whole;
  const isStatement = (ts.isReturnStatement(owner) || ts.isExpressionStatement(owner)) && isList(owner.parent);
  if (ts.isSourceFile(fn) || !isAsync(fn) || !(isConcise || isStatement)) return undefined;
  const returns = isConcise || ts.isReturnStatement(owner);
  const start = isConcise ? unstrip(whole).getStart(file) : owner.getStart(file);
  if (isStatement && !lines.opens(start)) return undefined;
  const outer = lines.indentAt(isConcise ? owner.getStart(file) : start);
  const indent = isConcise ? outer + unit : outer;
  const inner = acquired.kind === ts.SyntaxKind.ParenthesizedExpression ? strip(acquired) : acquired;
  const waits = ts.isAwaitExpression(whole) ? 'await ' : returns ? 'await ' : '';
  const head = isConcise ? `{${newline}${indent}` : '';
  const close = isConcise ? `${newline}${outer}}` : '';
  rewriter.replace(start, inner.getStart(file), `${head}const ${name} = `);
  const body = `${newline}${indent}try {${newline}${indent}${unit}${returns ? 'return ' : ''}${waits}${name}`;
  rewriter.replace(inner.end, acquired.end, `${end || ''}${body}`);
  const tail = `${newline}${indent}} finally {${newline}${indent}${unit}${release}${newline}${indent}}${close}`;
  const stop = isConcise ? whole.end : owner.end;
  const missing = isConcise && end ? end : '';
  rewriter.insert(stop, missing + tail);
  return { title: 'Release in `finally`', safety: 'safe', edits: rewriter.edits() };
}

/** The expression that starts with the acquisition: calls and members on it, and an `await` before them. */
function leftmost(acquired: ts.Expression): ts.Expression {
  let node = acquired;
  for (;;) {
    const { parent } = node;
    const goesOn =
      (ts.isPropertyAccessExpression(parent) && parent.expression === node) ||
      (ts.isCallExpression(parent) && parent.expression === node) ||
      ts.isAwaitExpression(parent);
    if (!goesOn) return node;
    node = parent as ts.Expression;
  }
}

function releaseOf({
  obligation: { acquisition, acquirer, site },
}: SolvedObligation): ((name: string) => string) | undefined {
  const { preferred } = acquisition;
  if (preferred.by === 'function') {
    // `fs.openSync(…)` is closed by `fs.closeSync(…)`; a name that was imported alone says nothing of the other one's.
    const callee = strip(site.expression);
    const isPlain = preferred.argument === 0 && preferred.export.endsWith('Sync') && preferred.more === undefined;
    if (!isPlain || !ts.isPropertyAccessExpression(callee) || !isStable(callee.expression)) return undefined;
    return (name) => `${callee.expression.getText()}.${preferred.export}(${name})`;
  }
  if (preferred.by === 'method') return (name) => `${preferred.promise ? 'await ' : ''}${name}.${preferred.name}()`;
  if (preferred.by === 'call') return (name) => `${name}()`;
  if (preferred.by !== 'acquirer' || preferred.argument !== 0 || !acquirer || !isStable(acquirer)) return undefined;
  return (name) => `${preferred.promise ? 'await ' : ''}${acquirer.getText()}.${preferred.name}(${name})`;
}

/** A name that means nothing yet where the resource is acquired. */
function freeName(
  { unit }: FileAnalysis,
  at: ts.Node,
  { resource, kind }: SolvedObligation['obligation']['acquisition'],
): string | undefined {
  const usual = /client/i.test(resource ?? '')
    ? 'client'
    : /connection/i.test(resource ?? '')
      ? 'connection'
      : kind === 'file descriptor'
        ? 'fd'
        : 'resource';
  return [usual, 'pooled', `${usual}1`].find(
    (name) => !unit.text.match(new RegExp(`\\b${name}\\b`)) || isFree(unit, name, at),
  );
}

function isFree({ scopes }: FileAnalysis['unit'], name: string, at: ts.Node): boolean {
  return scopes.lookup(name, at) === undefined;
}
