import ts from 'typescript';
import { contains, isFunctionLiteral, someInFunction, strip, walkFunction } from '../syntax/tree.ts';
import { isErrorGuard } from './anchor.ts';
import type { Held } from './held.ts';
import { insertBefore, insertFirst, insertIntoConcise, type Slot } from './insertion.ts';
import type { FixPlan } from './plan.ts';
import { type ExistingRelease, releasesOf, releaseText } from './releases.ts';
import { doom, isList, removeDoomed, type StatementList } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { type Uses, usesOf } from './uses.ts';
import type { Page } from './wrap.ts';

/**
 * For node-style callbacks: the release goes first into the last continuation that uses the resource, and before every
 * earlier way out.
 */
export function releaseInCallback(held: Held): FixPlan | undefined {
  const { callback, fn, file, style } = held;
  if (!callback || !isFunctionLiteral(fn) || !ts.isBlock(fn.body) || held.obligation.origin.via === 'value')
    return undefined;
  const releases = releasesOf(held);
  const text = releaseText(held, releases);
  if (!text || releases.some((r) => !r.statement || r.special) || held.solved.exploration.handovers.length > 0)
    return undefined;
  const slots = new Placement(held, usesOf(held, releases)).inBody(fn.body);
  if (!slots) return undefined;
  const { kept, open } = settle(slots, releases);
  const doomed = doom(releases.flatMap((r) => (r.statement && !kept.has(r.statement) ? [r.statement] : [])));
  if (!doomed) return undefined;
  const rewriter = new Rewriter();
  const page: Page = { rewriter, file, style };
  const comments = removeDoomed(rewriter, file, doomed);
  const release = text.certain.replace(/^await /, '') + style.end;
  for (const [index, slot] of open.entries()) write(page, slot, index === 0 ? [...comments, release] : [release]);
  return { title: 'Release in the callback', safety: 'safe', edits: rewriter.edits() };
}

function write(page: Page, slot: Slot, lines: readonly string[]): void {
  if (slot.at === 'concise') insertIntoConcise(page, slot.body, lines);
  else if (slot.at === 'before') insertBefore(page, slot.statement, lines);
  else insertFirst(page, slot.block, slot.index, lines);
}

/** Leaves releases alone that stand where one is wanted. */
function settle(
  slots: readonly Slot[],
  releases: readonly ExistingRelease[],
): { readonly kept: ReadonlySet<ts.Statement>; readonly open: readonly Slot[] } {
  const kept = new Set<ts.Statement>();
  const statements = new Set<ts.Statement>(releases.flatMap((r) => r.statement ?? []));
  const open = slots.filter((slot) => {
    const present =
      slot.at === 'concise'
        ? undefined
        : slot.at === 'before'
          ? before(slot.statement, statements)
          : first(slot, statements);
    if (present) kept.add(present);
    return !present;
  });
  return { kept, open };
}

function before(statement: ts.Statement, releases: ReadonlySet<ts.Statement>): ts.Statement | undefined {
  const list = isList(statement.parent) ? statement.parent.statements : [];
  const previous = (list as readonly ts.Statement[])[(list as readonly ts.Statement[]).indexOf(statement) - 1];
  return previous && releases.has(previous) ? previous : undefined;
}

/** A release in the list that no earlier statement can keep from running. */
function first(
  { block, index }: Slot & { at: 'first' },
  releases: ReadonlySet<ts.Statement>,
): ts.Statement | undefined {
  for (const statement of block.statements.slice(index)) {
    if (releases.has(statement)) return statement;
    if (leavesSomewhere(statement)) return undefined;
  }
  return undefined;
}

function leavesSomewhere(statement: ts.Statement): boolean {
  return someInFunction(
    statement,
    (node) => ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node),
  );
}

/** Finds where the releases belong. */
class Placement {
  readonly #held: Held;
  readonly #uses: Uses;

  constructor(held: Held, uses: Uses) {
    this.#held = held;
    this.#uses = uses;
  }

  /** The body of the callback that receives the resource. */
  inBody(body: ts.Block): readonly Slot[] | undefined {
    const { error } = this.#held.callback ?? {};
    const [first] = body.statements;
    if (isErrorGuard(first, this.#held)) return this.#inList(body, 1);
    if (error === undefined) return this.#inList(body, 0);
    // Without a guard only `if (err) … else …` keeps the two cases apart.
    if (body.statements.length !== 1 || !first || !ts.isIfStatement(first)) return undefined;
    const test = strip(first.expression).getText();
    const branch = test === error ? first.elseStatement : test === `!${error}` ? first.thenStatement : undefined;
    return branch && ts.isBlock(branch) ? this.#inList(branch, 0) : undefined;
  }

  #inList(list: StatementList, from: number): readonly Slot[] | undefined {
    const { statements } = list;
    const last = statements.findLastIndex((s, index) => index >= from && this.#needs(s));
    if (last < 0) return ts.isBlock(list) ? [{ at: 'first', block: list, index: from }] : undefined;
    const slots: Slot[] = [];
    for (const statement of statements.slice(from, last)) {
      const exits = exitsIn(statement);
      // A use before the last one must be over, too, before anything else is.
      if (!exits || (this.#needs(statement) && !this.#isAtOnce(statement))) return undefined;
      slots.push(...exits.map((exit): Slot => ({ at: 'before', statement: exit })));
    }
    const rest = this.#inStatement(statements[last] as ts.Statement);
    return rest && [...slots, ...rest];
  }

  #inStatement(statement: ts.Statement): readonly Slot[] | undefined {
    if (ts.isIfStatement(statement)) {
      const { thenStatement, elseStatement } = statement;
      if (this.#needs(statement.expression) || !elseStatement) return undefined;
      if (!ts.isBlock(thenStatement) || !ts.isBlock(elseStatement)) return undefined;
      const [a, b] = [this.#inList(thenStatement, 0), this.#inList(elseStatement, 0)];
      return a && b && [...a, ...b];
    }
    const expression =
      ts.isExpressionStatement(statement) || ts.isReturnStatement(statement) ? statement.expression : undefined;
    const call = expression && strip(expression);
    if (!call || !ts.isCallExpression(call)) return undefined;
    const continuation = call.arguments.map(strip).find((argument) => isFunctionLiteral(argument));
    if (!continuation || !isFunctionLiteral(continuation)) return undefined;
    if (this.#held.graph.inlined.get(continuation) !== 'callback') return undefined;
    if (ts.isBlock(continuation.body)) return this.#inList(continuation.body, 0);
    return this.#needs(continuation.body) ? undefined : [{ at: 'concise', body: continuation.body }];
  }

  /** Whether the statement uses the resource without starting anything that goes on. */
  #isAtOnce(statement: ts.Statement): boolean {
    return !/\b(?:query|execute|begin\w*|commit|rollback|then)\b/.test(statement.getText());
  }

  #needs(node: ts.Node): boolean {
    return this.#uses.all.some((use) => contains(node, use));
  }
}

/** The statements by which control leaves the function from within a statement; `undefined` where a `try` interferes. */
function exitsIn(statement: ts.Statement): readonly ts.Statement[] | undefined {
  const exits: ts.Statement[] = [];
  let isTried = false;
  walkFunction(statement, (node) => {
    if (ts.isReturnStatement(node)) exits.push(node);
    isTried ||= ts.isTryStatement(node);
  });
  return isTried ? undefined : exits;
}
