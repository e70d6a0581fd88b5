import ts from 'typescript';
import { functionName, isFunctionLiteral, strip } from '../syntax/tree.ts';
import { endsOf, type Owner } from './owners.ts';

const owners = new WeakMap<ts.Node, Owner | undefined>();

/**
 * The object that a function makes of its own functions and variables: `function connect() { let timer; …; return {
 * send, close() { … } }; }`. Only what it returns can end it.
 */
export function closureOwner(scope: ts.Node): Owner | undefined {
  if (!owners.has(scope)) owners.set(scope, made(scope));
  return owners.get(scope);
}

function made(scope: ts.Node): Owner | undefined {
  const body = ts.isBlock(scope) ? scope : (scope as { readonly body?: ts.Node }).body;
  if (!body || !ts.isBlock(body)) return undefined;
  const methods = new Map<string, ts.FunctionLikeDeclaration>();
  for (const statement of body.statements) {
    for (const fn of functionsOf(statement)) {
      const name = functionName(fn);
      if (name !== undefined) methods.set(name, fn);
    }
  }
  const last = body.statements.at(-1);
  const object = last && ts.isReturnStatement(last) && last.expression ? strip(last.expression) : undefined;
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  const offered = new Map<string, ts.FunctionLikeDeclaration>();
  const names = new Map<string, ts.Node>();
  for (const member of object.properties) {
    const name = member.name && ts.isIdentifier(member.name) ? member.name : undefined;
    const fn = name && functionOf(member, methods);
    if (!name || !fn) continue;
    offered.set(name.text, fn);
    names.set(name.text, name);
  }
  const ends = endsOf(offered, names, () => true);
  for (const [name, fn] of offered) if (!methods.has(name)) methods.set(name, fn);
  return ends.length === 0 ? undefined : { node: scope, methods, ends };
}

function functionsOf(statement: ts.Statement): readonly ts.FunctionLikeDeclaration[] {
  if (ts.isFunctionDeclaration(statement)) return [statement];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ initializer }) => {
    const value = initializer && strip(initializer);
    return value && isFunctionLiteral(value) ? [value] : [];
  });
}

function functionOf(
  member: ts.ObjectLiteralElementLike,
  methods: ReadonlyMap<string, ts.FunctionLikeDeclaration>,
): ts.FunctionLikeDeclaration | undefined {
  if (ts.isMethodDeclaration(member)) return member;
  if (ts.isShorthandPropertyAssignment(member)) return methods.get(member.name.text);
  if (!ts.isPropertyAssignment(member)) return undefined;
  const value = strip(member.initializer);
  if (isFunctionLiteral(value)) return value;
  return ts.isIdentifier(value) ? methods.get(value.text) : undefined;
}
