import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';

/** Whether a value of one class may be taken for one of the other: one extends the other. */
export function areRelated(inference: Inference, a: ts.ClassLikeDeclaration, b: ts.ClassLikeDeclaration): boolean {
  return ancestry(inference, a).includes(b) || ancestry(inference, b).includes(a);
}

/** The class and those it extends, as far as they belong to the project. */
export function ancestry(inference: Inference, node: ts.ClassLikeDeclaration): readonly ts.ClassLikeDeclaration[] {
  const classes: ts.ClassLikeDeclaration[] = [];
  for (let current: ts.ClassLikeDeclaration | undefined = node; current && !classes.includes(current); ) {
    classes.push(current);
    const base = extended(current);
    const known = base && inference.evaluate(base);
    current = known?.kind === 'class' ? known.class : undefined;
  }
  return classes;
}

/** The expression behind `extends`. */
export function extended(node: ts.ClassLikeDeclaration): ts.Expression | undefined {
  return node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
}
