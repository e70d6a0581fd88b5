import ts from 'typescript';
import { contains, isAssignment, walk } from '../syntax/tree.ts';
import type { Origin } from './obligation.ts';

/** Tells, as far as names do, which code has to do with a resource's acquisition and release. */
export class Relevance {
  readonly #site: ts.Node | undefined;
  readonly #mayRelease: (call: ts.CallExpression) => boolean;
  readonly #releases = new Map<ts.Node, boolean>();

  constructor(origin: Origin, mayRelease: (call: ts.CallExpression) => boolean) {
    this.#site = origin.via === 'parameters' ? undefined : origin.site;
    this.#mayRelease = mayRelease;
  }

  /** Whether the code passes to a call what the acquisition was put into. */
  passes(node: ts.Node): boolean {
    const name = this.#name;
    let found = false;
    if (name !== undefined)
      walk(node, (inner) => {
        found ||= ts.isCallExpression(inner) && inner.arguments.some((it) => ts.isIdentifier(it) && it.text === name);
      });
    return found;
  }

  /** The variable that gets what is acquired. */
  get #name(): string | undefined {
    let node = this.#site;
    while (node && ts.isExpression(node) && !isAssigned(node)) node = node.parent;
    if (!node) return undefined;
    const { parent } = node;
    const target = ts.isVariableDeclaration(parent)
      ? parent.name
      : ts.isBinaryExpression(parent)
        ? parent.left
        : undefined;
    return target && ts.isIdentifier(target) ? target.text : undefined;
  }

  acquires(node: ts.Node): boolean {
    return this.#site !== undefined && contains(node, this.#site);
  }

  releases(node: ts.Node): boolean {
    let found = this.#releases.get(node) ?? false;
    if (this.#releases.has(node)) return found;
    walk(node, (inner) => {
      if (ts.isCallExpression(inner)) found ||= this.#mayRelease(inner);
    });
    this.#releases.set(node, found);
    return found;
  }
}

/** Whether an expression is what an assignment or a declaration gives. */
function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node;
  return ts.isBinaryExpression(parent) && parent.right === node && isAssignment(parent.operatorToken.kind);
}
