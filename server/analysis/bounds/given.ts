import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { AcquireSite, Bound, BoundOption, LibraryModel, WaitPhase } from '../resources/model.ts';
import { callAndAssignmentKinds, walkKinds } from '../syntax/nodes.ts';
import { calleeName, memberName, strip } from '../syntax/tree.ts';
import { Options } from './options.ts';
import { type Call, hasVersion, isAt } from './sites.ts';

/** A call that takes an option which limits a wait, and what it is given. */
export interface TakenBound {
  readonly call: Call;
  readonly model: LibraryModel;
  readonly at: AcquireSite;
  readonly bound: BoundOption;
  readonly state: 'absent' | 'unknown' | 'present';
  /** The values that it may have, where they are written. */
  readonly values: readonly ts.Expression[];
}

interface Taker {
  readonly at: AcquireSite;
  readonly bounds: readonly (BoundOption & Pick<Bound, 'argument'>)[];
}

const known = new WeakMap<FileAnalysis, readonly TakenBound[]>();

/** Every option of the file's calls that limits a wait by the models, given or not. */
export function takenBounds(file: FileAnalysis): readonly TakenBound[] {
  let taken = known.get(file);
  if (!taken) {
    taken = collect(file);
    known.set(file, taken);
  }
  return taken;
}

function collect({ semantics, unit }: FileAnalysis): readonly TakenBound[] {
  const { inference, models } = semantics;
  const options = new Options(semantics);
  const taken: TakenBound[] = [];
  const later = models.models.flatMap((model) => (model.bounds ?? []).map((bound) => ({ model, bound })));
  const names = new Set(later.map(({ bound }) => bound.option));
  walkKinds(unit.file, callAndAssignmentKinds, (node) => {
    if (ts.isBinaryExpression(node)) taken.push(...assigned(node));
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    if (calleeName(node) === undefined || !isOfLibrary(node)) return;
    for (const model of models.models) {
      const taker = takersOf(model).find(({ at }) => isAt(inference, node, model, at));
      if (!taker) continue;
      for (const bound of taker.bounds) {
        if (hasVersion(inference, unit, model, bound.versions))
          taken.push({ call: node, model, at: taker.at, bound, ...given(options, node, bound) });
      }
      return;
    }
  });
  return taken;

  /** `server.requestTimeout = 0`: what was made with an option is given another value for it. */
  function assigned({ left, operatorToken, right }: ts.BinaryExpression): readonly TakenBound[] {
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) return [];
    if (!names.has(left.name.text)) return [];
    const [origin, ...others] = options.origins(left.expression);
    const call = origin?.kind === 'made' && others.length === 0 ? strip(origin.node) : undefined;
    if (!call || !ts.isCallExpression(call)) return [];
    const found = later.find(
      ({ model, bound }) => bound.option === left.name.text && isAt(inference, call, model, bound.at),
    );
    return found
      ? [{ call, model: found.model, at: found.bound.at, bound: found.bound, state: 'present', values: [right] }]
      : [];
  }

  function isOfLibrary(node: Call): boolean {
    const known = inference.evaluate(node.expression);
    return known?.kind === 'library' || known?.kind === 'class';
  }
}

function takersOf({ bounds = [], waits = [] }: LibraryModel): readonly Taker[] {
  const takers = new Map<string, { at: AcquireSite; bounds: (BoundOption & Pick<Bound, 'argument'>)[] }>();
  const add = (at: AcquireSite, bound: BoundOption & Pick<Bound, 'argument'>): void => {
    const key = JSON.stringify(at);
    const taker = takers.get(key) ?? { at, bounds: [] };
    taker.bounds.push(bound);
    takers.set(key, taker);
  };
  for (const bound of bounds) add(bound.at, bound);
  for (const wait of waits) for (const bound of wait.bounds) add(wait.at, bound);
  return [...takers.values()];
}

function given(
  options: Options,
  call: Call,
  { option, argument }: BoundOption & Pick<Bound, 'argument'>,
): Pick<TakenBound, 'state' | 'values'> {
  const args = call.arguments ?? [];
  if (args.some(ts.isSpreadElement)) return { state: 'unknown', values: [] };
  const holders = argument === undefined ? args : args.slice(argument, argument + 1);
  const found = holders.map((holder) => options.find(holder, option.split('.')));
  const values = found.flatMap((lookup) => (lookup.state === 'present' ? lookup.values : []));
  if (found.some(({ state }) => state === 'present')) return { state: 'present', values };
  return { state: found.some(({ state }) => state === 'unknown') ? 'unknown' : 'absent', values };
}

/** Whether a value, as written, switches the bound off. */
export function isDisabled({ disabledBy = [0] }: BoundOption, node: ts.Expression): boolean {
  const value = literalOf(node);
  if (value === Number.POSITIVE_INFINITY) return true;
  return value !== undefined && disabledBy.some((off) => off === value);
}

/** The number, truth value or `null` that an expression is, as far as it is written out. */
export function literalOf(node: ts.Expression): number | boolean | null | undefined {
  const value = strip(node);
  if (ts.isNumericLiteral(value)) return Number(value.text);
  if (value.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (value.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (value.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isIdentifier(value) && value.text === 'Infinity') return Number.POSITIVE_INFINITY;
  if (ts.isPropertyAccessExpression(value) && memberName(value) === 'POSITIVE_INFINITY')
    return Number.POSITIVE_INFINITY;
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.AsteriskToken) {
    const [left, right] = [literalOf(value.left), literalOf(value.right)];
    return typeof left === 'number' && typeof right === 'number' ? left * right : undefined;
  }
  return undefined;
}

/** What a phase is called in a message. */
export const phaseWords: Readonly<Record<WaitPhase, string>> = {
  acquire: 'the wait for a free connection',
  connect: 'connecting',
  handshake: 'the handshake',
  request: 'the wait for an answer',
  headers: 'the wait for the headers',
  body: 'the wait for the body',
  idle: 'silence',
  total: 'the whole wait',
};
