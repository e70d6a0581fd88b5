import ts from 'typescript';
import { optionalChain } from './access.ts';
import { visit } from './expressions.ts';
import type { End, Flow } from './flow.ts';
import { isOptionalChain, stripTransparent, writesProperty } from './syntax.ts';

/** The two ways out of a condition. */
export interface Outcomes {
  readonly yes: readonly End[];
  readonly no: readonly End[];
}

type ValueTest = 'truthy' | 'nullish';

/**
 * Builds an expression whose value only decides where control goes. Operators that combine conditions are taken apart,
 * so that every branch asks for one atomic value; literal conditions decide themselves and build no branch.
 */
export function condition(flow: Flow, node: ts.Expression, test: ValueTest = 'truthy'): Outcomes {
  if (!flow.reachable) return { yes: [], no: [] };
  const inner = stripTransparent(node);
  if (test === 'truthy' && ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.ExclamationToken) {
    const { yes, no } = condition(flow, inner.operand);
    return { yes: no, no: yes };
  }
  if (ts.isBinaryExpression(inner)) return binaryCondition(flow, inner, test);
  if (ts.isConditionalExpression(inner)) return choice(flow, inner, test);
  if (isOptionalChain(inner)) return chainCondition(flow, inner, test);
  return atomic(flow, inner, test);
}

function binaryCondition(flow: Flow, node: ts.BinaryExpression, test: ValueTest): Outcomes {
  const operator = node.operatorToken.kind;
  switch (operator) {
    case ts.SyntaxKind.CommaToken:
      visit(flow, node.left, true);
      return condition(flow, node.right, test);
    case ts.SyntaxKind.AmpersandAmpersandToken: {
      if (test !== 'truthy') return atomic(flow, node, test);
      const left = condition(flow, node.left);
      const right = conditionAfter(flow, left.yes, node.right, test);
      return { yes: right.yes, no: [...left.no, ...right.no] };
    }
    case ts.SyntaxKind.BarBarToken: {
      if (test !== 'truthy') return atomic(flow, node, test);
      const left = condition(flow, node.left);
      const right = conditionAfter(flow, left.no, node.right, test);
      return { yes: [...left.yes, ...right.yes], no: right.no };
    }
    case ts.SyntaxKind.QuestionQuestionToken: {
      const left = condition(flow, node.left, 'nullish');
      const present = test === 'nullish' ? { yes: [], no: left.no } : decide(flow, left.no, node.left, test);
      const right = conditionAfter(flow, left.yes, node.right, test);
      return { yes: [...present.yes, ...right.yes], no: [...present.no, ...right.no] };
    }
    default:
      return atomic(flow, node, test);
  }
}

function choice(flow: Flow, node: ts.ConditionalExpression, test: ValueTest): Outcomes {
  const { yes, no } = condition(flow, node.condition);
  const first = conditionAfter(flow, yes, node.whenTrue, test);
  const second = conditionAfter(flow, no, node.whenFalse, test);
  return { yes: [...first.yes, ...second.yes], no: [...first.no, ...second.no] };
}

/** A chain that was cut short has the value `undefined`: nullish and not truthy. */
function chainCondition(flow: Flow, node: ts.Expression, test: ValueTest): Outcomes {
  const short: End[] = [];
  optionalChain(flow, node, short);
  const { yes, no } = decide(flow, flow.take(), node, test);
  return test === 'nullish' ? { yes: [...short, ...yes], no } : { yes, no: [...short, ...no] };
}

function atomic(flow: Flow, node: ts.Expression, test: ValueTest): Outcomes {
  const constant = constantOutcome(node, test);
  visit(flow, node);
  if (constant === undefined) return decide(flow, flow.take(), node, test);
  const ends = flow.take();
  return constant ? { yes: ends, no: [] } : { yes: [], no: ends };
}

function conditionAfter(flow: Flow, ends: readonly End[], node: ts.Expression, test: ValueTest): Outcomes {
  flow.current = [...ends];
  return condition(flow, node, test);
}

/** Asks a value that has been evaluated already. */
function decide(flow: Flow, ends: readonly End[], node: ts.Expression, test: ValueTest): Outcomes {
  flow.current = [...ends];
  if (!flow.reachable) return { yes: [], no: [] };
  return flow.branch(stripTransparent(node), test);
}

function constantOutcome(node: ts.Expression, test: ValueTest): boolean | undefined {
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return test === 'truthy';
    case ts.SyntaxKind.FalseKeyword:
      return false;
    case ts.SyntaxKind.NullKeyword:
      return test === 'nullish';
  }
  if (ts.isNumericLiteral(node)) return test === 'truthy' && Number(node.text) !== 0;
  if (ts.isStringLiteralLike(node)) return test === 'truthy' && node.text !== '';
  return undefined;
}

/** `&&`, `||`, `??` and `?:` whose value is used: all ways meet again behind the operator. */
export function visitBranching(
  flow: Flow,
  node: ts.BinaryExpression | ts.ConditionalExpression,
  floating: boolean,
): void {
  if (ts.isConditionalExpression(node)) {
    const { yes, no } = condition(flow, node.condition);
    flow.current = [...yes];
    visit(flow, node.whenTrue, floating);
    const first = flow.take();
    flow.current = [...no];
    visit(flow, node.whenFalse, floating);
    flow.merge(first);
    return;
  }
  const operator = node.operatorToken.kind;
  const nullish = operator === ts.SyntaxKind.QuestionQuestionToken;
  const { yes, no } = condition(flow, node.left, nullish ? 'nullish' : 'truthy');
  const goesOn = operator === ts.SyntaxKind.BarBarToken ? no : yes;
  flow.current = [...goesOn];
  visit(flow, node.right, floating);
  flow.merge(goesOn === yes ? no : yes);
}

/** `a ??= b`, `a ||= b`, `a &&= b`: the right side and the write happen on one way only. */
export function visitLogicalAssignment(flow: Flow, node: ts.BinaryExpression): void {
  const operator = node.operatorToken.kind;
  visit(flow, node.left);
  if (!flow.reachable) return;
  const nullish = operator === ts.SyntaxKind.QuestionQuestionEqualsToken;
  const { yes, no } = flow.branch(stripTransparent(node.left), nullish ? 'nullish' : 'truthy');
  const assigns = operator === ts.SyntaxKind.BarBarEqualsToken ? no : yes;
  flow.current = assigns;
  visit(flow, node.right);
  if (flow.reachable) flow.add(writesProperty(node) ? 'evaluate' : 'bind', node);
  flow.merge(assigns === yes ? no : yes);
}
