import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import { channelOperations } from '../resources/messaging/amqplib.ts';
import type { Acquisition, Discharge, LibraryModel } from '../resources/model.ts';
import { callKinds, readIn } from '../syntax/nodes.ts';
import type { Binding } from '../syntax/scopes.ts';
import {
  calledMethod,
  calleeName,
  enclosingRoot,
  isFunctionLiteral,
  memberName,
  receiver,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { type Obligation, releaseOf } from './obligation.ts';
import type { Solution } from './solve.ts';
import { itsPromise } from './state.ts';

/** No library: what the code does shows the duty. */
const model: LibraryModel = { library: 'javascript', packages: [], modules: {}, types: {}, acquisitions: [] };

interface Usage {
  /** Names of functions that open something outside of the program. */
  readonly acquiring: RegExp;
  /** Methods that end it. */
  readonly releasing: RegExp;
}

/**
 * Names that mean opening, and what undoes it. `destroy` of what was looked up deletes it, and `close` of what was created
 * may be a state of it: they count for what was opened only.
 */
const usages: readonly Usage[] = [
  {
    acquiring: /^(acquire\w*|check_?out\w*|lease\w*|reserve)$/i,
    releasing: /^(release|unlock|close|end|disconnect|destroy|dispose)$/,
  },
  {
    acquiring: /^(connect|attach|launch|open)$/,
    releasing: /^(release|close|end|disconnect|destroy|detach|terminate)$/,
  },
  {
    acquiring:
      /^(open|connect|new|create|get|make)_?\w*(Connection|Client|Channel|Stream|Socket|File|Handle|Database|Db)$/i,
    releasing: /^(release|close|end|disconnect)$/,
  },
  {
    acquiring: /^(open|new|create|launch)_?(Page|Browser|Context|BrowserContext|Session)$/i,
    releasing: /^(close|end)$/,
  },
  { acquiring: /^(load|start|get|prepare|init|setup|make)_?\w*(Page|Browser)$/i, releasing: /^close$/ },
  { acquiring: /^(lock|get_?lock)$/i, releasing: /^(release|unlock)$/ },
];

/** What a function gives beside other things is told by the name under which it is taken. */
const beside: readonly (Usage & { readonly part: RegExp })[] = [
  {
    acquiring: /^(open|new|create|launch|load|start|get|prepare|init|setup|make|connect|acquire)(?=[_A-Z]|$)/,
    part: /^(page|browser|conn|connection|client|channel|session)$/i,
    releasing: /^(release|close|end|disconnect)$/,
  },
];

/** Methods of the lender that take it back. */
const takingBack = /^(release\w*|check_?in\w*|return\w*|give_?back\w*)$/i;

/** Other methods by which code may end what it cannot close in good order. */
const endingNames = [
  'abort',
  'cancel',
  'kill',
  'reset',
  'stop',
  'quit',
  'shutdown',
  'free',
  'detach',
  'terminate',
  'unlock',
  'interrupt',
];

/** Who calls the value itself calls a releaser. */
const endings: readonly Discharge[] = [{ by: 'call' }, ...endingNames.map((name) => ({ by: 'method', name }) as const)];

const closing = new RegExp(
  `^(?:${[...endingNames, 'release', 'close', 'end', 'disconnect', 'destroy', 'dispose'].join('|')})$`,
);

/** What messages call it. */
const kinds: readonly (readonly [name: RegExp, kind: string])[] = [
  [/lock/i, 'lock'],
  [/client/i, 'client'],
  [/channel/i, 'channel'],
  [/stream/i, 'stream'],
  [/session/i, 'session'],
  [/page/i, 'page'],
  [/launch|browser/i, 'browser'],
  [/^open$|file|handle/i, 'handle'],
  [/^(open|create|get).*(db|database)$/i, 'database'],
  [/connect|attach/i, 'connection'],
];

/** An awaited call that seems to open something, and how the code around gives it back. */
interface Candidate {
  readonly call: ts.CallExpression;
  readonly name: string;
  readonly discharge: Discharge | undefined;
  /** Which part of what the call gives it is: `page` of `const { page } = await load()`. */
  readonly part?: string;
}

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
    const binding = fitting.length > 0 ? variableOf(unit, call) : undefined;
    const discharge = binding && releaseIn(binding, call, fitting);
    if (binding && !isLookedAfter(binding, discharge)) found.push({ call, name, discharge });
  }
  return found;
}

/** A call that is named like one that opens something, and what may give that back. */
function openingCall(
  node: ts.Node,
): { readonly call: ts.CallExpression; readonly name: string; readonly fitting: readonly Usage[] } | undefined {
  const name = ts.isCallExpression(node) ? calleeName(node)?.text : undefined;
  if (name === undefined) return undefined;
  const fitting = usages.filter(({ acquiring }) => acquiring.test(name));
  const opens = fitting.length > 0 || beside.some(({ acquiring }) => acquiring.test(name));
  return opens ? { call: node as ts.CallExpression, name, fitting } : undefined;
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
export function confirms({ dischargedInOrder, discharges, handovers, gaveUp }: Solution): boolean {
  return !gaveUp && (dischargedInOrder || (discharges.size === 0 && handovers.length === 0));
}

function obligationOf({ call, name, discharge, part }: Candidate, preferred: Discharge): Obligation {
  const isLent =
    preferred.by === 'acquirer' || (preferred.by === 'method' && /^(release|unlock)$/.test(preferred.name));
  const owner = receiver(call);
  const acquisition: Acquisition = {
    at: { type: owner ? (memberName(strip(owner)) ?? owner.getText()) : 'function', member: name },
    yields: [{ via: 'promise' }],
    duty: isLent ? 'pooled' : 'handle',
    // Most drivers do, and which one it is nobody knows.
    dropsDead: true,
    kind: kinds.find(([pattern]) => pattern.test(part ?? name))?.[1] ?? 'resource',
    discharges: [preferred],
    preferred,
    consequence: discharge
      ? 'this code gives it back when all goes well, and on that way nobody does'
      : 'other functions of this file give it back after the same call',
  };
  const release = releaseOf(model, acquisition, 'likely');
  return {
    model,
    acquisition,
    origin: { via: 'value', site: call, carry: part === undefined ? itsPromise : { ...itsPromise, path: [part] } },
    release: {
      ...release,
      discharges: [...release.discharges, ...endings],
      eventual: acquisition.kind === 'channel' ? channelOperations : release.eventual,
    },
    site: call,
    acquirer: owner,
    through: undefined,
    confidence: 'likely',
    opens: undefined,
    opensByUse: [],
    isLent: false,
  };
}

/** Whether nothing but names and their use tells of the duty. */
export const isShownByUse = (obligation: Obligation): boolean => obligation.model === model;

/** The local variable that the awaited call fills. */
function variableOf({ scopes }: SourceUnit, call: ts.CallExpression): Binding | undefined {
  const awaited = unstrip(call).parent;
  if (!ts.isAwaitExpression(awaited)) return undefined;
  const { parent } = unstrip(awaited);
  const name =
    ts.isVariableDeclaration(parent) && parent.initializer
      ? parent.name
      : ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
        ? strip(parent.left)
        : undefined;
  const binding = name && ts.isIdentifier(name) ? scopes.bindingOf(name) : undefined;
  return binding && !ts.isSourceFile(binding.scope.node) ? binding : undefined;
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
    return !isKnown && (call.expression !== parent || clearing.test(name)) && isCleanup(call);
  });
}

function isCleanup(node: ts.Node): boolean {
  for (let current = node; current.parent && !ts.isSourceFile(current.parent); current = current.parent) {
    const { parent } = current;
    if (ts.isCatchClause(parent) || (ts.isTryStatement(parent) && parent.finallyBlock === current)) return true;
  }
  return false;
}

/** How the function that opens it gives it back, if it does. */
function releaseIn(binding: Binding, site: ts.CallExpression, usages: readonly Usage[]): Discharge | undefined {
  const root = enclosingRoot(site);
  const lender = receiver(site)?.getText();
  for (const reference of binding.references) {
    if (!isIn(root, reference) || reference.pos < site.end) continue;
    const { parent } = unstrip(reference);
    const call = ts.isPropertyAccessExpression(parent) ? parent.parent : parent;
    if (!ts.isCallExpression(call)) continue;
    const name = calledMethod(call) ?? '';
    const promise = ts.isAwaitExpression(unstrip(call).parent) ? ({ promise: true } as const) : {};
    if (call.expression === parent && usages.some(({ releasing }) => releasing.test(name)))
      return { by: 'method', name, ...promise };
    const isTakenBack = lender !== undefined && receiver(call)?.getText() === lender && takingBack.test(name);
    if (isTakenBack && call.arguments.some((it) => strip(it) === reference))
      return { by: 'acquirer', name, argument: call.arguments.findIndex((it) => strip(it) === reference), ...promise };
  }
  return undefined;
}

/** Whether the code belongs to the function, or to what it does at the end of a chain: `.finally(() => page.close())`. */
function isIn(root: ts.Node, reference: ts.Node): boolean {
  const own = enclosingRoot(reference);
  if (own === root) return true;
  if (!isFunctionLiteral(own)) return false;
  const { parent } = unstrip(own);
  return ts.isCallExpression(parent) && calledMethod(parent) === 'finally' && enclosingRoot(parent) === root;
}

/** What a library's model describes and does not call an acquisition is none. */
function isUnderstood(inference: Inference, { expression }: ts.CallExpression): boolean {
  return inference.evaluate(expression)?.kind === 'library';
}
