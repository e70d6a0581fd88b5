import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { isAssignment, isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import { takerOf } from './calledBack.ts';

const registering = /^(?:on|once|addListener|addEventListener|prependListener)$/;

/**
 * Whether code ends what the call gives to a variable by one of the methods, on its way or in what is called back later:
 * `server.listen(port, () => server.close())`.
 * @param evenFailed tells whether an end that only a failure brings counts as well.
 */
export function isEndedInside(
  program: Program,
  site: ts.CallExpression | ts.NewExpression,
  methods: ReadonlySet<string>,
  evenFailed: boolean,
): boolean {
  const name = variableGiven(site);
  const binding = name && program.unitOf(name).scopes.bindingOf(name);
  if (!binding || ts.isSourceFile(binding.scope.node)) return false;
  return binding.references.some((reference) => {
    const access = unstrip(reference).parent;
    if (!ts.isPropertyAccessExpression(access) || !methods.has(access.name.text)) return false;
    const call = unstrip(access).parent;
    if (!ts.isCallExpression(call) || strip(call.expression) !== access) return false;
    return evenFailed || !isAfterFailure(call, binding.scope.node);
  });
}

/** `const server = …`, `server = …`, also with `await` and behind methods that give the object itself. */
function variableGiven(site: ts.Expression): ts.Identifier | undefined {
  let value = unstrip(site);
  if (ts.isAwaitExpression(value.parent)) value = unstrip(value.parent);
  const { parent } = value;
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name) ? parent.name : undefined;
  if (!ts.isBinaryExpression(parent) || parent.right !== value || !isAssignment(parent.operatorToken.kind))
    return undefined;
  const target = strip(parent.left);
  return ts.isIdentifier(target) ? target : undefined;
}

/** Whether the code only runs where something went wrong: in a `catch`, or in a listener to `error`. */
function isAfterFailure(node: ts.Node, scope: ts.Node): boolean {
  for (let current = node; current !== scope && current.parent; current = current.parent) {
    if (ts.isCatchClause(current)) return true;
    const taker = isFunctionLiteral(current) ? takerOf(current) : undefined;
    if (!taker) continue;
    const callee = strip(taker.call.expression);
    const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
    const [event] = taker.call.arguments ?? [];
    if (method === 'catch') return true;
    if (registering.test(method) && event && ts.isStringLiteralLike(event) && event.text === 'error') return true;
  }
  return false;
}
