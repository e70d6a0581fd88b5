import ts from 'typescript';
import { contains, walk } from '../syntax/tree.ts';
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
