import ts from 'typescript';
import { Answers } from '../semantics/answers.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { Program } from '../syntax/program.ts';
import { isFunctionLiteral, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { importingPaths } from './handRun.ts';

/** How many files that import each other are followed. */
const maxDepth = 3;
const eventName = /^_?(?:event|evt)$/;
const typed = /['"](?:aws-lambda|@netlify\/functions)['"]/;

const answers = new Answers<SourceUnit, boolean>();

/**
 * Whether a file only runs in functions that a platform calls for one event each, and ends after seconds or minutes, with
 * all that they wait for: it exports the `handler` of one, or is a part of such files alone.
 */
export const isOfLambda = (semantics: Semantics, unit: SourceUnit): boolean =>
  answers.of(semantics, unit, () => isPart(semantics.program, unit, maxDepth));

/** Not remembered: how far importers are followed depends on where one began. */
function isPart(program: Program, unit: SourceUnit, depth: number): boolean {
  if (isEntry(unit)) return true;
  const importers = depth > 0 ? importingPaths(program.host, unit.path) : [];
  return (
    importers.length > 0 &&
    importers.every((path) => {
      const importer = program.unit(path);
      return importer !== undefined && isPart(program, importer, depth - 1);
    })
  );
}

/** `exports.handler = async (event) => …` */
function isEntry({ exports, text }: SourceUnit): boolean {
  const exported = exports.named.get('handler');
  if (!exported || !('node' in exported)) return false;
  if (typed.test(text)) return true;
  const node = ts.isExpression(exported.node) ? strip(exported.node) : exported.node;
  const fn = isFunctionLiteral(node) || ts.isFunctionDeclaration(node) ? node : undefined;
  return eventName.test(fn?.parameters[0]?.name.getText() ?? '');
}
