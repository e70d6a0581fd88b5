import ts from 'typescript';
import type { LibraryModel, Wait } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { Options } from './options.ts';
import { type Call, findWaits } from './sites.ts';
import { usesOf } from './valueUses.ts';

/** A socket that stays open when the other end has closed, and that nobody ends. */
export interface HalfOpen {
  readonly call: Call;
  readonly model: LibraryModel;
  readonly wait: Wait;
  /** The option that keeps it open. */
  readonly option: ts.Expression;
}

/** Sockets with `allowHalfOpen: true` on which nothing ends the own half. */
export function halfOpenSockets(semantics: Semantics, unit: SourceUnit): readonly HalfOpen[] {
  if (!/\ballowHalfOpen\b/.test(unit.text)) return [];
  const options = new Options(semantics);
  return findWaits(semantics, unit).flatMap(({ call, model, wait }) => {
    const option = wait.of === 'socket' && wait.value ? keptOpen(options, call, wait) : undefined;
    return option && isNeverEnded(semantics, call, wait) ? [{ call, model, wait, option }] : [];
  });
}

function keptOpen(options: Options, call: Call, { options: indices }: Wait): ts.Expression | undefined {
  for (const index of indices) {
    const argument = call.arguments?.[index];
    const found = argument && options.find(argument, ['allowHalfOpen']);
    if (found?.state !== 'present') continue;
    const [value] = found.values;
    return found.values.length === 1 && value?.kind === ts.SyntaxKind.TrueKeyword ? value : undefined;
  }
  return undefined;
}

function isNeverEnded(semantics: Semantics, call: Call, { value }: Wait): boolean {
  if (!value || value.receiver) return false;
  let start: ts.Expression | ts.BindingName | undefined = call;
  if (value.accepted !== undefined) {
    const handler = call.arguments?.at(-1);
    start = handler && semantics.targets.functionOf(handler)?.parameters[value.accepted]?.name;
  }
  if (!start) return false;
  const { methods, escapes, receives } = usesOf(semantics, start, value);
  return escapes.length === 0 && !receives && !methods.some(({ name }) => value.ends.includes(name));
}
