import ts from 'typescript';
import { originOf } from '../detachment/origins.ts';
import type { Deadline, Race } from '../detachment/races.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingRoot, enclosingStatement, isFunctionLiteral, mentionsName, strip, unstrip } from '../syntax/tree.ts';
import { addArgument } from './arguments.ts';
import { insertBefore } from './insertion.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { isList } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/**
 * Ends a deadline that a function makes, when the race is over: the function is given a signal, which is aborted behind
 * the race. `setTimeout` of `timers/promises` takes one; a function of the same file learns to.
 */
export function endRace(file: FileAnalysis, race: Race, { element, through, timer }: Deadline): FixPlan | undefined {
  if (!through || strip(element) !== through) return undefined;
  const { unit } = file;
  // Only the runtime's own wait is known to take a signal there.
  if (timer.call === through && originOf(through.expression, unit)?.module !== 'timers/promises') return undefined;
  const statement = enclosingStatement(race.call);
  if (!ts.isStatement(statement) || !isList(statement.parent)) return undefined;
  if (enclosingRoot(statement) !== enclosingRoot(race.call)) return undefined;
  const name = ['over', 'raceOver', 'decided'].find((it) => !mentionsName(enclosingRoot(race.call), it));
  if (name === undefined) return undefined;
  const rewriter = new Rewriter();
  const added =
    timer.call === through
      ? addArgument(through, 2, `{ signal: ${name}.signal }`)
      : teachSignal(file, { through, timer }, rewriter) &&
        addArgument(through, through.arguments.length, `${name}.signal`);
  if (!added) return undefined;
  for (const { start, text } of added) rewriter.insert(start, text);
  const style = styleOf(unit.file);
  insertBefore({ rewriter, file: unit.file, style }, statement, [`const ${name} = new AbortController()${style.end}`]);
  rewriter.insert(unstrip(race.call).end, `.finally(() => ${name}.abort())`);
  return { title: 'End the deadline when the race is over', safety: 'safe', edits: rewriter.edits() };
}

/** Gives a function that makes deadlines a last parameter: a signal that clears its timer. */
function teachSignal(
  { unit, semantics }: FileAnalysis,
  { through, timer: { call, keeping } }: { through: ts.CallExpression } & Pick<Deadline, 'timer'>,
  rewriter: Rewriter,
): boolean {
  const helper = semantics.targets.resolve(through)?.function;
  if (!helper || helper.getSourceFile() !== unit.file || keeping.by !== 'nobody') return false;
  const last = helper.parameters.at(-1);
  if (!last || last.dotDotDotToken || helper.parameters.length !== through.arguments.length) return false;
  if (mentionsName(helper, 'signal') || mentionsName(helper, 'timer')) return false;
  const whole = unstrip(call);
  const { parent } = whole;
  const isTyped = /\.[cm]?tsx?$/.test(unit.path);
  const { end, newline, unit: step } = styleOf(unit.file);
  const lines = new Lines(unit.text);
  const listen = `signal?.addEventListener('abort', () => clearTimeout(timer), { once: true })${end}`;
  const start = whole.getStart(unit.file);
  const indent = lines.indentAt(start);
  if (ts.isExpressionStatement(parent)) {
    rewriter.insert(start, 'const timer = ');
    rewriter.insert(parent.end, `${newline}${indent}${listen}`);
  } else if (isFunctionLiteral(parent)) {
    rewriter.insert(start, `{${newline}${indent}${step}const timer = `);
    rewriter.insert(whole.end, `${end}${newline}${indent}${step}${listen}${newline}${indent}}`);
  } else return false;
  rewriter.insert(last.end, isTyped ? ', signal?: AbortSignal' : ', signal');
  return true;
}
