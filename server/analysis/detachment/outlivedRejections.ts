import ts from 'typescript';
import { pathsBeside } from '../contexts/importers.ts';
import { Answers } from '../semantics/answers.ts';
import { tokenAt } from '../semantics/occurrences.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { isFunctionLiteral, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

const answers = new Answers<SourceUnit, boolean>();

/** Who listens keeps the process from ending; a rejection that nobody handles comes to the second one, too. */
const listening = /\.\s*(?:on|once|addListener)\s*\(\s*(['"`])(?:unhandledRejection|uncaughtException)\1\s*,\s*/g;

/**
 * Whether the program of a file is known to go on after a rejection that nobody handles: its package listens for them,
 * and the listener does not end the process. Without one, such a rejection ends it.
 */
export const outlivesRejections = (unit: SourceUnit, semantics: Semantics): boolean =>
  answers.of(semantics, unit, () => decide(unit.path, semantics));

function decide(path: string, { program }: Semantics): boolean {
  const { host } = program;
  const root = host.packageOf(path);
  const beside = ['unhandledRejection', 'uncaughtException'].flatMap((word) => pathsBeside(host, path, word) ?? []);
  return [path, ...beside].some((other) => {
    if (other !== path && host.packageOf(other) !== root) return false;
    const unit = program.unit(other);
    if (!unit) return false;
    for (const { index, 0: said } of unit.text.matchAll(listening)) {
      if (goesOn(listenerAt(unit.file, index + said.length))) return true;
    }
    return false;
  });
}

function listenerAt(file: ts.SourceFile, position: number): ts.Expression | undefined {
  for (let current = tokenAt(file, position); current.parent; current = current.parent) {
    const { parent } = current;
    if (ts.isCallExpression(parent) && parent.arguments[1] === current) return strip(parent.arguments[1]);
  }
  return undefined;
}

/** Words for the end of a program, and what is thrown in a listener. */
const ending =
  /\bthrow\b|(?:exit|abort|kill|stop|quit|close|end|shut_?down|terminate|die|fatal|fail\w*|panic|crash)\w*\s*\(/i;

/** A listener that only writes down what it hears: one that calls something that may end the process does not count. */
function goesOn(listener: ts.Expression | undefined): boolean {
  if (!listener) return false;
  if (isFunctionLiteral(listener)) return !ending.test(listener.body.getText());
  return ts.isPropertyAccessExpression(listener) && /^(?:log|debug|info|warn|error|trace)$/.test(listener.name.text);
}
