import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { calleeName, memberName, strip, walk } from '../syntax/tree.ts';

/** The request and response that a handler is called with. */
export interface Exchange {
  readonly handler: ts.FunctionLikeDeclaration;
  readonly request: ts.Identifier;
  readonly response: ts.Identifier;
}

const requests = /^_?(?:req|request)$/;
const responses = /^_?(?:res|resp|response)$/;

/** The exchange whose request an expression is: the first of two parameters that are called as everybody calls them. */
export function exchangeOf(file: FileAnalysis, value: ts.Expression): Exchange | undefined {
  const node = strip(value);
  if (!ts.isIdentifier(node) || !requests.test(node.text)) return undefined;
  const declared = file.unit.scopes.bindingOf(node)?.declarations[0]?.parent;
  if (!declared || !ts.isParameter(declared)) return undefined;
  const handler = declared.parent;
  if (!('body' in handler)) return undefined;
  const index = handler.parameters.indexOf(declared);
  const response = handler.parameters[index + 1]?.name;
  const request = declared.name;
  if (!response || !ts.isIdentifier(response) || !ts.isIdentifier(request) || !responses.test(response.text))
    return undefined;
  return { handler: handler as ts.FunctionLikeDeclaration, request, response };
}

/** Functions that read a stream to its end. */
const readers = new Set([
  'text',
  'json',
  'buffer',
  'arrayBuffer',
  'blob',
  'getRawBody',
  'rawBody',
  'getBody',
  'readBody',
  'parseBody',
]);

/** Where the body of the request has been read before `call`: parsed by middleware, iterated, or read by a helper. */
export function bodyRead(file: FileAnalysis, { handler, request }: Exchange, call: ts.Node): ts.Node | undefined {
  const { scopes } = file.unit;
  const own = scopes.bindingOf(request);
  const isRequest = (node: ts.Node): boolean =>
    ts.isIdentifier(node) && node.text === request.text && scopes.bindingOf(node) === own;
  let found: ts.Node | undefined;
  walk(handler, (node) => {
    if (found) return;
    // `req.body` exists only where a parser has run before the handler.
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'body' && isRequest(strip(node.expression))) {
      found = isAssigned(node) ? undefined : node;
    } else if (
      node.pos < call.pos &&
      ts.isForOfStatement(node) &&
      node.awaitModifier &&
      isRequest(strip(node.expression))
    ) {
      found = node.expression;
    } else if (node.end < call.pos && ts.isAwaitExpression(node)) {
      const inner = strip(node.expression);
      const name = ts.isCallExpression(inner) ? (calleeName(inner)?.text ?? '') : '';
      if (ts.isCallExpression(inner) && readers.has(name) && inner.arguments.some((it) => isRequest(strip(it))))
        found = inner;
    }
  });
  return found;
}

function isAssigned(node: ts.Expression): boolean {
  const { parent } = node;
  return (
    (ts.isBinaryExpression(parent) &&
      parent.left === node &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) ||
    memberName(parent as ts.Expression) === 'getReader' ||
    memberName(parent as ts.Expression) === 'pipe'
  );
}
