import assert from 'node:assert/strict';
import ts from 'typescript';
import { buildFlowGraph } from '../../server/analysis/controlFlow/builder.ts';
import { defaultPolicy } from '../../server/analysis/controlFlow/continuations.ts';
import type { FlowGraph } from '../../server/analysis/controlFlow/graph.ts';
import { brokenInvariant } from './invariants.ts';

describe('size of control-flow graphs', () => {
  it('shares finally blocks when their copies become too many', () => {
    const graph = build(nestedFinally(12));
    assert.equal(graph.approximate, true);
    assert.equal(brokenInvariant(graph), undefined);
    assert.ok(graph.nodes.length < 30_000, `${graph.nodes.length} nodes`);
  });

  it('stays exact as long as the copies are few', () => {
    assert.equal(build(nestedFinally(4)).approximate, false);
  });

  it('takes long code of every lopsided shape', () => {
    const shapes = [
      `x = ${'a() + '.repeat(5_000)}b();`,
      `x = ${'a() || '.repeat(1_000)}b();`,
      `if (${'a() && '.repeat(1_000)}b()) c();`,
      `a${'.b()'.repeat(1_000)};`,
      `a?${'.b()'.repeat(1_000)};`,
      `await a${'.then(() => b())'.repeat(500)};`,
      `${'if (a()) b(); else '.repeat(1_000)}c();`,
      `switch (a) { ${'case b(): c();'.repeat(5_000)} }`,
    ];
    for (const shape of shapes) {
      const graph = build(`async function f() { ${shape} }`);
      assert.equal(brokenInvariant(graph), undefined, shape.slice(0, 40));
      assert.ok(graph.nodes.length >= 500, `${shape.slice(0, 40)}: ${graph.nodes.length} nodes`);
    }
  });
});

/** Every block is left in five ways, and stands in the `finally` of the one before. */
function nestedFinally(depth: number): string {
  let body = 'a();';
  for (let i = 0; i < depth; i++) {
    body = `try { if (b()) return; if (c()) break; if (d()) continue; } finally { ${body} }`;
  }
  return `function f() { for (;;) { ${body} } }`;
}

function build(text: string): FlowGraph {
  const source = ts.createSourceFile('size.ts', text, ts.ScriptTarget.Latest, true);
  const [root] = source.statements;
  assert.ok(root && ts.isFunctionDeclaration(root));
  return buildFlowGraph(root, defaultPolicy);
}
