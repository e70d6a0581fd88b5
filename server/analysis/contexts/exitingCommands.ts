import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { Answers } from '../semantics/answers.ts';
import { tokenAt } from '../semantics/occurrences.ts';
import type { Program } from '../syntax/program.ts';
import { calleeName, enclosingRoot, isAsync, isFunctionLiteral, unstrip, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { importersOf } from './importers.ts';
import { isPassive } from './unreached.ts';

/** What stays until it is told to end, and then exits: no command. */
const staying = /\.\s*listen\s*\(|\bprocess\.\w+\(\s*['"]SIG/;

/** So many files that import each other are one program; of more nothing is said. */
const most = 60;

const answers = new Answers<SourceUnit, boolean>();

/**
 * Whether a file is only reached from programs that do their work and then exit by themselves, so that what it leaves
 * behind ends with its work: a command whose entry calls `process.exit()` when it is done.
 */
export const exitsWhenDone = ({ program, semantics, unit }: FileAnalysis): boolean =>
  answers.of(semantics, unit, () => decide(program, unit.path));

function decide(program: Program, path: string): boolean {
  const { host } = program;
  const all = new Set([path]);
  let exits = false;
  for (const file of all) {
    const unit = program.unit(file);
    const { role } = host.environment(file);
    if (!unit || role === 'service' || (role === undefined && host.entries(file)?.includes(file))) return false;
    if (exitsAtEnd(unit)) {
      exits = true;
      continue;
    }
    const importers = importersOf(host, file).others;
    // What nobody imports is another program, unless all that it does is to declare something.
    if (importers.length === 0 && !isPassive(unit.file)) return false;
    for (const importer of importers) all.add(importer);
    if (all.size > most) return false;
  }
  return exits;
}

const known = new WeakMap<SourceUnit, boolean>();

/** Whether a program exits behind its work, and not only when it fails: `await run(); process.exit(code);`. */
function exitsAtEnd(unit: SourceUnit): boolean {
  let answer = known.get(unit);
  if (answer === undefined) {
    // A code that is no failure: none, zero, or one that the work decides.
    const exits = [...unit.text.matchAll(/\bprocess\.exit\s*\(\s*(?!-?\s*[1-9])/g)];
    answer = !staying.test(unit.text) && exits.some(({ index }) => isBehindWork(tokenAt(unit.file, index)));
    known.set(unit, answer);
  }
  return answer;
}

/** Whether every run that does not fail comes to an exit when what it waits for is through. */
function isBehindWork(exit: ts.Node): boolean {
  const root = enclosingRoot(exit);
  for (let current = exit; current !== root; current = current.parent) {
    if (ts.isCatchClause(current) || ts.isIfStatement(current) || ts.isCaseOrDefaultClause(current)) return false;
  }
  const link = isFunctionLiteral(root) ? unstrip(root).parent : undefined;
  if (link && ts.isCallExpression(link)) return /^(?:then|finally)$/.test(calleeName(link)?.text ?? '');
  if (!ts.isSourceFile(root) && !isAsync(root)) return false;
  let waits = false;
  walkFunction(root, (node) => {
    if (ts.isAwaitExpression(node) && node.end <= exit.pos) waits = true;
  });
  return waits;
}
