import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import type { Binding } from '../syntax/scopes.ts';
import { isFunctionLiteral, receiver, strip, unstrip } from '../syntax/tree.ts';

type Call = ts.CallExpression | ts.NewExpression;

/** Something that a resource came from, and the call that made it where a name leads there. */
export interface Lender {
  readonly text: string;
  readonly made: Call | undefined;
}

/** How far back lenders are followed. */
const maxDepth = 4;

/** What a resource was acquired from, what that was acquired from, and so on: `context`, then `browser`. */
export function lendersOf(program: Program, acquirer: ts.Expression | undefined): readonly Lender[] {
  const found: Lender[] = [];
  let current = acquirer && strip(acquirer);
  while (current && found.length < maxDepth) {
    const made = ts.isIdentifier(current) ? madeBy(program, current) : undefined;
    found.push({ text: current.getText(), made });
    const owner = made && receiver(made);
    current = owner && strip(owner);
  }
  return found;
}

/** The call that a name holds the result of, or whose callback gets it as a parameter. */
function madeBy(program: Program, name: ts.Identifier): Call | undefined {
  const binding = program.unitOf(name).scopes.bindingOf(name);
  const declaration = binding?.declarations[0]?.parent;
  if (!binding || !declaration) return undefined;
  if (ts.isParameter(declaration) && isFunctionLiteral(declaration.parent)) {
    const { parent } = unstrip(declaration.parent);
    return ts.isCallExpression(parent) ? parent : undefined;
  }
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  return lastGiven(binding, name) ?? (declaration.initializer && callOf(declaration.initializer));
}

/** `let browser = null; try { browser = await launch(); … }`: what the name was given last before it is used. */
function lastGiven(binding: Binding, use: ts.Identifier): Call | undefined {
  // What outlives the function is not closed by it.
  if (ts.isSourceFile(binding.scope.node)) return undefined;
  const given = binding.writes.flatMap(({ parent, end }) => {
    const isBefore = end < use.pos && ts.isBinaryExpression(parent);
    return isBefore ? (callOf(parent.right) ?? []) : [];
  });
  return given.at(-1);
}

function callOf(node: ts.Expression): Call | undefined {
  const value = strip(node);
  const call = ts.isAwaitExpression(value) ? strip(value.expression) : value;
  return ts.isCallExpression(call) || ts.isNewExpression(call) ? call : undefined;
}
