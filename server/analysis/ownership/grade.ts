import ts from 'typescript';
import { isIncomingBody, isPartOfField } from '../contexts/incoming.ts';
import { endsProcess, isScriptMain, runsOnLoad } from '../contexts/script.ts';
import type { GraphRoot } from '../controlFlow/graph.ts';
import type { Confidence } from '../finding.ts';
import type { Verdict } from '../result.ts';
import { isBeforeLeaving, undoesFailure } from '../syntax/leaving.ts';
import { calledMethod, isAsync, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Exploration, Leak } from './explore.ts';
import { diesWithTest, isOfNewPool } from './lending.ts';
import type { Obligation } from './obligation.ts';
import { isReleasedBeside } from './releasedBeside.ts';
import type { Solution } from './solve.ts';

/**
 * How strong the evidence of a leak is, strongest first: released on no path · missed on a return, break or continue ·
 * missed only when something throws · thrown in the gap before the protecting `try`, or by an ordinary call.
 */
export type Grade = 'never' | 'path' | 'throw' | 'gap';

export interface Graded {
  readonly grade: Grade;
  readonly confidence: Confidence;
  readonly leak: Leak;
}

/** What became of an acquisition. */
export interface Judgement {
  /** The leak to report; absent when every path is in order, or when nobody would suffer. */
  readonly graded: Graded | undefined;
  readonly verdict: Verdict;
  /** Where it went or why it is not understood. */
  readonly reason: string | undefined;
}

/** Where an acquisition stands. */
export interface Place {
  readonly unit: SourceUnit;
  /** A test that fails anyway may leave something behind. */
  readonly isTestCode: boolean;
}

/** Weighs what the exploration found. */
export function judge(
  { unit, isTestCode }: Place,
  obligation: Obligation,
  root: GraphRoot,
  exploration: Solution,
): Judgement {
  if (exploration.gaveUp) return silent('unknown', 'too many paths');
  const { acquirer } = obligation;
  if (acquirer && isIncomingBody(unit, acquirer)) return silent('transferred', 'the server ends the request');
  if (acquirer && obligation.acquisition.kind === 'stream reader' && isPartOfField(acquirer))
    return silent('transferred', 'ends with the object whose stream it is');
  const { onlyIfReleased, endsByItself, lifetime, discharges, sharedWhere } = obligation.acquisition;
  if (sharedWhere?.test(unit.text)) return silent('transferred', 'shared by all');
  if (onlyIfReleased && !isCalled(onlyIfReleased, exploration)) return silent('transferred', livesOn);
  const staying = discharges.flatMap((d) => (d.by === 'method' && d.stays ? [d.name] : []));
  // What fails before that fails the start.
  if (!exploration.plain && isCalled(staying, exploration)) return silent('transferred', livesOn);
  if (endsByItself && exploration.plain) return silent('transferred', 'ends by itself');
  // What is meant to live as long as the application is missed only where some path does close it.
  if (lifetime && (exploration.discharges.size === 0 || isScriptMain(unit, root)))
    return silent('transferred', 'lives as long as the application');
  // Who only undoes what failed leaves the rest to whoever asked for it.
  if (obligation.isLent && !exploration.dischargedInOrder) return silent('transferred', 'begun on behalf of others');
  // One for the life of the process fills no limit.
  if (obligation.acquisition.duty === 'handle' && !endsByItself && runsOnLoad(obligation.site))
    return silent('transferred', 'opened once, when the module is loaded');
  const leak = leakOf(unit, obligation, root, exploration);
  if (!leak) return withoutLeak(exploration);
  if ('reason' in leak) return silent('transferred', leak.reason);
  const undoes = (node: ts.Node): boolean => undoesFailure(node, root) || isBeforeLeaving(node, root);
  if ([...exploration.discharges].every(({ syntax }) => undoes(syntax)) && isReleasedBeside(obligation))
    return silent('transferred', 'released by another function');
  // Another one in its place: what ends by itself has ended.
  if (obligation.acquisition.onlyIfReleased && leak.leak.end === 'lost')
    return silent('transferred', 'lives on, or ends by itself');
  const forgiven =
    obligation.acquisition.collected ||
    leak.leak.unlikely ||
    (isTestCode && (leak.grade === 'throw' || leak.grade === 'gap' || diesWithTest(unit, obligation)));
  const confidence = forgiven ? 'possible' : confidenceOf(obligation, exploration, leak.leak);
  const graded = { ...leak, confidence };
  // A name alone is no evidence: reported by the strict preset only.
  if (forgiven) return { graded, ...released(exploration) };
  if (confidence === 'possible') return { graded, verdict: 'unknown', reason: 'the type of its receiver is not known' };
  return { graded, verdict: 'leaking', reason: undefined };
}

/** The judgement of what closes with its lender: the lender is the one to close, unless that lives on. */
export function judgeDependent(judgement: Judgement, { plain }: Exploration, lender: Judgement): Judgement {
  if (!judgement.graded || (lender.reason === livesOn && plain)) return judgement;
  return silent('transferred', 'closes with what it was opened in');
}

/** Whether the code itself ends the duty by one of the methods somewhere, other than from a timer or an event. */
function isCalled(names: readonly string[], { discharges }: Exploration): boolean {
  return [...discharges].some(({ syntax }) => {
    const call = ts.isAwaitExpression(syntax) ? strip(syntax.expression) : syntax;
    return ts.isCallExpression(call) && names.includes(calledMethod(call) ?? '');
  });
}

const livesOn = 'lives on';

const silent = (verdict: Verdict, reason: string | undefined): Judgement => ({ graded: undefined, verdict, reason });

function leakOf(
  unit: SourceUnit,
  obligation: Obligation,
  root: GraphRoot,
  { plain, thrown, gap, discharges, handovers }: Exploration,
): { readonly grade: Grade; readonly leak: Leak } | { readonly reason: string } | undefined {
  if (plain) {
    if (ts.isSourceFile(root) && isKeptByModule(unit, plain)) return { reason: 'kept by the module' };
    return { grade: discharges.size === 0 && handovers.length === 0 ? 'never' : 'path', leak: plain };
  }
  // A throw that is to be reckoned with counts more than one that hardly happens, wherever they lie.
  const leak = thrown?.unlikely && gap && !gap.unlikely ? gap : (thrown ?? gap);
  if (!leak) return undefined;
  // An exception that leaves a script or a callback ends the process, and the resource with it.
  const leaves = leak.path.at(-1)?.node.kind === 'thrown';
  if (isScriptMain(unit, root) || isCallback(obligation, root) || (leaves && endsProcess(unit, root)))
    return { reason: 'the process ends with it' };
  // Without the resource its new pool is lost as well: nobody waits for a slot of it.
  if (isOfNewPool(obligation, root)) return { grade: 'gap', leak };
  return { grade: leak.unlikely || (leak === gap && !isThrown(leak)) ? 'gap' : 'throw', leak };
}

/** The path ends with a `throw` of this very code, which is written to happen. */
function isThrown({ path }: Leak): boolean {
  return path.findLast(({ edge }) => edge === 'throw')?.node.kind === 'throw';
}

/** In order, but for calls that nobody expects to throw, or in a test that fails. */
function released({ discharges, handovers }: Exploration): Pick<Judgement, 'verdict' | 'reason'> {
  if (discharges.size > 0) return { verdict: 'proven', reason: undefined };
  return { verdict: 'transferred', reason: handovers[0]?.how };
}

/** Something throws while the acquisition itself is still under way. */
function isPending({ path }: Leak): boolean {
  const last = path.at(-1)?.state;
  return last?.phase === 'pending' && last.threw !== 'no';
}

/** The event loop calls the function, and nobody catches what it throws. */
function isCallback({ origin }: Obligation, root: GraphRoot): boolean {
  return origin.via === 'parameters' && !isAsync(root);
}

function withoutLeak({ handovers, ifBorrowed }: Solution): Judgement {
  const unknown = handovers.find((h) => h.to === 'callee' && !h.calledBack);
  if (unknown) {
    const graded = ifBorrowed && ({ grade: 'path', confidence: 'possible', leak: ifBorrowed } as const);
    return { graded, verdict: 'unknown', reason: unknown.how };
  }
  const [first] = handovers;
  return first ? silent('transferred', first.how) : silent('proven', undefined);
}

/** A module-level variable keeps it for the life of the process. */
function isKeptByModule(unit: SourceUnit, leak: Leak): boolean {
  const last = leak.path.at(-1);
  if (leak.end === 'lost' || !last) return false;
  const top = new Set<string>();
  for (const statement of unit.file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name } of statement.declarationList.declarations) {
      const binding = ts.isIdentifier(name) ? unit.scopes.lookup(name.text, unit.file) : undefined;
      if (binding) top.add(`#${binding.id}`);
    }
  }
  return [...last.state.places.keys()].some((place) => top.has(place));
}

function confidenceOf(
  { confidence, acquisition }: Obligation,
  { discharges, uses }: Exploration,
  leak: Leak,
): Confidence {
  if (isPending(leak)) return 'possible';
  if (confidence !== 'possible') return confidence;
  // What the code does with it makes a guess by name likely.
  const isUsedAsOne = acquisition.conventional?.uses.some((name) => uses.has(name)) ?? false;
  return discharges.size > 0 || isUsedAsOne ? 'likely' : 'possible';
}
