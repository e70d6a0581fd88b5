import assert from 'node:assert/strict';
import ts from 'typescript';
import { Inference } from '../../server/analysis/inference/inference.ts';
import type { Known } from '../../server/analysis/inference/known.ts';
import { ModelIndex } from '../../server/analysis/inference/modelIndex.ts';
import { libraryModels } from '../../server/analysis/resources/index.ts';
import { Program } from '../../server/analysis/syntax/program.ts';
import { root } from '../support/analyse.ts';
import { expectation } from '../support/expectation.ts';
import { MemoryHost } from '../support/memoryHost.ts';
import { cases, otherFiles } from './cases.ts';

/** What is known of the argument of the snippet's `probe(…)`, in words. */
function knownIn(snippet: string, path: string): string {
  const files = { ...otherFiles, [path]: snippet };
  const program = new Program(new MemoryHost(Object.entries(files).map(([name, text]) => [`${root}/${name}`, text])));
  const unit = program.unit(`${root}/${path}`);
  assert.ok(unit);
  let argument: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'probe') argument = node.arguments[0];
    ts.forEachChild(node, visit);
  };
  visit(unit.file);
  assert.ok(argument, 'the snippet has no probe(…)');
  return inWords(new Inference(program, new ModelIndex(libraryModels)).evaluate(argument));
}

function inWords(known: Known | undefined): string {
  if (known === undefined) return 'unknown';
  switch (known.kind) {
    case 'promise':
      return `Promise<${inWords(known.of)}>`;
    case 'library': {
      const { shape, model } = known;
      if ('value' in shape) return `${model.library} ${shape.value}`;
      if ('class' in shape) return `class ${model.library} ${shape.class}`;
      if ('type' in shape) return `type ${model.library} ${shape.type}`;
      return 'namespace' in shape ? `module ${model.library}` : `function of ${model.library}`;
    }
    case 'instance':
      return `instance of ${known.class.name?.text}`;
    case 'class':
      return `class ${known.class.name?.text}`;
    case 'module':
      return 'module';
    default:
      return known.kind;
  }
}

describe('inference', () => {
  for (const [theme, rows] of Object.entries(cases)) {
    describe(theme, () => {
      for (const [snippet, expected, path = 'src/case.ts'] of rows) {
        expectation(`${expected}: ${snippet.trim().replace(/\s+/g, ' ').slice(0, 150)}`, () => {
          assert.equal(knownIn(snippet, path), expected);
        });
      }
    });
  }
});
