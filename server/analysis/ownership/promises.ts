import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, isAsync, isFunctionLiteral, isRoot, strip } from '../syntax/tree.ts';
import type { PromiseTest } from './afterlife.ts';
import type { Obligation } from './obligation.ts';
import { type Carry, somewhereInside } from './state.ts';

/** Tells which calls give a promise for certain: by their code, by types, or because the library's methods do. */
export function promiseTest({ program, targets }: Semantics, { acquisition, origin }: Obligation): PromiseTest {
  const asked = new Set([...Object.keys(acquisition.shorthand ?? {}), ...(acquisition.conventional?.uses ?? [])]);
  // A resource that came by a promise answers by promises.
  const isPromising = origin.via === 'value' && origin.carry.promised;
  return (call) => {
    const name = calleeName(call);
    const code = targets.resolve(call)?.function;
    if (code) return isAsync(code) || isPromiseType(code.type);
    if (!name) return false;
    const [fact] = program.host.facts(program.unitOf(call).path, [{ position: name.getStart(), aspects: ['promise'] }]);
    if (fact?.promise !== undefined) return fact.promise;
    if (isPromiseType(typeOfCallee(call, program))) return true;
    const callsBack = call.arguments.some((argument) => isFunctionLiteral(strip(argument)));
    return isPromising && !callsBack && asked.has(name.text);
  };
}

/** The declared result of a function that is a parameter: `work: (client: Client) => Promise<T>`. */
function typeOfCallee(call: ts.CallExpression, program: Semantics['program']): ts.TypeNode | undefined {
  const callee = strip(call.expression);
  const binding = ts.isIdentifier(callee) ? program.unitOf(callee).scopes.bindingOf(callee) : undefined;
  const parameter = binding?.declarations[0]?.parent;
  const type = parameter && ts.isParameter(parameter) ? parameter.type : undefined;
  return type && ts.isFunctionTypeNode(type) ? type.type : undefined;
}

function isPromiseType(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && ts.isTypeReferenceNode(type) && /^Promise(Like)?$/.test(type.typeName.getText());
}

/** `Promise.all([a, b])`: one of several promises, none of which can be reached when another one fails. */
export function isOneOfSeveral(node: ts.Expression): boolean {
  const call = strip(node);
  if (!ts.isCallExpression(call) || call.expression.getText() !== 'Promise.all') return false;
  const [list] = call.arguments;
  const elements = list && strip(list);
  return elements !== undefined && (!ts.isArrayLiteralExpression(elements) || elements.elements.length > 1);
}

/** The call that an inlined literal belongs to. */
export function inliningCall(literal: ts.FunctionLikeDeclaration): ts.CallExpression | undefined {
  let current: ts.Node = literal.parent;
  while (!ts.isCallExpression(current) && !isRoot(current)) current = current.parent;
  return ts.isCallExpression(current) ? current : undefined;
}

/** How the result of a call carries what a callback returns that it runs where it stands. */
export function resultCarry(call: ts.CallExpression, callback: ts.Node, carry: Carry): Carry | undefined {
  const callee = strip(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  if (/^(?:then|catch)$/.test(name)) return { ...carry, promised: true };
  const promised = carry.promised || isAsync(callback);
  if (name === 'map') return { ...carry, path: ['*', ...carry.path], promised };
  if (isAsync(callback)) return { ...carry, promised };
  if (callee === callback) return carry;
  return /^(?:flatMap|filter|reduce|from)$/.test(name) ? { ...somewhereInside, promised } : undefined;
}
