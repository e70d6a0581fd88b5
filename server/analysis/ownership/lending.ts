import ts from 'typescript';
import { isFinallyBlock } from '../syntax/leaving.ts';
import { callsIn } from '../syntax/nodes.ts';
import { initialOf } from '../syntax/scopes.ts';
import { calledMethod, calleeName, receiver, strip, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { namedRelease } from './namedRelease.ts';
import type { Obligation } from './obligation.ts';

/** Methods that close what they are called on, with all that it lent. */
export const endings = /^(?:end|close|destroy|drain|terminate|disconnect|shutdown)$/;

const helperEndings =
  /^(?:close|remove|destroy|disconnect|end|drop|stop|teardown|tearDown)\w*(?:Connections?|Driver|Data[sS]ource|Db|DB|Database|Pool|Client)$/;

/** Functions whose callbacks clean up after a test. */
const hooks = /^(?:after|afterEach|afterAll|teardown|suiteTeardown|tearDown)$/;

/**
 * Whether what a test leaves behind goes with the test: a body that its own server sent, or what was lent by something
 * that a hook or a `finally` of the same file ends.
 */
export function diesWithTest(unit: SourceUnit, obligation: Obligation): boolean {
  const { acquisition, acquirer } = obligation;
  if (acquisition.duty === 'body') return true;
  const isOfLender = acquisition.duty === 'pooled' || acquisition.duty === 'transaction';
  if (!isOfLender || !acquirer || namedRelease(unit, obligation)) return false;
  const owners = namesOfLenders(unit, acquirer);
  return callsIn(unit.file).some((call) => {
    if (!ts.isCallExpression(call)) return false;
    if (isHelperEnding(call)) return acquisition.duty === 'pooled' && isCleanup(call);
    if (!endings.test(calledMethod(call) ?? '')) return false;
    const ended = receiver(call);
    if (!ended || !owners.has(strip(ended).getText())) return false;
    // What comes back by itself keeps no lender from its end, wherever that is.
    return acquisition.idles === true || isCleanup(call);
  });
}

/** `await removeConnection()`, `closeDatabase()`: a helper of many tests, which ends all that they share. */
function isHelperEnding(call: ts.CallExpression): boolean {
  return ts.isIdentifier(call.expression) && helperEndings.test(call.expression.text);
}

/** What lends, and what that came from: `session`, then `driver`. A lender within something else has its own name too. */
function namesOfLenders(unit: SourceUnit, acquirer: ts.Expression): ReadonlySet<string> {
  const names = new Set<string>();
  let current: ts.Expression | undefined = acquirer;
  for (let depth = 0; current && depth < 4; depth++) {
    const owner: ts.Expression = strip(current);
    if (ts.isCallExpression(owner)) {
      current = receiver(owner);
      continue;
    }
    names.add(owner.getText());
    if (ts.isPropertyAccessExpression(owner)) names.add(owner.name.text);
    const made: ts.Expression | undefined = ts.isIdentifier(owner)
      ? initialOf(unit.scopes.bindingOf(owner))
      : undefined;
    const call: ts.Expression | undefined = made && ts.isAwaitExpression(made) ? strip(made.expression) : made;
    current = call && ts.isCallExpression(call) ? receiver(call) : undefined;
  }
  return names;
}

function isCleanup(node: ts.Node): boolean {
  for (let current = node; current.parent; current = current.parent) {
    const { parent } = current;
    if (isFinallyBlock(current)) return true;
    if (ts.isCallExpression(parent) && hooks.test(calleeName(parent)?.text ?? '')) return true;
  }
  return false;
}

/** Whether the function itself has just made what lends: `this.pool = new Pool(); const client = await this.pool.connect()`. */
export function isOfNewPool({ acquisition, acquirer, site }: Obligation, root: ts.Node): boolean {
  if (acquisition.duty !== 'pooled' || !acquirer) return false;
  const owner = strip(acquirer).getText();
  let found = false;
  walkFunction(root, (node) => {
    if (found || node.end > site.getStart()) return;
    const value =
      ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken
        ? node.left.getText() === owner && node.right
        : ts.isVariableDeclaration(node) && node.name.getText() === owner && node.initializer;
    found = value !== undefined && value !== false && isMaking(value);
  });
  return found;
}

function isMaking(node: ts.Expression): boolean {
  const value = strip(node);
  const made = ts.isAwaitExpression(value) ? strip(value.expression) : value;
  return ts.isNewExpression(made) || (ts.isCallExpression(made) && /^create/.test(calleeName(made)?.text ?? ''));
}
