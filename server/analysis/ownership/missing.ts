import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { Program } from '../syntax/program.ts';
import { isFunctionLiteral, isRoot, strip, unstrip } from '../syntax/tree.ts';
import { parameterPlaces } from './bindings.ts';
import { equalityOf, isNullish } from './predicates.ts';
import { type State, withFact } from './state.ts';

const errorName = /err|fail|^e\d*$|^ex$/i;

/** What some libraries give together with an error: the output of a command that failed, a response with a bad status. */
const besidesError = /^(?:std(?:out|err)|req|request|res|response|resp|body|done|next|cb|callback)$/i;

/** What a path knows behind a condition that asks an error-first callback's error: with an error there is no result. */
export function withoutResult(program: Program, condition: ts.Expression, holds: boolean, state: State): State {
  const asked = askedFor(condition, holds);
  if (!asked?.isThere || !errorName.test(asked.name.text)) return state;
  const { name } = asked;
  const parameter = program.unitOf(name).scopes.bindingOf(name)?.declarations[0]?.parent;
  if (!parameter || !ts.isParameter(parameter)) return state;
  const callback = parameter.parent;
  if (!isFunctionLiteral(callback) || callback.parameters[0] !== parameter) return state;
  return callback.parameters.slice(1).reduce((result, { name: other, initializer }) => {
    if (!ts.isIdentifier(other) || initializer || besidesError.test(other.text)) return result;
    return isConstant(program, other) ? withFact(result, `${other.text}==null`, true) : result;
  }, state);
}

/** Inside a node-style callback, where nothing failed. */
export function withoutError(state: State, literal: ts.FunctionLikeDeclaration, error = 0): State {
  const parameter = literal.parameters[error];
  return (parameter ? parameterPlaces(parameter) : []).reduce(
    (result, name) => withFact(withFact(result, name, false), `${name}==null`, true),
    state,
  );
}

/** The name whose value a condition asks for, and whether that is there when the condition holds or does not. */
function askedFor(condition: ts.Expression, holds: boolean): { name: ts.Identifier; isThere: boolean } | undefined {
  const expression = strip(condition);
  if (ts.isIdentifier(expression)) return { name: expression, isThere: holds };
  if (ts.isPrefixUnaryExpression(expression) && expression.operator === ts.SyntaxKind.ExclamationToken)
    return askedFor(expression.operand, !holds);
  if (!ts.isBinaryExpression(expression) || !isNullish(strip(expression.right))) return undefined;
  const equality = equalityOf(expression.operatorToken.kind);
  return equality === undefined ? undefined : askedFor(expression.left, holds !== equality);
}

/** Whether the node, whenever it is evaluated, asks something of a name that stands for nothing: that throws. */
export function asksNothing(program: Program, node: ts.Node, { facts }: State): boolean {
  if (facts.size === 0) return false;
  const visit = (inner: ts.Node): boolean => {
    if (isRoot(inner)) return false;
    if (ts.isConditionalExpression(inner)) return visit(inner.condition);
    if (ts.isBinaryExpression(inner) && isShortCircuit(inner.operatorToken.kind)) return visit(inner.left);
    if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
      const owner = strip(inner.expression);
      if (!ts.isIdentifier(owner)) return visit(owner);
      return !inner.questionDotToken && facts.get(`${owner.text}==null`) === true && isConstant(program, owner);
    }
    return ts.forEachChild(inner, visit) ?? false;
  };
  return visit(node);
}

/** Whether a `?.` is cut short that gives the resource to somebody: `response.body?.pipe(file)`. Nobody counts on that. */
export function skipsTaker({ syntax, test }: FlowNode, isResource: (value: ts.Expression) => boolean): boolean {
  if (test !== 'nullish' || !ts.isExpression(syntax)) return false;
  let call: ts.Node = unstrip(syntax).parent;
  while (ts.isPropertyAccessExpression(call)) call = call.parent;
  if (!ts.isCallExpression(call) || !ts.isOptionalChain(call)) return false;
  return call.arguments.some((argument) => isResource(argument));
}

function isShortCircuit(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken
  );
}

/** Whether nothing gives the name another value than its first one. */
function isConstant(program: Program, name: ts.Identifier): boolean {
  const binding = program.unitOf(name).scopes.bindingOf(name);
  return binding !== undefined && binding.declarations.length === 1 && binding.writes.length === 0;
}
