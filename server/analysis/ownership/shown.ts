import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import type { Discharge } from '../resources/model.ts';
import { isInCleanup, undoesFailure } from '../syntax/leaving.ts';
import { callKinds, readIn } from '../syntax/nodes.ts';
import type { Binding } from '../syntax/scopes.ts';
import {
  calledMethod,
  calleeName,
  enclosingRoot,
  isFunctionLiteral,
  receiver,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Obligation } from './obligation.ts';
import type { SolvedObligation } from './ownership.ts';
import { shownDuty } from './shownDuty.ts';
import { itself, itsPromise } from './state.ts';
import { beside, endingNames, openers, releaserNames, releasers, takingBack, type Usage, usages } from './usages.ts';

const closing = new RegExp(
  `^(?:${[...endingNames, 'release', 'close', 'end', 'disconnect', 'destroy', 'dispose'].join('|')})$`,
);

/** A call that seems to open something, and how the code around gives it back. */
interface Candidate {
  readonly call: ts.CallExpression;
  readonly name: string;
  readonly discharge: Discharge | undefined;
  /** Which part of what the call gives it is: `page` of `const { page } = await load()`. */
  readonly part?: string;
  /** Nobody waits for it. */
  readonly atOnce?: boolean;
}

/** Why what is missed on one way is owed. */
export const inOrder = 'this code gives it back when all goes well, and on that way nobody does';

/** So many other functions of the file show that what a call gives is to be given back. */
const others = 2;

/**
 * Duties that no library's model tells and that the code itself shows: what a function opens, waits for and gives back on
 * its ordinary way is to be given back on its other ways, too; so is what other functions of the file give back that open
 * it by the same call.
 */
export function shownObligations(
  inference: Inference,
  unit: SourceUnit,
  taken: ReadonlySet<ts.Node>,
): readonly Obligation[] {
  const candidates = candidatesIn(unit, taken);
  return candidates.flatMap((candidate) => {
    const discharge = candidate.discharge ?? habitOf(candidate, candidates);
    if (!discharge || isUnderstood(inference, candidate.call)) return [];
    return obligationOf(candidate, discharge);
  });
}

function candidatesIn(unit: SourceUnit, taken: ReadonlySet<ts.Node>): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const { call, name, fitting } of readIn(unit.file, callKinds, openingCall)) {
    if (taken.has(call)) continue;
    found.push(...partsOf(unit, call, name));
    const given = variableOf(unit, call);
    if (!given) continue;
    const { binding, atOnce } = given;
    const discharge = releaseIn(binding, call, atOnce ? fitting.filter((usage) => usage.atOnce) : fitting);
    if ((!atOnce || discharge) && !isLookedAfter(binding, discharge)) found.push({ call, name, discharge, atOnce });
  }
  return found;
}

/** A call that is named like one that opens something, and what may give that back. */
function openingCall(
  node: ts.Node,
): { readonly call: ts.CallExpression; readonly name: string; readonly fitting: readonly Usage[] } | undefined {
  const name = ts.isCallExpression(node) ? nameOf(node) : undefined;
  if (name === undefined) return undefined;
  const fitting = usages.filter(({ acquiring }) => acquiring.test(name));
  return { call: node as ts.CallExpression, name, fitting };
}

/** The name of what is called, also where that gives the function that is then called: `db.transaction(options)()`. */
function nameOf(call: ts.CallExpression): string | undefined {
  const callee = strip(call.expression);
  return calleeName(ts.isCallExpression(callee) ? callee : call)?.text;
}

/** `const { page } = await load(url)`: parts that are called like what is closed, and that the function does close. */
function partsOf({ scopes }: SourceUnit, call: ts.CallExpression, name: string): readonly Candidate[] {
  const fitting = beside.filter(({ acquiring }) => acquiring.test(name));
  const awaited = unstrip(call).parent;
  const declaration = fitting.length > 0 && ts.isAwaitExpression(awaited) ? unstrip(awaited).parent : undefined;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isObjectBindingPattern(declaration.name)) return [];
  return declaration.name.elements.flatMap((element): Candidate[] => {
    const key = element.propertyName ?? element.name;
    if (!ts.isIdentifier(key) || !ts.isIdentifier(element.name) || element.dotDotDotToken) return [];
    const usage = fitting.filter(({ part }) => part.test(key.text));
    const binding = usage.length > 0 ? scopes.bindingOf(element.name) : undefined;
    const discharge = binding && releaseIn(binding, call, usage);
    return binding && discharge && !isLookedAfter(binding, discharge)
      ? [{ call, name, discharge, part: key.text }]
      : [];
  });
}

/** How others give back what they got by the same call. */
function habitOf({ call }: Candidate, candidates: readonly Candidate[]): Discharge | undefined {
  const text = call.expression.getText();
  const habits = candidates.filter((other) => other.discharge && other.call.expression.getText() === text);
  return habits.length >= others ? habits[0]?.discharge : undefined;
}

/** Use shows a duty where it is given back in good order, or nowhere at all: what is then missed is an oversight. */
export function confirms({
  obligation,
  exploration,
  root,
}: Pick<SolvedObligation, 'obligation' | 'exploration' | 'root'>): boolean {
  const { dischargedInOrder, discharges, handovers, gaveUp } = exploration;
  if (gaveUp) return false;
  // Before a `throw` it only undoes what failed.
  if (dischargedInOrder && [...discharges].some(({ syntax }) => !undoesFailure(syntax, root))) return true;
  const { origin, opens, acquisition } = obligation;
  // Of two verbs of one object, the second may be for something else: one branch opens, another closes.
  if (opens || (origin.via === 'value' && origin.holder)) return false;
  const { preferred } = acquisition;
  // Nobody gets it when all goes well, and what is lent is never meant to live on.
  const isLent = preferred.by === 'method' && lent.test(preferred.name);
  return handovers.length === 0 && (discharges.size === 0 || isLent);
}

/** Methods that end what was begun for one piece of work. */
const lent = /^(?:endSession|release\w*)$/;

function obligationOf({ call, name, discharge, part, atOnce }: Candidate, preferred: Discharge): Obligation {
  const carry = { ...(atOnce ? itself : itsPromise), path: part === undefined ? [] : [part] };
  return shownDuty({
    site: call,
    origin: { via: 'value', site: call, carry },
    name,
    called: part,
    preferred,
    consequence: discharge ? inOrder : 'other functions of this file give it back after the same call',
  });
}

/** The local variable that the call fills, and whether it does so at once. */
function variableOf(
  { scopes }: SourceUnit,
  call: ts.CallExpression,
): { readonly binding: Binding; readonly atOnce: boolean } | undefined {
  const { parent: around } = unstrip(call);
  const isAwaited = ts.isAwaitExpression(around);
  const { parent } = isAwaited ? unstrip(around) : { parent: around };
  const chained = isAwaited ? undefined : receiverOfThen(around);
  const name =
    chained ??
    (ts.isVariableDeclaration(parent) && parent.initializer
      ? parent.name
      : ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
        ? strip(parent.left)
        : undefined);
  const binding = name && ts.isIdentifier(name) ? scopes.bindingOf(name) : undefined;
  if (!binding || ts.isSourceFile(binding.scope.node)) return undefined;
  return { binding, atOnce: !isAwaited && !chained };
}

/** `open().then((connection) => …)`: the name by which the handler gets it. */
function receiverOfThen(access: ts.Node): ts.BindingName | undefined {
  if (!ts.isPropertyAccessExpression(access) || access.name.text !== 'then') return undefined;
  const { parent: call } = access;
  const [first] = ts.isCallExpression(call) && call.expression === access ? call.arguments : [];
  const handler = first && strip(first);
  return handler && isFunctionLiteral(handler) ? handler.parameters[0]?.name : undefined;
}

/** Names that may mean its end. */
const clearing = /emit|remove|delete|fail|error|reject|clean|clear|drop|discard|return|give|put|finish|done|abandon/i;

/** Whether the code hands it to somebody after a failure or at the end, or may end it then in its own way. */
function isLookedAfter(binding: Binding, discharge: Discharge | undefined): boolean {
  const known = discharge && 'name' in discharge ? discharge.name : undefined;
  return binding.references.some((reference) => {
    const { parent } = unstrip(reference);
    const call = ts.isPropertyAccessExpression(parent) ? parent.parent : parent;
    if (!ts.isCallExpression(call)) return false;
    const name = calledMethod(call) ?? '';
    const isKnown = name === known || closing.test(name);
    return !isKnown && (call.expression !== parent || clearing.test(name)) && isInCleanup(call);
  });
}

/** How the function that opens it gives it back, if it does. */
function releaseIn(binding: Binding, site: ts.CallExpression, usages: readonly Usage[]): Discharge | undefined {
  const root = enclosingRoot(binding.declarations[0] ?? site);
  const lender = receiver(site)?.getText();
  const isOpened = (name: string): boolean =>
    openers.some(([opens, closes]) => opens.test(nameOf(site) ?? '') && closes.test(name));
  for (const reference of binding.references) {
    if (!isIn(root, reference) || reference.pos < site.end) continue;
    const { parent } = unstrip(reference);
    const call = ts.isPropertyAccessExpression(parent) ? parent.parent : parent;
    if (!ts.isCallExpression(call)) continue;
    const name = calledMethod(call) ?? '';
    const promise = ts.isAwaitExpression(unstrip(call).parent) ? ({ promise: true } as const) : {};
    if (call.expression === parent && usages.some(({ releasing }) => releasing.test(name)))
      return { by: 'method', name, ...promise };
    if (call.expression === reference && releaserNames.test(reference.text)) return { by: 'call' };
    const argument = call.arguments.findIndex((it) => strip(it) === reference);
    if (argument < 0) continue;
    const isSame = lender !== undefined && receiver(call)?.getText() === lender;
    if ((isSame && (takingBack.test(name) || isOpened(name))) || releasers.test(name))
      return { by: 'acquirer', name, argument, ...promise };
  }
  return undefined;
}

/** Whether the code belongs to the function, or to what it does in a chain: `.finally(() => page.close())`. */
function isIn(root: ts.Node, reference: ts.Node): boolean {
  const own = enclosingRoot(reference);
  if (own === root) return true;
  if (!isFunctionLiteral(own)) return false;
  const { parent } = unstrip(own);
  return ts.isCallExpression(parent) && /^(?:then|finally)$/.test(calledMethod(parent) ?? '') && isIn(root, parent);
}

/** What a library's model describes and does not call an acquisition is none. */
export function isUnderstood(inference: Inference, { expression }: ts.CallExpression | ts.NewExpression): boolean {
  return inference.evaluate(expression)?.kind === 'library';
}
