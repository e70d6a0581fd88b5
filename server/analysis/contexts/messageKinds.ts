import ts from 'typescript';
import { leavesFunction } from '../syntax/leaving.ts';
import { contains, isFunctionLiteral, strip } from '../syntax/tree.ts';
import type { Repetition } from './repeated.ts';

/** Kinds of messages of which any number comes; one that prepares, configures or introduces comes once. */
const recurring =
  /(?:sub(?:scribe)?|req(?:uest)?|call|invoke|message|msg|data|event|get|fetch|query|read|write|send|publish|emit|add|join|watch|listen|observe|track|open|new|create|run|exec(?:ute)?|job|task|command|action|stream|search|update|change|sync|chat|play|upload|download|ping|poll)/i;

/**
 * `if (message.command === 'prepare') prepare()`: one of the kinds of messages that a listener is told of, and nothing
 * shows that it comes a second time.
 */
export function isForSeldomKind(node: ts.Node, { region, hops }: Repetition): boolean {
  const inside = [node, ...hops.map(({ call }) => call)].findLast((it) => contains(region, it));
  if (!inside || !(isFunctionLiteral(region) || ts.isFunctionDeclaration(region) || ts.isMethodDeclaration(region)))
    return false;
  const names = namesIn(region);
  for (let child = inside; child !== region; child = child.parent) {
    const kinds = kindsAt(child, names);
    if (kinds.length > 0) return kinds.every((it) => !recurring.test(it));
  }
  return false;
}

/** The parameters, and what is read from them at once: `const { type } = JSON.parse(text)`. */
function namesIn(fn: ts.FunctionLikeDeclaration): ReadonlySet<string> {
  const names = new Set<string>();
  const declare = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const it of name.elements) if (ts.isBindingElement(it)) declare(it.name);
  };
  for (const { name } of fn.parameters) declare(name);
  const body = fn.body && ts.isBlock(fn.body) ? fn.body.statements : [];
  for (const statement of body) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const words = initializer?.getText().match(/[\w$]+/g) ?? [];
      if (words.some((it) => names.has(it))) declare(name);
    }
  }
  return names;
}

/** The kinds that a branch, a case, or a test further up in the same block lets through. */
function kindsAt(child: ts.Node, names: ReadonlySet<string>): readonly string[] {
  const { parent } = child;
  if (ts.isIfStatement(parent) && child === parent.thenStatement)
    return compared(parent.expression, names, ts.SyntaxKind.EqualsEqualsEqualsToken);
  if (ts.isCaseClause(parent) && child !== parent.expression) return ofClause(parent, names);
  if (!ts.isBlock(parent)) return [];
  const before = parent.statements.slice(0, parent.statements.indexOf(child as ts.Statement));
  return before.flatMap((it) =>
    ts.isIfStatement(it) && leavesFunction(it.thenStatement)
      ? compared(it.expression, names, ts.SyntaxKind.ExclamationEqualsEqualsToken)
      : [],
  );
}

function ofClause(clause: ts.CaseClause, names: ReadonlySet<string>): readonly string[] {
  const { clauses, parent } = clause.parent;
  if (!isPartOf(parent.expression, names)) return [];
  const kinds: string[] = [];
  for (let index = clauses.indexOf(clause); index >= 0; index--) {
    const it = clauses[index];
    // What stands above and does nothing goes on with this one.
    if (!it || !ts.isCaseClause(it) || (it !== clause && it.statements.length > 0)) break;
    const value = strip(it.expression);
    kinds.push(ts.isStringLiteralLike(value) ? value.text : value.getText());
  }
  return kinds;
}

/** What a part of the message is compared with. */
function compared(
  condition: ts.Expression,
  names: ReadonlySet<string>,
  operator: ts.SyntaxKind.EqualsEqualsEqualsToken | ts.SyntaxKind.ExclamationEqualsEqualsToken,
): readonly string[] {
  const node = strip(condition);
  if (!ts.isBinaryExpression(node)) return [];
  const { left, right, operatorToken } = node;
  const loose =
    operator === ts.SyntaxKind.EqualsEqualsEqualsToken
      ? ts.SyntaxKind.EqualsEqualsToken
      : ts.SyntaxKind.ExclamationEqualsToken;
  const isJoined = ts.isBinaryExpression(strip(left)) && !ts.isStringLiteralLike(strip(right));
  if (isJoined) return [...compared(left, names, operator), ...compared(right, names, operator)];
  if (operatorToken.kind !== operator && operatorToken.kind !== loose) return [];
  const [part, value] = [strip(left), strip(right)];
  return ts.isStringLiteralLike(value) && isPartOf(part, names) ? [value.text] : [];
}

/** `message.type`, or `type` that was read from it. */
function isPartOf(node: ts.Expression, names: ReadonlySet<string>): boolean {
  let base = strip(node);
  while (ts.isPropertyAccessExpression(base) || ts.isElementAccessExpression(base)) base = strip(base.expression);
  return ts.isIdentifier(base) && names.has(base.text);
}
