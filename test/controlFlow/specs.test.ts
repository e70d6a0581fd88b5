import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { buildFlowGraph } from '../../server/analysis/controlFlow/builder.ts';
import { defaultPolicy } from '../../server/analysis/controlFlow/continuations.ts';
import type { GraphRoot } from '../../server/analysis/controlFlow/graph.ts';
import { printFlowGraph } from '../../server/analysis/controlFlow/printer.ts';
import { brokenInvariant } from './invariants.ts';

/** The specs stand in the source tree, which the compiled test reads from the root of the repository. */
const directory = path.resolve('test/controlFlow');

/** A heading, some prose, one fence of code, one fence with the expected graph. */
const spec =
  /^## (?<title>.+)\n(?<prose>(?:(?!## |```).*\n)*)```(?<language>\w+)\n(?<code>[\s\S]*?)```\n\n?```graph\n(?<graph>[\s\S]*?)```$/gm;

for (const name of readdirSync(directory).filter((entry) => entry.endsWith('.md') && entry !== 'README.md')) {
  describe(`control flow: ${name}`, () => {
    const file = path.join(directory, name);
    const text = readFileSync(file, 'utf8');
    let updated = text;

    for (const match of text.matchAll(spec)) {
      const { title = '', language = '', code = '', graph = '' } = match.groups ?? {};
      it(title, () => {
        const built = buildFlowGraph(rootOf(code, language), defaultPolicy);
        const actual = printFlowGraph(built);
        assert.equal(brokenInvariant(built), undefined, actual);
        if (process.env.UPDATE_SPECS) updated = updated.replace(match[0], () => withGraph(match[0], graph, actual));
        else assert.equal(actual, graph);
      });
    }

    it('holds nothing but specs under its headings', () => {
      assert.equal([...text.matchAll(spec)].length, [...text.matchAll(/^## /gm)].length);
    });

    after(() => {
      if (updated !== text) writeFileSync(file, updated);
    });
  });
}

/** The function that a spec consists of, the constructor of a class that it exports, or else the module. */
function rootOf(code: string, language: string): GraphRoot {
  const source = ts.createSourceFile(`spec.${language}`, code, ts.ScriptTarget.Latest, true);
  const [only, ...others] = source.statements;
  if (only === undefined || others.length > 0) return source;
  if (ts.isFunctionDeclaration(only)) return only;
  if (ts.isClassDeclaration(only) && hasModifier(only, ts.SyntaxKind.ExportKeyword)) {
    return only.members.find(ts.isConstructorDeclaration) ?? only;
  }
  return source;
}

function hasModifier(node: ts.ClassDeclaration, kind: ts.SyntaxKind): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}

function withGraph(section: string, before: string, after: string): string {
  return `${section.slice(0, section.length - before.length - 3)}${after}\`\`\``;
}
