import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { walkKinds, workKinds } from '../syntax/nodes.ts';
import { calleeName } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { type Race, raceOf } from './races.ts';
import { type MadePromise, madePromise } from './settling.ts';
import { type Timer, timerOf } from './timers.ts';

/** What starts work or waits in one file. */
export interface Sites {
  readonly timers: readonly Timer[];
  readonly races: readonly Race[];
  readonly promises: readonly MadePromise[];
  readonly calls: readonly ts.CallExpression[];
  readonly loops: readonly ts.IterationStatement[];
  readonly controllers: readonly ts.NewExpression[];
}

const known = new WeakMap<Semantics, WeakMap<SourceUnit, Sites>>();

/** Looks through a file once for all rules. */
export function sitesOf(unit: SourceUnit, semantics: Semantics): Sites {
  let units = known.get(semantics);
  if (!units) {
    units = new WeakMap();
    known.set(semantics, units);
  }
  let sites = units.get(unit);
  if (!sites) {
    sites = collect(unit, semantics);
    units.set(unit, sites);
  }
  return sites;
}

function collect(unit: SourceUnit, semantics: Semantics): Sites {
  const timers: Timer[] = [];
  const races: Race[] = [];
  const promises: MadePromise[] = [];
  const calls: ts.CallExpression[] = [];
  const loops: ts.IterationStatement[] = [];
  const controllers: ts.NewExpression[] = [];
  walkKinds(unit.file, workKinds, (node) => {
    if (ts.isCallExpression(node)) {
      calls.push(node);
      const timer = timerOf(node, unit, semantics.program);
      if (timer) timers.push(timer);
      const race = calleeName(node)?.text === 'race' ? raceOf(node, unit, semantics) : undefined;
      if (race) races.push(race);
    } else if (ts.isNewExpression(node)) {
      const promise = madePromise(node, unit);
      if (promise) promises.push(promise);
      if (ts.isIdentifier(node.expression) && node.expression.text === 'AbortController') controllers.push(node);
    } else if (ts.isIterationStatement(node, false)) loops.push(node);
  });
  return { timers, races, promises, calls, loops, controllers };
}
