import assert from 'node:assert/strict';
import fc from 'fast-check';
import ts from 'typescript';
import { buildFlowGraph } from '../../server/analysis/controlFlow/builder.ts';
import { defaultPolicy } from '../../server/analysis/controlFlow/continuations.ts';
import type { FlowGraph, FlowPolicy } from '../../server/analysis/controlFlow/graph.ts';
import { printFlowGraph } from '../../server/analysis/controlFlow/printer.ts';
import { execute } from './differential/execute.ts';
import { type ProgramKind, ProgramWriter } from './differential/generate.ts';
import { contradiction } from './differential/simulate.ts';
import { brokenInvariant } from './invariants.ts';

const harnessCall = /^(?:t|o|ob|arr|key|it|disposables|d|a|cb|h\d+)$/;

/** The harness calls throw, everything else in a generated program does not. */
const policy: FlowPolicy = {
  ...defaultPolicy,
  mayThrow(node) {
    const callee = ts.isCallExpression(node) ? node.expression : node;
    return ts.isIdentifier(callee) && harnessCall.test(callee.text);
  },
};

const runs = Number(process.env.FLOW_RUNS ?? 200);
const kinds: readonly ProgramKind[] = ['sync', 'async', 'generator', 'using'];
const numbers = (maxLength: number) => fc.array(fc.nat(5_000), { maxLength, size: 'max' });

describe('control flow of generated programs', () => {
  for (const kind of kinds) {
    it(`follows every run (${kind})`, async () => {
      await fc.assert(
        fc.asyncProperty(
          numbers(150),
          fc.array(numbers(150), { minLength: 3, maxLength: 3 }),
          async (shape, decisions) => {
            const text = new ProgramWriter(shape).program(kind);
            const graph = graphOf(text);
            const broken = brokenInvariant(graph);
            assert.equal(broken, undefined, `${broken}\n${text}\n${printFlowGraph(graph)}`);
            for (const list of decisions) {
              const run = await execute(text, kind, list);
              const problem = contradiction(graph, run);
              if (problem !== undefined) {
                assert.fail(`${problem}\n${text}\n${printFlowGraph(graph)}\n${JSON.stringify(run)}`);
              }
            }
          },
        ),
        { numRuns: runs },
      );
    });
  }

  it('survives damaged text', () => {
    const cuts = fc.array(fc.tuple(fc.nat(4_000), fc.nat(12)), { maxLength: 6 });
    fc.assert(
      fc.property(numbers(120), fc.constantFrom(...kinds), cuts, (shape, kind, list) => {
        let text = new ProgramWriter(shape).program(kind);
        for (const [at, length] of list) {
          const start = at % text.length;
          text = text.slice(0, start) + text.slice(start + length);
        }
        const source = ts.createSourceFile('damaged.ts', text, ts.ScriptTarget.Latest, true);
        for (const root of [source, ...source.statements.filter(ts.isFunctionDeclaration)]) {
          assert.equal(brokenInvariant(buildFlowGraph(root, defaultPolicy)), undefined, text);
        }
      }),
      { numRuns: runs },
    );
  });
});

function graphOf(text: string): FlowGraph {
  const source = ts.createSourceFile('program.ts', text, ts.ScriptTarget.Latest, true);
  const [program] = source.statements;
  assert.ok(program && ts.isFunctionDeclaration(program));
  return buildFlowGraph(program, policy);
}
