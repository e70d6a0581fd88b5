import ts from 'typescript';
import {
  contains,
  enclosingRoot,
  type FunctionLiteral,
  functionName,
  isFunctionLiteral,
  mentionsName,
  strip,
  walk,
} from '../syntax/tree.ts';
import type { Handle } from './handles.ts';
import type { OutlivedEnd } from './ownerEnds.ts';
import { callbackLiteral, type Timer } from './timers.ts';

const cancelling = /^_?(?:cancel|abort|stop|dispose|close|destroy|end|terminate)(?:All|Now|Work|Task|Hook)?$/i;

/** From this on somebody may notice a timer that goes on. */
const noticed = 5000;

/**
 * A function beside the timer that calls the work off by a flag, and by nothing else: the timer goes on until the work is
 * over all the same, or for its whole time.
 */
export function cancelledBeside(timer: Timer, handle: Handle): OutlivedEnd | undefined {
  const { keeping } = timer;
  const own = callbackLiteral(timer);
  if (timer.delay !== undefined && timer.delay < noticed) return undefined;
  if (keeping.by !== 'name' || !own || ts.isSourceFile(keeping.binding.scope.node)) return undefined;
  const clears = handle.clears.filter(({ node }) => !contains(own, node)).map(({ node }) => node);
  const [cleared] = clears;
  const acts = lastCall(own);
  if (!cleared || !acts) return undefined;
  for (const fn of functionsIn(keeping.binding.scope.node)) {
    const name = functionName(fn) ?? '';
    const flags = cancelling.test(name) ? flagsSetBy(fn) : [];
    if (flags.length > 0 && clears.every((clear) => asks(clear, fn, flags)))
      return { end: { name: nameOf(fn), fn }, acts, cleared, asks: true };
  }
  return undefined;
}

/** The functions that are declared in the scope itself. */
function functionsIn(scope: ts.Node): readonly ts.FunctionLikeDeclaration[] {
  const body = (scope as { readonly body?: ts.Node }).body ?? scope;
  if (!ts.isBlock(body)) return [];
  return body.statements.flatMap((statement): readonly ts.FunctionLikeDeclaration[] => {
    if (ts.isFunctionDeclaration(statement)) return [statement];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ initializer }) =>
      initializer && isFunctionLiteral(strip(initializer)) ? [strip(initializer) as FunctionLiteral] : [],
    );
  });
}

/** The names that a function sets to `true`, when that is all it does. */
function flagsSetBy({ body }: ts.FunctionLikeDeclaration): readonly string[] {
  if (!body || !ts.isBlock(body)) return [];
  const flags: string[] = [];
  for (const statement of body.statements) {
    const set = ts.isExpressionStatement(statement) ? statement.expression : undefined;
    if (!set || !ts.isBinaryExpression(set) || !ts.isIdentifier(set.left)) return [];
    if (set.right.kind !== ts.SyntaxKind.TrueKeyword) return [];
    flags.push(set.left.text);
  }
  return flags;
}

/** Whether the function that clears asks one of the flags: it runs when the work is over, called off or not. */
function asks(clear: ts.Node, cancel: ts.Node, flags: readonly string[]): boolean {
  const root = enclosingRoot(clear);
  return root !== cancel && !ts.isSourceFile(root) && flags.some((flag) => mentionsName(root, flag));
}

function nameOf(fn: ts.FunctionLikeDeclaration): ts.Node {
  return fn.name ?? (ts.isVariableDeclaration(fn.parent) ? fn.parent.name : fn);
}

/** What a callback comes to. */
function lastCall(fn: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined;
  walk(fn, (node) => {
    if (ts.isCallExpression(node) && (ts.isExpressionStatement(node.parent) || node.parent === fn)) found = node;
  });
  return found;
}
