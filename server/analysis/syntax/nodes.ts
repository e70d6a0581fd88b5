import ts from 'typescript';
import { isKept } from './keptFunctions.ts';

/** What a walk over some part of a file met, in source order; names and other tokens are left out. */
type Stretch = readonly (ts.Node | OutermostFunction)[];

/**
 * The nodes of a function that lies in no other one. An edit somewhere else keeps the function's nodes, and so what was
 * found out about them.
 */
interface OutermostFunction {
  readonly byKind: ReadonlyMap<ts.SyntaxKind, readonly ts.Node[]>;
  /** Of several kinds together, by the list that asks for them. */
  readonly merged: Map<readonly ts.SyntaxKind[], readonly ts.Node[]>;
  /** What was read in them, by the reader. */
  readonly read: Map<Reader<unknown>, readonly unknown[]>;
}

/** Makes something of a node and of what lies in it, and looks at nothing around it; `undefined` for most nodes. */
type Reader<Result> = (node: ts.Node) => Result | undefined;

interface Index {
  readonly stretch: Stretch;
  readonly merged: Map<readonly ts.SyntaxKind[], readonly ts.Node[]>;
  readonly read: Map<Reader<unknown>, readonly unknown[]>;
}

const indexes = new WeakMap<ts.SourceFile, Index>();
const functions = new WeakMap<ts.Node, OutermostFunction>();

/**
 * The nodes of these kinds in a file, in source order, outer ones first. Many rules look for a few kinds in each file: one
 * walk serves them all.
 * @param kinds The same list each time, for what it yields is kept.
 */
function nodesIn(file: ts.SourceFile, kinds: readonly ts.SyntaxKind[]): readonly ts.Node[] {
  const index = indexOf(file);
  let nodes = index.merged.get(kinds);
  if (!nodes) {
    nodes = index.stretch.flatMap((part) => {
      if ('byKind' in part) return inFunction(part, kinds);
      return kinds.includes(part.kind) ? part : [];
    });
    index.merged.set(kinds, nodes);
  }
  return nodes;
}

function indexOf(file: ts.SourceFile): Index {
  let index = indexes.get(file);
  if (!index) {
    index = { stretch: stretchOf(file), merged: new Map(), read: new Map() };
    indexes.set(file, index);
  }
  return index;
}

function inFunction({ byKind, merged }: OutermostFunction, kinds: readonly ts.SyntaxKind[]): readonly ts.Node[] {
  let nodes = merged.get(kinds);
  if (!nodes) {
    nodes = kinds.flatMap((kind) => byKind.get(kind) ?? []).sort((a, b) => a.pos - b.pos || b.end - a.end);
    merged.set(kinds, nodes);
  }
  return nodes;
}

/** Calls `visit` for the nodes of these kinds (one of the lists below) in a file. */
export function walkKinds(file: ts.SourceFile, kinds: readonly ts.SyntaxKind[], visit: (node: ts.Node) => void): void {
  for (const node of nodesIn(file, kinds)) visit(node);
}

/**
 * What `read` makes of the nodes of these kinds in a file, in source order. It is kept for functions that an edit leaves
 * alone, as their nodes are.
 * @param read The same function each time, which is asked once for a node: what it says must not depend on nodes around it.
 */
export function readIn<Result>(
  file: ts.SourceFile,
  kinds: readonly ts.SyntaxKind[],
  read: Reader<Result>,
): readonly Result[] {
  const { stretch, read: known } = indexOf(file);
  return remembered(known, read, () =>
    stretch.flatMap((part) => {
      if (!('byKind' in part)) return kinds.includes(part.kind) ? (read(part) ?? []) : [];
      return remembered(part.read, read, () => inFunction(part, kinds).flatMap((node) => read(node) ?? []));
    }),
  );
}

function remembered<Result>(
  known: Map<Reader<unknown>, readonly unknown[]>,
  read: Reader<Result>,
  make: () => readonly Result[],
): readonly Result[] {
  let results = known.get(read) as readonly Result[] | undefined;
  if (!results) {
    results = make();
    known.set(read, results);
  }
  return results;
}

/** All calls and `new` expressions of a file. */
export function callsIn(file: ts.SourceFile): readonly (ts.CallExpression | ts.NewExpression)[] {
  return nodesIn(file, callKinds) as readonly (ts.CallExpression | ts.NewExpression)[];
}

function stretchOf(file: ts.SourceFile): Stretch {
  const stretch: (ts.Node | OutermostFunction)[] = [];
  const add = (node: ts.Node): void => {
    if (isKept(node)) {
      let known = functions.get(node);
      if (!known) {
        known = { byKind: byKind(node), merged: new Map(), read: new Map() };
        functions.set(node, known);
      }
      stretch.push(known);
      return;
    }
    if (node.kind > ts.SyntaxKind.LastToken) stretch.push(node);
    ts.forEachChild(node, add);
  };
  add(file);
  return stretch;
}

function byKind(root: ts.Node): ReadonlyMap<ts.SyntaxKind, readonly ts.Node[]> {
  const index = new Map<ts.SyntaxKind, ts.Node[]>();
  const add = (node: ts.Node): void => {
    if (node.kind > ts.SyntaxKind.LastToken) {
      const nodes = index.get(node.kind);
      if (nodes) nodes.push(node);
      else index.set(node.kind, [node]);
    }
    ts.forEachChild(node, add);
  };
  add(root);
  return index;
}

const { SyntaxKind } = ts;

export const callKinds = [SyntaxKind.CallExpression, SyntaxKind.NewExpression];
/** Assignments are among them. */
export const binaryKinds = [SyntaxKind.BinaryExpression];
/** `++` and `--`, assignments, and calls: everything that changes a count or a collection. */
export const updateKinds = [
  SyntaxKind.PrefixUnaryExpression,
  SyntaxKind.PostfixUnaryExpression,
  SyntaxKind.BinaryExpression,
  SyntaxKind.CallExpression,
];
export const loopKinds = [
  SyntaxKind.ForStatement,
  SyntaxKind.ForOfStatement,
  SyntaxKind.ForInStatement,
  SyntaxKind.WhileStatement,
  SyntaxKind.DoStatement,
];
export const functionKinds = [
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
];
const classKinds = [SyntaxKind.ClassDeclaration, SyntaxKind.ClassExpression];
export const declarationKinds = [...classKinds, ...functionKinds];
export const accessKinds = [
  SyntaxKind.PropertyAccessExpression,
  SyntaxKind.ElementAccessExpression,
  SyntaxKind.BindingElement,
];
export const memberKinds = [SyntaxKind.PropertyAccessExpression];
export const ifKinds = [SyntaxKind.IfStatement];
export const callAndAssignmentKinds = [...callKinds, ...binaryKinds];
export const evidenceKinds = [
  SyntaxKind.ImportDeclaration,
  SyntaxKind.CallExpression,
  SyntaxKind.JsxOpeningElement,
  SyntaxKind.JsxSelfClosingElement,
  SyntaxKind.JsxFragment,
];
