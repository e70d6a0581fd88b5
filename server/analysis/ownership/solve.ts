import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Program } from '../syntax/program.ts';
import { contains } from '../syntax/tree.ts';
import type { Callees } from './effects.ts';
import { canReach, type Exploration, explore, type Leak } from './explore.ts';
import type { Question } from './outcome.ts';
import type { Following } from './scene.ts';
import { Transfer } from './transfer.ts';

/** Every callee is taken for a borrower. */
export const always: Following = { releasedLater: () => true, releasedInOrder: () => true, usedInOrder: () => true };

/** An exploration, and the leak there would be if every callee that nobody knows only borrowed the resource. */
export interface Solution extends Exploration {
  readonly ifBorrowed: Leak | undefined;
}

/**
 * Solves one question. Two passes: the first finds where the resource is given back if every unknown callee only
 * borrows it; the second takes a callee that no release can follow as the new owner.
 */
export function solve(program: Program, question: Question, callees: Callees): Solution {
  const { graph, origin } = question;
  const first = new Transfer(program, question, callees, always);
  const borrowing = explore(graph, first, () => false);
  if (borrowing.gaveUp) return { ...borrowing, ifBorrowed: undefined };
  const sites = new Set(
    graph.nodes.filter((n) => origin.via !== 'parameters' && n.kind === 'evaluate' && n.syntax === origin.site),
  );
  const before = canReach(graph, borrowing.discharges, sites);
  const inOrder = canReach(graph, borrowing.discharges, sites, 'in order');
  const used = canReach(graph, first.usedAt, sites, 'in order');
  const following: Following = {
    releasedLater: (node) => before.has(node),
    releasedInOrder: (node) => inOrder.has(node),
    usedInOrder: (node) => used.has(node),
  };
  const isGap = gapBefore(borrowing.discharges, origin.via === 'parameters' ? undefined : origin.site);
  const owning = explore(graph, new Transfer(program, question, callees, following), isGap);
  return { ...owning, ifBorrowed: borrowing.plain };
}

/**
 * Throws between the acquisition and the `try` that protects it are graded apart: the code is nearly right.
 * The protecting `try` is the first one after the acquisition whose `finally` or `catch` gives the resource back.
 */
function gapBefore(discharges: ReadonlySet<FlowNode>, site: ts.Node | undefined): (node: FlowNode) => boolean {
  if (!site) return () => false;
  const tries = [...discharges].map((d) => protectingTry(d.syntax)).filter((t) => t !== undefined);
  const protecting = tries
    .filter((t) => site.end <= t.getStart() && t.parent === statementList(site, t))
    .sort((a, b) => a.pos - b.pos)[0];
  return protecting ? ({ syntax }) => syntax.end <= protecting.getStart() : () => false;
}

function protectingTry(node: ts.Node): ts.TryStatement | undefined {
  for (let current = node; current.parent && !ts.isSourceFile(current.parent); current = current.parent) {
    const { parent } = current;
    if (ts.isTryStatement(parent) && current === parent.finallyBlock) return parent;
  }
  return undefined;
}

/** The block that contains the acquisition, if the `try` stands in it too. */
function statementList(site: ts.Node, statement: ts.Node): ts.Node | undefined {
  return contains(statement.parent, site) ? statement.parent : undefined;
}
