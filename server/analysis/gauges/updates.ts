import ts from 'typescript';
import { type GaugeModel, gaugeConventions } from '../resources/gauges.ts';
import { readIn, updateKinds } from '../syntax/nodes.ts';
import { enclosingClass, isAssignment, memberName, receiver, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** What one piece of code does to a counter. */
export interface Update {
  /** The call, assignment or counting expression. */
  readonly node: ts.CallExpression | ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression;
  /** What is counted with: `this.inFlight`, `inFlight`, `metrics.active`. */
  readonly counter: ts.Expression;
  readonly does: 'raise' | 'lower' | 'set';
  readonly gauge: GaugeModel | undefined;
}

/** A counter that outlives the functions that count with it, and everything that the file does to it. */
export interface Counter {
  /** As written. */
  readonly text: string;
  /** The last part of its name. */
  readonly name: string;
  readonly updates: readonly Update[];
  /** The library's instrument that it is; `undefined` for numbers, and for what only looks like one. */
  readonly gauge: GaugeModel | undefined;
}

export type GaugeOf = (expression: ts.Expression) => GaugeModel | undefined;

/** The counters of a file. */
export function countersOf(unit: SourceUnit, gaugeOf: GaugeOf): readonly Counter[] {
  const byKey = new Map<string, Update[]>();
  for (const node of readIn(unit.file, updateKinds, possibleUpdate)) {
    const update = updateOf(node, gaugeOf);
    const key = update && keyOf(unit, update);
    if (key === undefined) continue;
    const updates = byKey.get(key) ?? [];
    updates.push(update as Update);
    byKey.set(key, updates);
  }
  return [...byKey.values()].map((updates) => {
    const { counter } = updates[0] as Update;
    return {
      text: counter.getText(),
      name: memberName(counter) ?? counter.getText(),
      updates,
      gauge: updates.find(({ gauge }) => gauge)?.gauge,
    };
  });
}

/** A node that is an update by its shape: of a call the object's type has to say more. */
function possibleUpdate(node: ts.Node): ts.Node | undefined {
  if (!ts.isCallExpression(node)) return node;
  const method = memberName(strip(node.expression)) ?? '';
  return updating.has(method) ? node : undefined;
}

const updating: ReadonlySet<string> = new Set([...gaugeConventions.flat(), 'add', 'set']);

function updateOf(node: ts.Node, gaugeOf: GaugeOf): Update | undefined {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const up = node.operator === ts.SyntaxKind.PlusPlusToken;
    const down = node.operator === ts.SyntaxKind.MinusMinusToken;
    if (!up && !down) return undefined;
    return { node, counter: strip(node.operand), does: up ? 'raise' : 'lower', gauge: undefined };
  }
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
    const { kind } = node.operatorToken;
    const up = kind === ts.SyntaxKind.PlusEqualsToken;
    const down = kind === ts.SyntaxKind.MinusEqualsToken;
    return { node, counter: strip(node.left), does: up ? 'raise' : down ? 'lower' : 'set', gauge: undefined };
  }
  return ts.isCallExpression(node) ? gaugeUpdate(node, gaugeOf) : undefined;
}

function gaugeUpdate(node: ts.CallExpression, gaugeOf: GaugeOf): Update | undefined {
  const object = receiver(node);
  const method = memberName(strip(node.expression));
  if (!object || method === undefined) return undefined;
  const convention = gaugeConventions.find((names) => names.includes(method));
  const counter = withoutLabels(strip(object));
  const gauge = gaugeOf(counter);
  if (gauge) {
    const sign = signOf(node.arguments[0]);
    const is = ({ member, sign: wanted }: GaugeModel['raise']): boolean =>
      member === method && (wanted === undefined || wanted === sign);
    if (is(gauge.raise)) return { node, counter, does: 'raise', gauge };
    if (is(gauge.lower)) return { node, counter, does: 'lower', gauge };
    const moves = [gauge.raise.member, gauge.lower.member].includes(method);
    return gauge.sets.includes(method) || moves ? { node, counter, does: 'set', gauge } : undefined;
  }
  return convention
    ? { node, counter, does: method === convention[0] ? 'raise' : 'lower', gauge: undefined }
    : undefined;
}

/** `gauge.labels('a')` and `gauge.labels({ … })` are the gauge. */
function withoutLabels(expression: ts.Expression): ts.Expression {
  if (!ts.isCallExpression(expression)) return expression;
  const object = receiver(expression);
  return object && memberName(strip(expression.expression)) === 'labels' ? strip(object) : expression;
}

function signOf(argument: ts.Expression | undefined): 1 | -1 | undefined {
  const value = argument && strip(argument);
  if (!value) return undefined;
  if (ts.isNumericLiteral(value)) return 1;
  const negative = ts.isPrefixUnaryExpression(value) && value.operator === ts.SyntaxKind.MinusToken;
  return negative && ts.isNumericLiteral(value.operand) ? -1 : undefined;
}

/** What the counter is, so that two mentions of it are known for one; `undefined` for what is local to a function's run. */
function keyOf(unit: SourceUnit, { counter, node }: Update): string | undefined {
  const path: string[] = [];
  let object = counter;
  while (ts.isPropertyAccessExpression(object) || ts.isElementAccessExpression(object)) {
    path.unshift(ts.isPropertyAccessExpression(object) ? object.name.text : `[${object.argumentExpression.getText()}]`);
    object = strip(object.expression);
  }
  // A name that counts for several things is told apart by the first of them: `stats.increment('open')`.
  if (ts.isCallExpression(node)) {
    const [first] = node.arguments;
    if (first && ts.isStringLiteralLike(first)) path.push(`(${first.text})`);
  }
  if (object.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = enclosingClass(object);
    return owner && path.length > 0 ? `${owner.pos}.${path.join('.')}` : undefined;
  }
  if (!ts.isIdentifier(object)) return undefined;
  const binding = unit.scopes.bindingOf(object);
  return binding && `#${binding.id}.${path.join('.')}`;
}
