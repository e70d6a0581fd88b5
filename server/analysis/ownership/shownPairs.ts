import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import { isInCleanup } from '../syntax/leaving.ts';
import { callKinds, readIn } from '../syntax/nodes.ts';
import {
  calledMethod,
  calleeName,
  contains,
  enclosingClass,
  enclosingRoot,
  receiver,
  some,
  someInFunction,
  strip,
  unstrip,
  walkFunction,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Obligation } from './obligation.ts';
import { inOrder, isUnderstood } from './shown.ts';
import { type Shown, shownDuty } from './shownDuty.ts';
import { itself, itsPromise } from './state.ts';
import { pairs } from './usages.ts';

type Call = ts.CallExpression;

/** `await lock.acquire(key)` as a statement of its own, and the name of what undoes it. */
interface Opening {
  readonly call: Call;
  readonly name: string;
  readonly owner: ts.Expression;
  readonly closes: RegExp;
}

/**
 * Duties that two verbs of one object show: `await browser.launch()`, and later in the same function `browser.close()`.
 * Where the function made the object, it is what is to be closed; where not, the right to use it is.
 */
export function pairedObligations(
  inference: Inference,
  unit: SourceUnit,
  taken: ReadonlySet<ts.Node>,
): readonly Obligation[] {
  return readIn(unit.file, callKinds, opening).flatMap(({ call, name, owner, closes }): readonly Obligation[] => {
    if (taken.has(call)) return [];
    const release = releaseAfter(call, owner, closes);
    if (!release || isLookedAfter(call, owner, closes) || isOwnBusiness(call, owner, closes)) return [];
    const made = madeIn(unit, call, owner);
    if ((made && taken.has(made)) || isUnderstood(inference, made ?? call)) return [];
    const closing = calledMethod(release) ?? '';
    const promise = ts.isAwaitExpression(unstrip(release).parent) ? ({ promise: true } as const) : {};
    const common = { name, consequence: inOrder };
    const shown: Shown = made
      ? {
          ...common,
          site: made,
          origin: { via: 'value', site: made, carry: itself },
          preferred: { by: 'method', name: closing, ...promise },
          opens: [name],
          called: `${name} ${owner.getText()}`,
        }
      : {
          ...common,
          site: call,
          origin: { via: 'value', site: call, carry: itsPromise, holder: owner },
          preferred: { by: 'acquirer', name: closing, ...promise },
        };
    return [shownDuty(shown)];
  });
}

function opening(node: ts.Node): Opening | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const name = calleeName(node)?.text;
  const owner = receiver(node);
  const place = owner && strip(owner);
  if (name === undefined || !place || !isPlace(place)) return undefined;
  const { parent } = unstrip(node);
  if (!ts.isAwaitExpression(parent) || !ts.isExpressionStatement(unstrip(parent).parent)) return undefined;
  for (const { opens, closes, of } of pairs) {
    const rest = opens.test(name) ? name.replace(opens, '') : undefined;
    if (rest === undefined || (rest !== '' && !/^[A-Z_]/.test(rest)) || (of && !of.test(place.getText()))) continue;
    return { call: node, name, owner: place, closes: new RegExp(`^(?:${closes})${rest}$`) };
  }
  return undefined;
}

/** A name, or a field: the same object whenever it is mentioned. */
function isPlace(node: ts.Expression): boolean {
  const place = strip(node);
  if (ts.isPropertyAccessExpression(place)) return isPlace(place.expression);
  return ts.isIdentifier(place) || place.kind === ts.SyntaxKind.ThisKeyword;
}

/** The call of the same function that undoes it, on the same object and for the same key. */
function releaseAfter(call: Call, owner: ts.Expression, closes: RegExp): Call | undefined {
  const text = owner.getText();
  const key = call.arguments[0]?.getText();
  let found: Call | undefined;
  walkFunction(enclosingRoot(call), (node) => {
    if (found || !ts.isCallExpression(node) || node.pos < call.end || !closes.test(calledMethod(node) ?? '')) return;
    const other = receiver(node);
    if (!other || strip(other).getText() !== text) return;
    const [first] = node.arguments;
    if (first === undefined || key === undefined || first.getText() === key) found = node;
  });
  return found;
}

/** Whether code that cleans up tells the object something else, hands it to somebody or ends all that there is. */
function isLookedAfter(call: Call, owner: ts.Expression, closes: RegExp): boolean {
  const text = owner.getText();
  return someInFunction(enclosingRoot(call), (node) => {
    if (!ts.isCallExpression(node) || !isInCleanup(node)) return false;
    const name = calledMethod(node) ?? '';
    const other = receiver(node);
    if (other && strip(other).getText() === text) return !closes.test(name);
    if (node.arguments.some((it) => strip(it).getText() === text)) return true;
    return other !== undefined && strip(other).kind === ts.SyntaxKind.ThisKeyword && cleaning.test(name);
  });
}

/** `this.connect()` of a method: a class above has it, or another member ends it, and may do so when this one has failed. */
function isOwnBusiness(call: Call, owner: ts.Expression, closes: RegExp): boolean {
  const holder = owner.kind === ts.SyntaxKind.ThisKeyword ? enclosingClass(call) : undefined;
  if (!holder) return false;
  const name = calledMethod(call);
  if (!holder.members.some((it) => it.name?.getText() === name)) return true;
  const own = enclosingRoot(call);
  return some(holder, (node) => {
    if (!ts.isCallExpression(node) || contains(own, node) || !closes.test(calledMethod(node) ?? '')) return false;
    return receiver(node)?.kind === ts.SyntaxKind.ThisKeyword;
  });
}

const cleaning =
  /clos|clean|clear|releas|disconnect|destroy|dispos|reset|stop|shut|unlock|terminat|end|quit|kill|teardown|free/i;

/** `new Client()` that the same function gave the name. */
function madeIn({ scopes }: SourceUnit, call: Call, owner: ts.Expression): ts.NewExpression | Call | undefined {
  const binding = ts.isIdentifier(owner) ? scopes.bindingOf(owner) : undefined;
  const declaration = binding?.declarations[0]?.parent;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
  if (enclosingRoot(declaration) !== enclosingRoot(call) || ts.isSourceFile(binding.scope.node)) return undefined;
  const value = strip(declaration.initializer);
  return ts.isNewExpression(value) || ts.isCallExpression(value) ? value : undefined;
}
