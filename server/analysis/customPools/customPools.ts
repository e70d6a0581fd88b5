import ts from 'typescript';
import { binaryKinds, readIn } from '../syntax/nodes.ts';
import { functionName, isRoot, memberName, mentionsName, receiver, strip, walk, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { type Effect, effectsOf, flagEffect } from './effects.ts';

/** A pool that the project has written itself: functions that lend, and functions that take back. */
export interface CustomPool {
  /** What keeps the account, as written: `this.free`, `active`. */
  readonly state: string;
  readonly lends: readonly ts.FunctionLikeDeclaration[];
  readonly takesBack: readonly ts.FunctionLikeDeclaration[];
  /** Where what is lent leaves the account, for the witness. */
  readonly lending: readonly ts.Node[];
  /** Whether the account counts what is lent: then closing the resource itself is not enough. */
  readonly counts: boolean;
}

const giveBackName =
  /^[_#]*(?:return|release|put(?:$|[A-Z_])|give_?back|check_?in|free|recycle|reclaim|hand_?back|relinquish|surrender)|(?:ToPool|BackToPool)$/i;
const lendName =
  /^[_#]*(?:get|acquire|check_?out|take|borrow|lease|obtain|claim|reserve|allocate|alloc|lend|rent|next|connect|open|create|pop|request)/i;

/** The pools of a file, recognised by what their functions do to the state they share. */
export function customPoolsOf(unit: SourceUnit): readonly CustomPool[] {
  let pools = known.get(unit);
  if (!pools) {
    pools = findPools(unit);
    known.set(unit, pools);
  }
  return pools;
}

const known = new WeakMap<SourceUnit, readonly CustomPool[]>();

function findPools(unit: SourceUnit): readonly CustomPool[] {
  const byKey = new Map<string, Effect[]>();
  for (const effect of [...effectsOf(unit), ...flagEffectsOf(unit)]) {
    const effects = byKey.get(effect.key) ?? [];
    effects.push(effect);
    byKey.set(effect.key, effects);
  }
  return [...byKey.values()].flatMap((effects) => poolOf(effects) ?? []);
}

/** `slot.inUse = true` in one function and `= false` in another: an account that lies in the elements. */
function flagEffectsOf(unit: SourceUnit): readonly Effect[] {
  const effects: Effect[] = [];
  for (const { node, lent, flag, of } of readIn(unit.file, binaryKinds, flagEffect)) {
    let by: ts.FunctionLikeDeclaration | undefined;
    let holder: ts.Node | undefined;
    for (let current = node.parent; current; current = current.parent) {
      if (isRoot(current) && ts.isFunctionLike(current) && functionName(current) !== undefined) {
        by = current;
        holder = current.parent;
        break;
      }
    }
    if (!by || !holder) continue;
    const key = `flag.${holder.pos}.${flag}`;
    effects.push({ kind: lent ? 'raise' : 'lower', key, state: `${of.getText()}.${flag}`, node, value: of, by });
  }
  return effects;
}

function poolOf(effects: readonly Effect[]): CustomPool | undefined {
  const names = (fn: ts.FunctionLikeDeclaration): string => functionName(fn) ?? '';
  const back = effects.filter(({ by }) => giveBackName.test(names(by)));
  if (back.length === 0) return undefined;
  const lending = effects.filter(
    (effect) => !back.some(({ by }) => by === effect.by) && isLending(effect) && !isFlaggedBy(effect),
  );
  const kinds = new Set(lending.map(({ kind }) => kind));
  const inverse = back.filter((effect) => kinds.has(opposite[effect.kind]) && isGivenBack(effect));
  if (lending.length === 0 || inverse.length === 0) return undefined;
  // Somebody else keeps the account, too.
  const givers = effects.filter(({ kind, by }) => kinds.has(opposite[kind]) && !inverse.some((it) => it.by === by));
  if (givers.some((effect) => !isFilling(effect))) return undefined;
  const [first] = lending as [Effect];
  return {
    state: first.state,
    lends: [...new Set(lending.map(({ by }) => by))],
    takesBack: [...new Set(inverse.map(({ by }) => by))],
    lending: lending.map(({ node }) => node),
    counts: first.kind !== 'out',
  };
}

const opposite: Readonly<Record<Effect['kind'], Effect['kind']>> = {
  in: 'out',
  out: 'in',
  raise: 'lower',
  lower: 'raise',
};

/** Whether an effect takes part in handing something out. */
function isLending({ kind, by, value, node }: Effect): boolean {
  if (ts.isConstructorDeclaration(by)) return false;
  const returned = returnedBy(by);
  if (returned.length === 0) return false;
  switch (kind) {
    case 'out':
      // A list that only gives what was put into it is a queue; a pool makes what it does not have.
      return value === undefined && creates(by) && reaches(node, by, returned);
    case 'in': {
      const put = value && strip(value);
      return (
        put !== undefined &&
        ts.isIdentifier(put) &&
        returned.some((each) => mentionsName(each, put.text)) &&
        lendName.test(functionName(by) ?? '')
      );
    }
    case 'raise': {
      const flagged = value && strip(value);
      if (flagged) return ts.isIdentifier(flagged) && returned.some((each) => mentionsName(each, flagged.text));
      return lendName.test(functionName(by) ?? '') && (creates(by) || takesOut(by));
    }
    default:
      return false;
  }
}

/** Whether elements themselves say that they are lent, and the list is one of all that there are. */
function isFlaggedBy({ kind, by }: Effect): boolean {
  let found = false;
  if (kind === 'in') walk(by, (node) => (found ||= flagEffect(node)?.lent === true));
  return found;
}

/** Whether an effect of a function with such a name undoes a lending. */
function isGivenBack({ kind, by, value }: Effect): boolean {
  if (kind !== 'in') return true;
  const put = value && strip(value);
  return put !== undefined && by.parameters.some(({ name }) => ts.isIdentifier(name) && mentionsName(put, name.text));
}

/** Whether something new is put in: the pool is filled, nothing comes back. */
function isFilling({ kind, by, value }: Effect): boolean {
  if (kind !== 'in') return false;
  if (ts.isConstructorDeclaration(by)) return true;
  const put = value && strip(value);
  if (!put) return false;
  if (isMade(put)) return true;
  let made = false;
  if (ts.isIdentifier(put)) {
    walk(by, (node) => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === put.text) {
        made ||= node.initializer !== undefined && isMade(strip(node.initializer));
      }
    });
  }
  return made;
}

function isMade(node: ts.Expression): boolean {
  const value = ts.isAwaitExpression(node) ? strip(node.expression) : node;
  return ts.isNewExpression(value) || ts.isCallExpression(value) || ts.isObjectLiteralExpression(value);
}

/** The values that a function returns: for a promise that it makes, what it resolves to. */
function returnedBy(fn: ts.FunctionLikeDeclaration): readonly ts.Expression[] {
  const { body } = fn;
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  walkFunction(body, (node) => {
    if (ts.isReturnStatement(node) && node.expression) {
      const { kind } = strip(node.expression);
      if (
        kind !== ts.SyntaxKind.NullKeyword &&
        kind !== ts.SyntaxKind.FalseKeyword &&
        kind !== ts.SyntaxKind.TrueKeyword
      ) {
        found.push(node.expression);
      }
    }
  });
  return found;
}

/** Whether a function makes what it hands out. */
function creates(fn: ts.FunctionLikeDeclaration): boolean {
  let found = false;
  walk(fn, (node) => {
    if (ts.isNewExpression(node))
      found ||= !['Promise', 'Error', 'Map', 'Set', 'Date'].includes(node.expression.getText());
    else if (ts.isCallExpression(node)) {
      const name = memberName(strip(node.expression)) ?? node.expression.getText();
      found ||= /^[_#]*(?:create|make|open|connect|build|spawn|factory|launch|alloc|new[A-Z_]|init)/i.test(name);
    }
  });
  return found;
}

function takesOut(fn: ts.FunctionLikeDeclaration): boolean {
  let found = false;
  walk(fn, (node) => {
    if (ts.isCallExpression(node))
      found ||= ['pop', 'shift'].includes(memberName(strip(node.expression)) ?? '') && receiver(node) !== undefined;
  });
  return found;
}

/** Whether what is taken out is what is returned: directly, or through a name. */
function reaches(node: ts.Node, fn: ts.FunctionLikeDeclaration, returned: readonly ts.Expression[]): boolean {
  if (returned.some((each) => each.pos <= node.pos && node.end <= each.end)) return true;
  for (let current = node.parent; current && current !== fn; current = current.parent) {
    if (ts.isVariableDeclaration(current) && ts.isIdentifier(current.name)) {
      const { text } = current.name;
      return returned.some((each) => mentionsName(each, text));
    }
    if (ts.isBinaryExpression(current) && current.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const { left } = current;
      return ts.isIdentifier(left) && returned.some((each) => mentionsName(each, left.text));
    }
  }
  return false;
}
