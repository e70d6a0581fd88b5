import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Program } from '../syntax/program.ts';
import { contains, isFunctionLiteral, strip } from '../syntax/tree.ts';
import { constantOf } from './constants.ts';
import { isInTest } from './processEnds.ts';
import type { Timer } from './timers.ts';

/**
 * The longest wait that the callers of a function give it, as `ms` or as `seconds * 1000`; `undefined` when one of them
 * cannot be told.
 */
export function givenDelay(wait: ts.Expression | undefined, { unit, semantics }: FileAnalysis): number | undefined {
  const [name, factor] = wait ? scaled(strip(wait), semantics.program) : [];
  const binding = name && unit.scopes.bindingOf(name);
  const parameter = binding?.declarations[0]?.parent;
  if (!binding || !parameter || !ts.isParameter(parameter) || binding.writes.length > 0) return undefined;
  const fn = parameter.parent as ts.FunctionLikeDeclaration;
  if (!name || factor === undefined || !contains(fn, name)) return undefined;
  const uses = semantics.references.usesOf(fn);
  if (uses === 'unknown' || uses.values.length > 0) return undefined;
  // Of what is offered to others, the project's own calls are an example; those of its tests are none.
  const calls = uses.calls.filter(({ call }) => !isInTest(call, semantics));
  if (calls.length === 0) return undefined;
  const index = fn.parameters.indexOf(parameter);
  let longest = 0;
  for (const { call: use } of calls) {
    const given = use.arguments?.[index] ?? parameter.initializer;
    const delay = constantOf(given, semantics.program);
    if (delay === undefined) return undefined;
    longest = Math.max(longest, delay * factor);
  }
  return longest;
}

/** `seconds * 1000`, taken apart. */
function scaled(
  wait: ts.Expression,
  program: Program,
): readonly [ts.Identifier | undefined, number | undefined] | readonly [] {
  if (ts.isIdentifier(wait)) return [wait, 1];
  if (!ts.isBinaryExpression(wait) || wait.operatorToken.kind !== ts.SyntaxKind.AsteriskToken) return [];
  const sides = [strip(wait.left), strip(wait.right)];
  return [sides.find(ts.isIdentifier), sides.map((side) => constantOf(side, program)).find((it) => it !== undefined)];
}

/**
 * How long a timer lasts: what the callers give where its own number only stands in for that, as in `wait || 5000`;
 * `undefined` where they give what cannot be told.
 */
export function statedDelay({ call, delay }: Timer, { semantics }: FileAnalysis): number | undefined {
  const parameter = delay === undefined ? undefined : replaced(call.arguments[1], semantics.program);
  const fn = parameter?.parent;
  if (!parameter || !fn || !(ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn) || isFunctionLiteral(fn)))
    return delay;
  const uses = semantics.references.usesOf(fn);
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0 || uses.calls.length === 0) return delay;
  const index = fn.parameters.indexOf(parameter);
  const given = uses.calls.map(({ call: use }) => {
    const argument = use.arguments?.[index];
    return argument ? constantOf(argument, semantics.program) : delay;
  });
  return given.every((it) => it !== undefined) ? Math.max(...given) : undefined;
}

/** The parameter in place of which a number stands when nothing is given. */
function replaced(wait: ts.Expression | undefined, program: Program, hops = 2): ts.ParameterDeclaration | undefined {
  const expression = wait && strip(wait);
  if (!expression || hops === 0) return undefined;
  if (ts.isBinaryExpression(expression))
    return /^(?:\|\||\?\?)$/.test(expression.operatorToken.getText())
      ? replaced(expression.left, program, hops)
      : undefined;
  const binding = ts.isIdentifier(expression) ? program.unitOf(expression).scopes.bindingOf(expression) : undefined;
  const declaration = binding?.declarations[0]?.parent;
  if (!binding || !declaration || binding.writes.length > 0) return undefined;
  if (ts.isParameter(declaration)) return declaration;
  return ts.isVariableDeclaration(declaration) ? replaced(declaration.initializer, program, hops - 1) : undefined;
}
