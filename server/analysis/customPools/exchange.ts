import ts from 'typescript';
import { isNullish } from '../ownership/predicates.ts';
import { isAsync, memberName, strip, walk, walkFunction } from '../syntax/tree.ts';

/** How what was lent is given back. */
export interface Exchange {
  /** The parameter of the way back that takes it. */
  readonly argument: number;
  /** For each other parameter that must be given, the argument with which it was taken out: the key of a pool for many hosts. */
  readonly repeats: readonly number[];
}

/** How a function takes back what the other one has lent; `undefined` where it wants something that nobody has at hand. */
export function exchangeOf(
  release: ts.FunctionLikeDeclaration,
  lend: ts.FunctionLikeDeclaration,
): Exchange | undefined {
  const needed = release.parameters.filter(({ initializer, questionToken }) => !initializer && !questionToken);
  if (release.parameters.some(({ dotDotDotToken, name }) => dotDotDotToken || name.getText() === 'this'))
    return undefined;
  const takers = release.parameters.filter((parameter) => takes(parameter, release, lend));
  const taker = takers.find((it) => it === release.parameters[0]) ?? takers[0];
  if (!taker) return undefined;
  const repeats: number[] = [];
  for (const parameter of needed) {
    if (parameter === taker) continue;
    const index = lend.parameters.findIndex(
      ({ name, type }) => name.getText() === parameter.name.getText() && type?.getText() === parameter.type?.getText(),
    );
    if (index < 0) return undefined;
    repeats.push(index);
  }
  const argument = release.parameters.indexOf(taker);
  return argument <= repeats.length ? { argument, repeats } : undefined;
}

/** Whether a parameter is for what is lent. */
function takes(
  { name, type }: ts.ParameterDeclaration,
  release: ts.FunctionLikeDeclaration,
  lend: ts.FunctionLikeDeclaration,
): boolean {
  if (!ts.isIdentifier(name)) return false;
  const taken = type && nonNullish(type);
  const lent = lend.type && nonNullish(lend.type);
  return taken !== undefined && lent !== undefined ? taken === lent : isBooked(release, name.text);
}

/** `Promise<Socket | undefined>` lends a `Socket`. */
function nonNullish(type: ts.TypeNode): string {
  if (ts.isTypeReferenceNode(type) && type.typeName.getText() === 'Promise' && type.typeArguments?.length === 1)
    return nonNullish(type.typeArguments[0] as ts.TypeNode);
  if (!ts.isUnionTypeNode(type)) return type.getText();
  return type.types
    .map((each) => each.getText())
    .filter((text) => text !== 'undefined' && text !== 'null')
    .join(' | ');
}

/** Where types do not tell: whether the parameter itself goes into the account, not something made of it. */
function isBooked(release: ts.FunctionLikeDeclaration, name: string): boolean {
  let found = false;
  const isIt = (node: ts.Expression | undefined): boolean =>
    node !== undefined && ts.isIdentifier(strip(node)) && strip(node).getText() === name;
  walk(release, (node) => {
    if (ts.isCallExpression(node) && /^(?:push|unshift|add|delete)$/.test(memberName(strip(node.expression)) ?? ''))
      found ||= node.arguments.some(isIt);
    if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left))
      found ||= node.operatorToken.kind === ts.SyntaxKind.EqualsToken && isIt(node.left.expression);
  });
  return found;
}

/** Whether who takes something out may get nothing, which must not be given back. */
export function mayLendNothing(lend: ts.FunctionLikeDeclaration): boolean {
  if (lend.type) return /\b(?:undefined|null|void)\b/.test(lend.type.getText());
  return returnedBy(lend).some((value) => {
    if (!value) return true;
    const stripped = strip(value);
    const name = ts.isCallExpression(stripped) ? memberName(strip(stripped.expression)) : undefined;
    return isNullish(stripped) || /^(?:pop|shift|find|at)$/.test(name ?? '');
  });
}

/** Whether what it returns has to be waited for. */
export function mayLendPromise(lend: ts.FunctionLikeDeclaration): boolean {
  if (isAsync(lend)) return true;
  if (lend.type) return /\bPromise(?:Like)?\b/.test(lend.type.getText());
  return returnedBy(lend).some((value) => value !== undefined && /\bPromise\b|\.then\(/.test(value.getText()));
}

function returnedBy({ body }: ts.FunctionLikeDeclaration): readonly (ts.Expression | undefined)[] {
  if (!body) return [undefined];
  if (!ts.isBlock(body)) return [body];
  const found: (ts.Expression | undefined)[] = [];
  walkFunction(body, (node) => {
    if (ts.isReturnStatement(node)) found.push(node.expression);
  });
  return found;
}
