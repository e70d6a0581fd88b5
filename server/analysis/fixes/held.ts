import ts from 'typescript';
import type { FlowGraph, GraphRoot } from '../controlFlow/graph.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Obligation } from '../ownership/obligation.ts';
import type { SolvedObligation } from '../ownership/ownership.ts';
import type { Binding } from '../syntax/scopes.ts';
import { strip } from '../syntax/tree.ts';
import type { Style } from './style.ts';

/** A resource that has a name, as the edit builders see it. Later rules build it from their own facts. */
export interface Held {
  readonly analysis: FileAnalysis;
  readonly file: ts.SourceFile;
  readonly style: Style;
  readonly solved: SolvedObligation;
  readonly obligation: Obligation;
  readonly graph: FlowGraph;
  /** The function in which the resource gets its name. */
  readonly fn: GraphRoot;
  /** The variable that leads to the resource. */
  readonly binding: Binding;
  /** What denotes the resource: `client`, `lease.client`. */
  readonly resource: string;
  /** The identifier in which the acquisition puts it. */
  readonly target: ts.Identifier;
  /** The statement that acquires; absent when the resource is a parameter of `fn`. */
  readonly acquisition: ts.VariableStatement | ts.ExpressionStatement | undefined;
  /** What must hold for the resource to have been acquired here, as text: `!given`. */
  readonly guard: string | undefined;
  /** For a parameter: the names beside it. */
  readonly callback: CallbackNames | undefined;
}

export interface CallbackNames {
  /** The parameter that is nullish when the resource is there. */
  readonly error: string | undefined;
  /** The parameter that releases when it is called. */
  readonly releaser: ts.Identifier | undefined;
}

/** Where the value of an acquisition goes when it gets no name. */
export interface Nameless {
  readonly how: 'discarded' | 'used';
  /** The expression whose value is the resource. */
  readonly expression: ts.Expression;
}

export type Receipt = Held | Nameless;

export const isHeld = (receipt: Receipt | undefined): receipt is Held => receipt !== undefined && 'binding' in receipt;

/** Whether evaluating the expression twice is as good as once: names, fields and their negation. */
export function isStable(node: ts.Expression): boolean {
  const expression = strip(node);
  if (ts.isPropertyAccessExpression(expression)) return isStable(expression.expression);
  if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.ExclamationToken)
    return isStable(expression.operand);
  return ts.isIdentifier(expression) || expression.kind === ts.SyntaxKind.ThisKeyword;
}
