import ts from 'typescript';
import type { TargetResolver } from '../inference/callees.ts';
import type { Acquisition } from '../resources/model.ts';
import {
  callbackOf,
  calleeName,
  enclosingRoot,
  isFunctionLiteral,
  isReturned,
  receiver,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { type CallbackParameters, type Obligation, type Origin, releaseOf } from './obligation.ts';
import type { Site } from './sites.ts';
import { itself, perhapsInside, perhapsPromised } from './state.ts';

type Call = ts.CallExpression | ts.NewExpression;

/**
 * The obligation a site creates and the function whose graph it lives in, by what the call site uses: its callback,
 * its promise or its value. `undefined` when the resource goes to a callback that cannot be found, or cannot be named.
 */
export function obligationAt(site: Site, unit: SourceUnit, targets: TargetResolver): Obligation | undefined {
  const { call, model, acquisition, confidence } = site;
  const origin = originAt(call, acquisition, targets);
  if (!origin || (acquisition.onlyIfKept && isDropped(call))) return undefined;
  const holder = origin.via === 'value' ? origin.holder : undefined;
  return {
    model,
    acquisition,
    origin,
    release: releaseOf(model, acquisition, confidence),
    site: call,
    acquirer: receiver(call),
    through: undefined,
    confidence,
    opens: acquisition.opens,
    opensByUse: acquisition.opensByUse ?? [],
    isLent: holder !== undefined && !hasOtherName(call, acquisition) && !isMadeHere(unit, targets, call, holder),
  };
}

function originAt(call: Call, acquisition: Acquisition, targets: TargetResolver): Origin | undefined {
  const owner = receiver(call);
  const isGivenBackByAcquirer = acquisition.discharges.some((d) => d.by === 'acquirer' && d.argument === undefined);
  const holding = isGivenBackByAcquirer && owner && isPlace(owner) ? { holder: owner } : {};
  for (const yields of acquisition.yields) {
    switch (yields.via) {
      case 'value':
      case 'promise': {
        // A promise that is the resource as well.
        const isEither = yields.via === 'promise' && acquisition.yields.some((y) => y.via === 'value');
        if (isEither && !isWaitedFor(call)) break;
        const carry = { ...itself, path: yields.path ?? [], promised: yields.via === 'promise' };
        return { via: 'value', site: call, carry, ...holding };
      }
      case 'property':
        return { via: 'value', site: call, carry: { ...itself, path: [yields.property], promised: yields.promise } };
      case 'receiver':
        if (!owner || !isPlace(owner)) return undefined;
        return { via: 'value', site: call, carry: isWaitedFor(call) ? perhapsPromised : perhapsInside, holder: owner };
      case 'callback': {
        const last = callbackOf(call);
        if (!last || !ts.isCallExpression(call)) break;
        const releaser = acquisition.discharges.find((d) => d.by === 'callbackParameter');
        const parameters: CallbackParameters = {
          resource: yields.parameter,
          carry: itself,
          error: yields.error,
          releaser: releaser?.parameter,
        };
        if (isFunctionLiteral(strip(last))) return { via: 'callback', site: call, parameters };
        const named = targets.functionOf(last);
        if (named) return { via: 'parameters', function: named, parameters };
        // Options and patterns are no callbacks; an identifier that nobody can resolve may be one.
        if (acquisition.yields.length === 1) return undefined;
        if (ts.isIdentifier(strip(last)) && !isWaitedFor(call)) return undefined;
      }
    }
  }
  return undefined;
}

/** A name, a field, or a field of one: the same object whenever it is mentioned. */
function isPlace(node: ts.Expression): boolean {
  const expression = strip(node);
  if (ts.isPropertyAccessExpression(expression)) return isPlace(expression.expression);
  return ts.isIdentifier(expression) || expression.kind === ts.SyntaxKind.ThisKeyword;
}

/** The result of the call is the resource as well, and somebody wants it. */
function hasOtherName(call: Call, { yields }: Acquisition): boolean {
  if (yields.every((y) => y.via === 'receiver')) return false;
  return !isDropped(call);
}

/** Nobody wants what the call yields. */
export function isDropped(call: Call): boolean {
  let outer: ts.Expression = unstrip(call);
  if (ts.isAwaitExpression(outer.parent)) outer = unstrip(outer.parent);
  return ts.isExpressionStatement(outer.parent);
}

/** Whether the function itself acquired or made the object: then nobody else ends what is begun on it. */
function isMadeHere(unit: SourceUnit, targets: TargetResolver, call: Call, holder: ts.Expression): boolean {
  const name = strip(holder);
  const binding = ts.isIdentifier(name) ? unit.scopes.bindingOf(name) : undefined;
  const [declared] = binding?.declarations ?? [];
  if (!binding || !declared || binding.declarations.length > 1 || !ts.isVariableDeclaration(declared.parent))
    return false;
  if (ts.isSourceFile(binding.scope.node) || enclosingRoot(declared) !== enclosingRoot(call)) return false;
  const assigned = binding.writes.flatMap(({ parent }) => (ts.isBinaryExpression(parent) ? [parent.right] : []));
  const values = [declared.parent.initializer, ...assigned].filter((value) => value !== undefined);
  return values.some((value) => {
    const awaited = strip(value);
    const made = strip(ts.isAwaitExpression(awaited) ? awaited.expression : awaited);
    if (ts.isNewExpression(made)) return true;
    return ts.isCallExpression(made) && targets.acquireNames.has(calleeName(made)?.text ?? '');
  });
}

/** Whether the code waits for what the call promises. */
export function isWaitedFor(call: Call): boolean {
  const { parent } = unstrip(call);
  if (ts.isAwaitExpression(parent) || isReturned(call)) return true;
  return ts.isPropertyAccessExpression(parent) && /^(then|catch|finally)$/.test(parent.name.text);
}

/** Whether the acquisition itself is awaited, and gives no promise: what it gives is there, and nothing rejects. */
export function isAtHand(origin: Origin, awaited: ts.Expression): boolean {
  return origin.via === 'value' && !origin.carry.promised && strip(awaited) === origin.site;
}
