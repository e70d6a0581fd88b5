import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { calleeName, memberName, receiver, strip } from '../syntax/tree.ts';
import { equalityOf } from './predicates.ts';
import { type Carry, isResource } from './state.ts';

/** A method whose result says, in a property, that the resource has nothing left to give. */
export interface Exhausting {
  readonly name: string;
  readonly property: string;
}

/** A property beside the resource, and the values of it that say that there is nothing to release. */
export interface Emptiness {
  readonly property: string;
  readonly values: readonly number[];
}

/** What `response.statusCode === 204` asks: the outcome on which nothing is there. */
export function askedForEmptiness(condition: ts.Expression, properties: readonly Emptiness[]): boolean | undefined {
  const expression = strip(condition);
  if (!ts.isBinaryExpression(expression)) return undefined;
  const equality = equalityOf(expression.operatorToken.kind);
  const value = strip(expression.right);
  if (equality === undefined || !ts.isNumericLiteral(value)) return undefined;
  const asked = strip(expression.left);
  const name = ts.isIdentifier(asked) ? asked.text : memberName(asked);
  const says = properties.some(({ property, values }) => property === name && values.includes(Number(value.text)));
  return says ? equality : undefined;
}

/** The reading call whose result a condition asks for its end, and the outcome that says so. */
interface Asked {
  readonly call: ts.CallExpression;
  readonly outcome: boolean;
}

/** What a condition such as `done`, `!chunk.done` or `(await reader.read()).done` asks of which call. */
export function askedForEnd(
  program: Program,
  condition: ts.Expression,
  methods: readonly Exhausting[],
): Asked | undefined {
  const expression = strip(condition);
  if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.ExclamationToken) {
    const asked = askedForEnd(program, expression.operand, methods);
    return asked && { ...asked, outcome: !asked.outcome };
  }
  for (const { name, property } of methods) {
    for (const source of resultsOf(program, expression, property)) {
      const value = strip(source);
      const call = ts.isAwaitExpression(value) ? strip(value.expression) : value;
      if (ts.isCallExpression(call) && calleeName(call)?.text === name && receiver(call))
        return { call, outcome: true };
    }
  }
  return undefined;
}

/** What a call, awaited or not, reads from, if it is a call of one of the methods. */
export function readFrom(node: ts.Expression, methods: readonly Exhausting[]): ts.Expression | undefined {
  const call = awaitedCall(node);
  return call && methods.some(({ name }) => calleeName(call)?.text === name) ? receiver(call) : undefined;
}

function awaitedCall(node: ts.Expression): ts.CallExpression | undefined {
  const value = strip(node);
  const call = ts.isAwaitExpression(value) ? strip(value.expression) : value;
  return ts.isCallExpression(call) ? call : undefined;
}

/** The expressions whose property the condition may be. */
function resultsOf(program: Program, node: ts.Expression, property: string): readonly ts.Expression[] {
  if (ts.isPropertyAccessExpression(node)) {
    if (node.name.text !== property) return [];
    const owner = strip(node.expression);
    return ts.isIdentifier(owner) ? valuesOf(program, owner) : [owner];
  }
  if (!ts.isIdentifier(node)) return [];
  // `done = result.done`
  const named = valuesOf(program, node).map(strip).filter(ts.isPropertyAccessExpression);
  return [...destructured(program, node, property), ...named.flatMap((it) => resultsOf(program, it, property))];
}

/** What a variable is given, where it is declared and later. */
function valuesOf(program: Program, name: ts.Identifier): readonly ts.Expression[] {
  const binding = program.unitOf(name).scopes.bindingOf(name);
  const declared = (binding?.declarations ?? []).flatMap(({ parent }) =>
    ts.isVariableDeclaration(parent) && parent.initializer ? [parent.initializer] : [],
  );
  const written = (binding?.writes ?? []).flatMap(({ parent }) =>
    ts.isBinaryExpression(parent) ? [parent.right] : [],
  );
  return [...declared, ...written];
}

/** The values out of which a name is taken as their `property`: `const { done } = …`, `({ done } = …)`. */
function destructured(program: Program, name: ts.Identifier, property: string): readonly ts.Expression[] {
  const binding = program.unitOf(name).scopes.bindingOf(name);
  const declared = (binding?.declarations ?? []).flatMap(({ parent }) => {
    if (!ts.isBindingElement(parent) || (parent.propertyName ?? parent.name).getText() !== property) return [];
    const holder = parent.parent.parent;
    return ts.isVariableDeclaration(holder) && holder.initializer ? [holder.initializer] : [];
  });
  const written = (binding?.writes ?? []).flatMap(({ parent }) => {
    const key = ts.isShorthandPropertyAssignment(parent) || ts.isPropertyAssignment(parent) ? parent.name : undefined;
    const assignment = key?.getText() === property ? parent.parent.parent : undefined;
    return assignment && ts.isBinaryExpression(assignment) ? [assignment.right] : [];
  });
  return [...declared, ...written];
}

/** The codes of errors that only a release gives: there was nothing to release any more. */
const releasedCodes =
  /^E?(?:_?ALREADY_?)?(?:RELEASED|COMPROMISED|NOT_?ACQUIRED)$|^EBADF$|^ERR_[A-Z_]*(?:CLOSED|DESTROYED)$/i;

/** The outcome on which `error.code === 'ERELEASED'` says that the resource is gone already. */
export function askedForRelease(expression: ts.Expression): boolean | undefined {
  if (!ts.isBinaryExpression(expression)) return undefined;
  const code = strip(expression.right);
  if (memberName(strip(expression.left)) !== 'code' || !ts.isStringLiteralLike(code)) return undefined;
  return releasedCodes.test(code.text) ? equalityOf(expression.operatorToken.kind) : undefined;
}

/** Members that tell whether a resource is closed already. */
const closedMembers = /^(isClosed|closed|destroyed|killed)$/;

/**
 * The outcome of a condition on which there is no resource to release: `page.isClosed()`, or a comparison with a text
 * that stands for failure (`lock === 'aborted'`). `undefined` for all other conditions.
 */
export function saysIsGone(
  condition: ts.Node,
  carryOf: (value: ts.Expression) => Carry | undefined,
): boolean | undefined {
  if (!ts.isExpression(condition)) return undefined;
  const expression = strip(condition);
  if (ts.isBinaryExpression(expression)) {
    const equality = equalityOf(expression.operatorToken.kind);
    const isText = ts.isStringLiteralLike(strip(expression.right));
    const carry = equality !== undefined && isText ? carryOf(expression.left) : undefined;
    return carry && carry.role === 'resource' ? equality : undefined;
  }
  const asked = ts.isCallExpression(expression) ? strip(expression.expression) : expression;
  if (!ts.isPropertyAccessExpression(asked) || !closedMembers.test(asked.name.text)) return undefined;
  return isResource(carryOf(asked.expression)) ? true : undefined;
}
