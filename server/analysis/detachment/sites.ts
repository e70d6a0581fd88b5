import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { callKinds, loopKinds, readIn } from '../syntax/nodes.ts';
import { calleeName } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { type Race, raceOf } from './races.ts';
import { type MadePromise, madePromise } from './settling.ts';
import { isTimerName, type Timer, timerOf } from './timers.ts';

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
  const controllers: ts.NewExpression[] = [];
  for (const node of readIn(unit.file, callKinds, starter)) {
    if (ts.isCallExpression(node)) {
      const timer = timerOf(node, unit, semantics.program);
      if (timer) timers.push(timer);
      const race = calleeName(node)?.text === 'race' ? raceOf(node, unit, semantics) : undefined;
      if (race) races.push(race);
    } else {
      const promise = madePromise(node, unit);
      if (promise) promises.push(promise);
      if (ts.isIdentifier(node.expression) && node.expression.text === 'AbortController') controllers.push(node);
    }
  }
  const calls = readIn(unit.file, callKinds, call);
  const loops = readIn(unit.file, loopKinds, loop);
  return { timers, races, promises, calls, loops, controllers };
}

/** What may make a timer, a race, a promise or a controller, by its name. */
function starter(node: ts.Node): ts.CallExpression | ts.NewExpression | undefined {
  if (ts.isNewExpression(node)) return node;
  const name = ts.isCallExpression(node) ? calleeName(node)?.text : undefined;
  return name === 'race' || (name !== undefined && isTimerName(name)) ? (node as ts.CallExpression) : undefined;
}

const call = (node: ts.Node): ts.CallExpression | undefined => (ts.isCallExpression(node) ? node : undefined);

const loop = (node: ts.Node): ts.IterationStatement => node as ts.IterationStatement;
