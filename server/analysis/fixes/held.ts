import ts from 'typescript';
import type { FlowGraph, GraphRoot } from '../controlFlow/graph.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Obligation } from '../ownership/obligation.ts';
import type { SolvedObligation } from '../ownership/ownership.ts';
import type { Carry } from '../ownership/state.ts';
import type { Binding } from '../syntax/scopes.ts';
import { enclosingRoot, memberName, strip } from '../syntax/tree.ts';
import { type Style, styleOf } from './style.ts';

/** A resource that has a name, as the edit builders see it. Later rules build it from their own facts. */
export interface Held {
  readonly analysis: FileAnalysis;
  readonly file: ts.SourceFile;
  readonly style: Style;
  readonly solved: SolvedObligation;
  readonly obligation: Obligation;
  readonly graph: FlowGraph;
  /** The function that acquires. */
  readonly fn: GraphRoot;
  /** The variable that leads to the resource. */
  readonly binding: Binding;
  /** What denotes the resource: `client`, `lease.client`. */
  readonly resource: string;
  /** The identifier in which the acquisition puts it. */
  readonly target: ts.Identifier;
  /** The statement that acquires. */
  readonly acquisition: ts.VariableStatement | ts.ExpressionStatement;
  /** What must hold for the resource to have been acquired here, as text: `!given`. */
  readonly guard: string | undefined;
}

/** Where the value of an acquisition goes when it gets no name. */
export interface Nameless {
  readonly how: 'discarded' | 'used';
  /** The expression whose value is the resource. */
  readonly expression: ts.Expression;
}

export type Receipt = Held | Nameless;

export const isHeld = (receipt: Receipt | undefined): receipt is Held => receipt !== undefined && 'binding' in receipt;

interface Climb {
  readonly node: ts.Expression;
  readonly guard: string | undefined;
  readonly path: readonly string[];
}

/** Follows the acquired value to the name it gets. */
export function receiptOf(analysis: FileAnalysis, solved: SolvedObligation): Receipt | undefined {
  const { obligation, graph } = solved;
  if (obligation.origin.via !== 'value') return undefined;
  const climb = climbFrom(obligation.site, obligation.origin.carry);
  if (!climb) return undefined;
  const { node, guard, path } = climb;
  const parent = node.parent;
  const place = (target: ts.BindingName | ts.Expression): { target: ts.Identifier; resource: string } | undefined => {
    if (ts.isIdentifier(target)) return { target, resource: [target.text, ...path].join('.') };
    if (!ts.isObjectBindingPattern(target)) return undefined;
    const [head, ...rest] = path;
    const element = target.elements.find((e) => (e.propertyName ?? e.name).getText() === head);
    if (head === undefined || !element || element.dotDotDotToken || !ts.isIdentifier(element.name)) return undefined;
    return { target: element.name, resource: [element.name.text, ...rest].join('.') };
  };
  const { file, scopes } = analysis.unit;
  const fn = enclosingRoot(obligation.site);
  const held = (
    named: { target: ts.Identifier; resource: string } | undefined,
    acquisition: Held['acquisition'],
  ): Held | undefined => {
    const binding = named && scopes.bindingOf(named.target);
    if (!named || !binding || path.includes('*')) return undefined;
    return {
      analysis,
      file,
      style: styleOf(file),
      solved,
      obligation,
      graph,
      fn,
      binding,
      ...named,
      acquisition,
      guard,
    };
  };
  if (ts.isVariableDeclaration(parent) && ts.isVariableDeclarationList(parent.parent)) {
    if (!ts.isVariableStatement(parent.parent.parent)) return undefined;
    // What follows in the same statement could throw before any `try` begins.
    if (parent !== parent.parent.declarations.at(-1)) return undefined;
    return held(place(parent.name), parent.parent.parent);
  }
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    let outer: ts.Node = parent;
    while (ts.isParenthesizedExpression(outer.parent)) outer = outer.parent;
    return ts.isExpressionStatement(outer.parent) ? held(place(strip(parent.left)), outer.parent) : undefined;
  }
  if (guard !== undefined) return undefined;
  if (ts.isExpressionStatement(parent)) return { how: 'discarded', expression: node };
  return ts.isPropertyAccessExpression(parent) && parent.expression === node
    ? { how: 'used', expression: node }
    : undefined;
}

function climbFrom(site: ts.Expression, carry: Carry): Climb | undefined {
  let node = site;
  let awaited = !carry.promised;
  let guard: string | undefined;
  let path = carry.path;
  for (;;) {
    const { parent } = node;
    if (ts.isAwaitExpression(parent)) {
      awaited = true;
      node = parent;
    } else if (isWrapper(parent)) {
      node = parent;
    } else if (ts.isPropertyAccessExpression(parent) && parent.expression === node && memberName(parent) === path[0]) {
      path = path.slice(1);
      node = parent;
    } else if (ts.isBinaryExpression(parent) && parent.right === node && isFallback(parent.operatorToken.kind)) {
      if (guard !== undefined || !isStable(parent.left)) return undefined;
      guard = `!${parent.left.getText()}`;
      node = parent;
    } else if (ts.isConditionalExpression(parent) && parent.condition !== node) {
      if (guard !== undefined || !isStable(parent.condition)) return undefined;
      const condition = parent.condition.getText();
      guard = parent.whenTrue === node ? condition : negated(condition);
      node = parent;
    } else return awaited ? { node, guard, path } : undefined;
  }
}

const isWrapper = (node: ts.Node): node is ts.Expression =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isNonNullExpression(node) ||
  ts.isTypeAssertionExpression(node);

const negated = (condition: string): string => (condition.startsWith('!') ? condition.slice(1) : `!${condition}`);

const isFallback = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;

/** Whether evaluating the expression twice is as good as once: names, fields and their negation. */
export function isStable(node: ts.Expression): boolean {
  const expression = strip(node);
  if (ts.isPropertyAccessExpression(expression)) return isStable(expression.expression);
  if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.ExclamationToken)
    return isStable(expression.operand);
  return ts.isIdentifier(expression) || expression.kind === ts.SyntaxKind.ThisKeyword;
}
