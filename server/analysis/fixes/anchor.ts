import ts from 'typescript';
import { leavesBlock } from '../syntax/leaving.ts';
import { contains, enclosingRoot, isNothing, isRoot, strip } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import { isList, type StatementList } from './removal.ts';

/** Where the protection of a resource begins. */
export interface Anchor {
  readonly list: StatementList;
  /** The first statement of the list that is to be protected. */
  readonly from: number;
  /** Whether the resource is there when that statement is reached; else it is acquired in it, or perhaps not at all. */
  readonly certain: boolean;
  /** The declaration that has to admit that nothing was acquired. */
  readonly declaration: ts.VariableDeclaration | undefined;
}

/** Finds the place from which all `needing` nodes can be protected. */
export function anchorOf(held: Held, needing: readonly ts.Node[]): Anchor | undefined {
  const { acquisition, fn } = held;
  if (!acquisition) {
    const body = 'body' in fn ? fn.body : undefined;
    if (!body || !ts.isBlock(body)) return undefined;
    const from = isErrorGuard(body.statements[0], held) ? 1 : 0;
    return { list: body, from, certain: true, declaration: undefined };
  }
  if (!isList(acquisition.parent)) return outerAnchor(held, acquisition, needing);
  const list = acquisition.parent;
  const from = list.statements.indexOf(acquisition) + 1;
  const inside = needing.every((node) => list.statements.slice(from).some((s) => contains(s, node)));
  if (!inside) return outerAnchor(held, acquisition, needing);
  // Whoever declares the name before the `try` wants to see it in the `finally`.
  const isFirst = from === 1 && ts.isTryStatement(list.parent) && list.parent.tryBlock === list;
  const outer = isFirst && !narrowingIsLost(held) ? outerAnchor(held, acquisition, needing) : undefined;
  if (outer) return outer;
  return { list, from: skipNullGuards(list, from, held), certain: true, declaration: undefined };
}

/** `let client; try { client = await pool.connect(); …`: the protection begins beside the declaration. */
function outerAnchor(held: Held, acquisition: ts.Statement, needing: readonly ts.Node[]): Anchor | undefined {
  const declaration = emptyDeclaration(held);
  const list = declaration?.parent.parent.parent;
  if (!declaration || !list || !isList(list)) return undefined;
  let statement: ts.Node = acquisition;
  while (statement.parent !== list) {
    // In a loop the name may still lead to what an earlier round has released.
    if (isRoot(statement) || ts.isSourceFile(statement.parent) || isLoop(statement)) return undefined;
    statement = statement.parent;
  }
  if (isLoop(statement)) return undefined;
  const index = list.statements.indexOf(statement as ts.Statement);
  if (!needing.every((node) => list.statements.slice(index).some((s) => contains(s, node)))) return undefined;
  const after = needing.every((node) => !contains(statement, node));
  if (after && leavesUnlessAcquired(statement, acquisition)) {
    return { list, from: skipNullGuards(list, index + 1, held), certain: true, declaration: undefined };
  }
  return { list, from: index, certain: false, declaration };
}

/** A declared type that gets ` | undefined` is narrowed by the assignment, but not in closures. */
function narrowingIsLost({ binding, fn }: Held): boolean {
  const declaration = binding.declarations[0]?.parent;
  const isTyped = declaration && ts.isVariableDeclaration(declaration) && declaration.type;
  return Boolean(isTyped) && binding.references.some((reference) => enclosingRoot(reference) !== fn);
}

/** The variable's own declaration, when it says that nothing is acquired yet. */
function emptyDeclaration({ binding, fn }: Held): ts.VariableDeclaration | undefined {
  const declaration = binding.declarations[0]?.parent;
  if (!declaration || !ts.isVariableDeclaration(declaration) || binding.declarations.length > 1) return undefined;
  if (!ts.isVariableStatement(declaration.parent.parent) || !contains(fn, declaration)) return undefined;
  return !declaration.initializer || isNothing(declaration.initializer) ? declaration : undefined;
}

const isLoop = (node: ts.Node): boolean => ts.isIterationStatement(node, false) || ts.isLabeledStatement(node);

/** `try { client = await pool.connect(); } catch (error) { …; throw … }`: whoever comes out of it has the resource. */
function leavesUnlessAcquired(statement: ts.Node, acquisition: ts.Statement): boolean {
  if (!ts.isTryStatement(statement) || statement.finallyBlock || !statement.catchClause) return false;
  return statement.tryBlock.statements.at(-1) === acquisition && leavesBlock(statement.catchClause.block);
}

/** `if (!client) return …;` right after the acquisition cannot be taken while the resource is held. */
function skipNullGuards(list: StatementList, from: number, { resource }: Held): number {
  let index = from;
  for (;;) {
    const statement = list.statements[index];
    if (!statement || !ts.isIfStatement(statement) || statement.elseStatement) return index;
    if (!isMissing(statement.expression, resource) || !leavesBlock(statement.thenStatement)) return index;
    index += 1;
  }
}

function isMissing(condition: ts.Expression, resource: string): boolean {
  const test = strip(condition);
  if (ts.isPrefixUnaryExpression(test))
    return test.operator === ts.SyntaxKind.ExclamationToken && strip(test.operand).getText() === resource;
  if (!ts.isBinaryExpression(test) || !isNothing(test.right)) return false;
  const isEquality =
    test.operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken ||
    test.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
  return isEquality && test.left.getText() === resource;
}

/** `if (err) return cb(err);` at the start of a callback: no resource was acquired then. */
export function isErrorGuard(statement: ts.Statement | undefined, { callback }: Held): boolean {
  if (!statement || callback?.error === undefined || !ts.isIfStatement(statement) || statement.elseStatement)
    return false;
  return strip(statement.expression).getText() === callback.error && leavesBlock(statement.thenStatement);
}

/** Whether the code asks somewhere in the statements whether the resource is there at all. */
export function asksForPresence(
  uses: readonly ts.Identifier[],
  { resource }: Held,
  statements: readonly ts.Node[],
): boolean {
  return uses.some((use) => {
    if (use.text !== resource || !statements.some((s) => contains(s, use))) return false;
    const { parent } = use;
    if (ts.isPrefixUnaryExpression(parent) || ts.isIfStatement(parent)) return true;
    if (ts.isConditionalExpression(parent)) return parent.condition === use;
    if (ts.isPropertyAccessExpression(parent)) return parent.questionDotToken !== undefined;
    return (
      ts.isBinaryExpression(parent) && parent.left === use && parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken
    );
  });
}
