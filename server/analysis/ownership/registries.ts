import ts from 'typescript';
import {
  calledMethod,
  calleeName,
  contains,
  enclosingClass,
  isAssignment,
  receiver,
  some,
  strip,
} from '../syntax/tree.ts';
import type { Release } from './obligation.ts';

/** Methods that end an object. */
const ends =
  /^(?:close|end|release|destroy|dispose|disconnect|free|stop|shutdown|teardown|terminate|quit|kill|clear|cleanup|clean_up)/i;

/**
 * Whether a collection is a field whose object ends all that is in it when it is ended itself: the resource has an owner
 * from the moment it is put in, whatever fails after that.
 */
export function isEndedWithObject(collection: ts.Expression, release: Release): boolean {
  const field = strip(collection);
  if (!ts.isPropertyAccessExpression(field) || field.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
  const text = field.getText();
  const names = new Set(
    release.discharges.flatMap((d) =>
      'name' in d && d.by !== 'property' ? [d.name] : 'export' in d ? [d.export] : [],
    ),
  );
  return (
    enclosingClass(field)?.members.some((member) => {
      const name = member.name?.getText() ?? '';
      if (!ts.isMethodDeclaration(member) || contains(member, field)) return false;
      const isEnd = ends.test(name) || /^\[Symbol\.(?:asyncDispose|dispose)\]$|^on(?:Module|Application)/.test(name);
      if (!isEnd && !some(member, (node) => empties(node, text))) return false;
      const mentions = some(member, (node) => ts.isPropertyAccessExpression(node) && node.getText() === text);
      return mentions && some(member, (node) => ts.isCallExpression(node) && isRelease(node, names));
    }) ?? false
  );
}

/** `this.streams = []`, `this.streams.length = 0`: whatever the method is called, it is done with all of them. */
function empties(node: ts.Node, collection: string): boolean {
  if (!ts.isBinaryExpression(node) || !isAssignment(node.operatorToken.kind)) return false;
  const left = strip(node.left).getText();
  const right = strip(node.right);
  if (left === `${collection}.length`) return right.getText() === '0';
  return left === collection && ts.isArrayLiteralExpression(right) && right.elements.length === 0;
}

/** A release of something other than the object itself. */
function isRelease(call: ts.CallExpression, names: ReadonlySet<string>): boolean {
  if (!names.has(calleeName(call)?.text ?? '')) return false;
  const owner = receiver(call);
  return calledMethod(call) === undefined || owner === undefined || strip(owner).kind !== ts.SyntaxKind.ThisKeyword;
}
