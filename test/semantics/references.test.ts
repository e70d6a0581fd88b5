import assert from 'node:assert/strict';
import ts from 'typescript';
import { Inference } from '../../server/analysis/inference/inference.ts';
import { ModelIndex } from '../../server/analysis/inference/modelIndex.ts';
import { libraryModels } from '../../server/analysis/resources/index.ts';
import type { Callable } from '../../server/analysis/semantics/referenceSubject.ts';
import { References, type Uses } from '../../server/analysis/semantics/references.ts';
import { Program } from '../../server/analysis/syntax/program.ts';
import { root } from '../support/analyse.ts';
import { MemoryHost } from '../support/memoryHost.ts';
import { cases } from './references.cases.ts';

/** The function or class that stands behind the comment. */
const mark = '/*?*/';

function subjectIn(program: Program, paths: Iterable<string>): Callable {
  for (const path of paths) {
    const unit = program.unit(path);
    const at = unit?.text.indexOf(mark) ?? -1;
    if (!unit || at < 0) continue;
    let found: Callable | undefined;
    const visit = (node: ts.Node): void => {
      const isCallable = (ts.isFunctionLike(node) && 'body' in node) || ts.isClassLike(node);
      if (!found && isCallable && node.getStart(unit.file) > at) found = node as Callable;
      ts.forEachChild(node, visit);
    };
    visit(unit.file);
    if (found) return found;
  }
  throw new Error('no function is marked');
}

/** The uses as the comments at the ends of their lines say them. */
function inWords(uses: Uses): readonly string[] {
  const found = [
    ...uses.calls.map(({ call, unit, certain }) => ({ unit, node: call, kind: certain ? 'call' : 'possible call' })),
    ...uses.values.map(({ token, unit, certain }) => ({
      unit,
      node: token,
      kind: certain ? 'value' : 'possible value',
    })),
  ];
  return found.map(({ unit, node, kind }) => {
    const { line } = unit.file.getLineAndCharacterOfPosition(node.getStart(unit.file));
    return `${unit.path.slice(root.length + 1)}:${line + 1} ${kind}`;
  });
}

function expectedIn(files: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(files).flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) => {
      const kinds = /\/\/ ((?:possible )?(?:call|value)(?: \+ (?:possible )?(?:call|value))*)$/.exec(line)?.[1];
      return kinds === undefined ? [] : kinds.split(' + ').map((kind) => `${path}:${index + 1} ${kind}`);
    }),
  );
}

describe('references', () => {
  for (const { title, files, exposed = false, unknown = false } of cases) {
    it(title, () => {
      const host = new MemoryHost(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]));
      const program = new Program(host);
      const references = new References(new Inference(program, new ModelIndex(libraryModels)));
      const uses = references.usesOf(subjectIn(program, host.files.keys()));
      if (unknown) {
        assert.equal(uses, 'unknown');
        return;
      }
      assert.notEqual(uses, 'unknown');
      assert.deepEqual([...inWords(uses as Uses)].sort(), [...expectedIn(files)].sort());
      assert.equal((uses as Uses).exposed, exposed, 'exposed');
    });
  }
});
