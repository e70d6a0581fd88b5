import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import { contains, memberName, strip } from '../syntax/tree.ts';

const ownership = /own|shared|extern|given|provided|injected|borrow|created|managed|passed|supplied|inherited/i;

/** The condition that tells whether a value is the object's own, around what ends it: `if (this.ownsClient) …`. */
export function ownershipTestAround(ending: ts.Node): ts.Expression | undefined {
  for (let child = ending; child.parent && !ts.isFunctionLike(child); child = child.parent) {
    const { parent } = child;
    const condition =
      ts.isIfStatement(parent) && parent.thenStatement === child && !parent.elseStatement
        ? parent.expression
        : ts.isBinaryExpression(parent) &&
            parent.right === child &&
            parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
          ? parent.left
          : undefined;
    if (condition && asksForOwner(strip(condition))) return condition;
  }
  return undefined;
}

/** `this.ownsClient`, `!this.shared`, `this.client !== this.options`. */
function asksForOwner(condition: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(condition)) return asksForOwner(strip(condition.operand));
  if (!ts.isBinaryExpression(condition)) return ownership.test(memberName(condition) ?? '');
  const { left, right, operatorToken } = condition;
  if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
    return asksForOwner(strip(left)) || asksForOwner(strip(right));
  return (
    /^!==?$/.test(operatorToken.getText()) && [left, right].every((it) => /^this\.[#\w.]+$/.test(strip(it).getText()))
  );
}

/**
 * Whether a flag of the object tells that a value is its own wherever this member runs: it starts as that, and only
 * other methods take it back, for values that they are given.
 */
export function isOwnIn(condition: ts.Expression, owner: ts.ClassLikeDeclaration, member: ts.ClassElement): boolean {
  const flag = strip(condition);
  if (!ts.isPropertyAccessExpression(flag) || flag.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
  const field = owner.members.find(
    (it): it is ts.PropertyDeclaration => ts.isPropertyDeclaration(it) && it.name.getText() === flag.name.text,
  );
  if (field?.initializer?.kind !== ts.SyntaxKind.TrueKeyword) return false;
  return fieldAssignments(owner, flag.name.text).every(
    ({ left, right }) => strip(right).kind === ts.SyntaxKind.FalseKeyword && !contains(member, left),
  );
}
