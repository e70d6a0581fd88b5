import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { calleeName, enclosingClass, memberName, receiver, strip } from '../syntax/tree.ts';

const methods = /^(get|set|has|add|delete)$/;

/** A call of a method of a `WeakMap` or `WeakSet`: it keeps no key alive and closes none. */
export function onlyKnowsWeakly(program: Program, call: ts.CallExpression | ts.NewExpression): boolean {
  const owner = methods.test(calleeName(call)?.text ?? '') ? receiver(call) : undefined;
  const declared = owner && declarationOf(program, strip(owner));
  if (!declared) return false;
  const made = declared.initializer && strip(declared.initializer);
  const name = made && ts.isNewExpression(made) ? made.expression.getText() : declared.type?.getText();
  return name !== undefined && /^Weak(Map|Set)\b/.test(name);
}

/** The variable, or the field of the class around, that an expression names. */
function declarationOf(
  program: Program,
  node: ts.Expression,
): ts.VariableDeclaration | ts.PropertyDeclaration | undefined {
  if (ts.isIdentifier(node)) {
    const declaration = program.unitOf(node).scopes.bindingOf(node)?.declarations[0]?.parent;
    return declaration && ts.isVariableDeclaration(declaration) ? declaration : undefined;
  }
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  const name = memberName(node);
  return enclosingClass(node)?.members.find(
    (member): member is ts.PropertyDeclaration => ts.isPropertyDeclaration(member) && member.name.getText() === name,
  );
}
