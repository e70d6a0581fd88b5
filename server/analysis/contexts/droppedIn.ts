import ts from 'typescript';
import { prototypeField } from '../inference/prototypes.ts';
import { calledMethod, enclosingClass, isFunctionLiteral, some, strip, unstrip } from '../syntax/tree.ts';
import { bodyOf } from './ownCalls.ts';

/** Methods in which the life of an object ends. */
const ends = ['close', 'dispose', 'destroy', 'stop', 'shutdown', 'teardown', 'terminate', '[Symbol.asyncDispose]'];
/** What such a method does to what the object holds. */
const ending = /^(?:close|dispose|destroy|stop|shutdown|terminate|end|kill|disconnect|unwatch|clear\w*|remove\w*|off)$/;

/**
 * The method that ends the object whose method drops a value at once, so that nobody can end it: neither that method, which
 * ends other things of the object, nor anybody else.
 */
export function endMissing(made: ts.CallExpression | ts.NewExpression): ts.Node | undefined {
  if (!isDropped(made)) return undefined;
  for (const name of ends) {
    const body = methodOf(made, name);
    if (body && !(body.pos <= made.pos && made.end <= body.end) && endsSomething(body)) return body.parent;
  }
  return undefined;
}

/** `watch(path).on('change', …);`: a statement of its own. */
function isDropped(made: ts.Expression): boolean {
  let node = unstrip(made);
  while (ts.isPropertyAccessExpression(node.parent) && ts.isCallExpression(node.parent.parent)) {
    if (!/^(?:on|once|addListener|add|listen|setMaxListeners)$/.test(node.parent.name.text)) return false;
    node = unstrip(node.parent.parent);
  }
  return ts.isExpressionStatement(node.parent);
}

/** The body of the method of that name of the object to which the code belongs: of a class, or of an old one. */
function methodOf(node: ts.Node, name: string): ts.Node | undefined {
  const owner = enclosingClass(node);
  if (owner) {
    const member = owner.members.find((it) => it.name?.getText() === name);
    return member && bodyOf(member);
  }
  const fn = prototypeField(node, name).map(strip).find(isFunctionLiteral);
  return fn?.body;
}

function endsSomething(body: ts.Node): boolean {
  return some(body, (node) => ts.isCallExpression(node) && ending.test(calledMethod(node) ?? ''));
}
