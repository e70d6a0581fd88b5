import ts from 'typescript';
import { ownerAround } from '../detachment/owners.ts';
import { contains, enclosingClass } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { Lines } from './lines.ts';
import type { Page } from './wrap.ts';

/** An object that can keep a controller in a field and abort it where it ends. */
export interface Stoppable {
  readonly owner: ts.ClassLikeDeclaration;
  /** The field's name, which the class does not use yet. */
  readonly field: string;
  readonly endName: string;
  readonly end: ts.Block;
  /** Declares the field, where the language has declarations. */
  declare(page: Page): void;
}

/** The object to which the code at a node belongs, if it has a method that ends it. */
export function stoppable(node: ts.Node, unit: SourceUnit): Stoppable | undefined {
  const owner = enclosingClass(node);
  const end = owner && ownerAround(node)?.ends.find(({ fn }) => !contains(fn, node));
  const body = end?.fn.body;
  const first = owner?.members[0];
  const text = owner?.getText() ?? '';
  const field = ['stopping', 'ending'].find((it) => !text.includes(it));
  if (!owner || !end || !body || !ts.isBlock(body) || !first || field === undefined) return undefined;
  return {
    owner,
    field,
    endName: end.name.getText(),
    end: body,
    declare({ rewriter, file, style }) {
      if (!/\.[cm]?tsx?$/.test(unit.path)) return;
      const start = first.getStart(file, true);
      const indent = new Lines(file.text).indentAt(start);
      rewriter.insert(start, `private ${field}: AbortController | undefined${style.end}${style.newline}${indent}`);
    },
  };
}
