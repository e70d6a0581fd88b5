import ts from 'typescript';
import { originOf } from '../detachment/origins.ts';
import { grpcStubs } from '../resources/messaging/stubs.ts';
import { callsIn } from '../syntax/nodes.ts';
import { initialOf } from '../syntax/scopes.ts';
import { calleeName, enclosingClass, isAssignment, isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** A generated client some of whose calls have no deadline. */
export interface UnlimitedStub {
  readonly made: ts.NewExpression;
  /** In source order; never empty. */
  readonly calls: readonly UnlimitedCall[];
}

export interface UnlimitedCall {
  readonly call: ts.CallExpression;
  /** Where the options go: before the callback. */
  readonly index: number;
}

/**
 * Clients with calls for one answer that nothing limits: a stub is told by the credentials that it is made with, for its class is
 * generated.
 */
export function unlimitedStubs(unit: SourceUnit): readonly UnlimitedStub[] {
  if (!unit.mentions(grpcStubs.library)) return [];
  return callsIn(unit.file).flatMap((made) => {
    if (!ts.isNewExpression(made) || !isStub(made, unit) || mayLimit(made.arguments?.[2])) return [];
    const calls = callsOf(made, unit).flatMap((call) => unlimited(call, unit) ?? []);
    return calls.length > 0 ? { made, calls } : [];
  });
}

function isStub({ arguments: args }: ts.NewExpression, unit: SourceUnit): boolean {
  const made = args?.[1] && strip(args[1]);
  const origin = made && ts.isCallExpression(made) ? originOf(made.expression, unit) : undefined;
  return origin?.module === grpcStubs.library && grpcStubs.credentials.test(origin.name);
}

/** Options of a client may hold interceptors, or a service configuration with a timeout. */
function mayLimit(options: ts.Expression | undefined): boolean {
  if (!options) return false;
  const node = strip(options);
  return !ts.isObjectLiteralExpression(node) || grpcStubs.limits.test(node.getText());
}

/** The calls of its methods, where a name or a field of the class holds it. */
function callsOf(made: ts.NewExpression, unit: SourceUnit): readonly ts.CallExpression[] {
  const { parent } = unstrip(made);
  const isMethodCall = (owner: ts.Node): ts.CallExpression | undefined => {
    const access = owner.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== owner) return undefined;
    return ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : undefined;
  };
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const references = unit.scopes.bindingOf(parent.name)?.references ?? [];
    return references.flatMap((reference) => isMethodCall(reference) ?? []);
  }
  const field = ts.isPropertyDeclaration(parent) ? `this.${parent.name.getText()}` : assignedTo(parent, made);
  const owner = enclosingClass(made);
  if (!owner || !field?.startsWith('this.')) return [];
  return callsIn(unit.file).flatMap((call) => {
    const callee = strip(call.expression);
    const isOwn = ts.isCallExpression(call) && ts.isPropertyAccessExpression(callee) && enclosingClass(call) === owner;
    return isOwn && callee.expression.getText() === field ? call : [];
  });
}

function assignedTo(parent: ts.Node, made: ts.NewExpression): string | undefined {
  const isTarget = ts.isBinaryExpression(parent) && isAssignment(parent.operatorToken.kind);
  return isTarget && strip(parent.right) === made ? parent.left.getText() : undefined;
}

/** `client.find(request, callback)`, also with metadata between; streams last as long as they are meant to. */
function unlimited(call: ts.CallExpression, unit: SourceUnit): UnlimitedCall | undefined {
  if (grpcStubs.ownMethods.test(calleeName(call)?.text ?? '')) return undefined;
  const index = call.arguments.findIndex((argument) => isFunctionLiteral(strip(argument)));
  if (index < 1 || index !== call.arguments.length - 1) return undefined;
  const between = call.arguments.slice(1, index);
  return between.every((argument) => isMetadata(argument, unit)) ? { call, index } : undefined;
}

function isMetadata(argument: ts.Expression, unit: SourceUnit): boolean {
  const node = strip(argument);
  if (ts.isNewExpression(node)) return /\bMetadata$/.test(node.expression.getText());
  const value = ts.isIdentifier(node) ? initialOf(unit.scopes.bindingOf(node)) : undefined;
  return value !== undefined && isMetadata(value, unit);
}
