import ts from 'typescript';
import { memberName, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** What a request that a server has got is called, and the contexts that frameworks put it into. */
const requests = /^_?(?:req|request|incoming|incomingMessage|incomingRequest)$/i;
const bodies = /^_?(?:req|request|incoming)(?:Body|Stream|BodyStream)$/i;
/** Members by which wrappers of a request give the one that they wrap. */
const wrapped = /^(?:raw|request|req|nodeRequest|original)$/;

/** Whether a stream is the body of a request that the server has got: the server ends it, with the connection. */
export function isIncomingBody(unit: SourceUnit, stream: ts.Expression): boolean {
  const value = strip(stream);
  if (ts.isPropertyAccessExpression(value)) return value.name.text === 'body' && isRequest(value.expression);
  if (!ts.isIdentifier(value)) return false;
  if (bodies.test(value.text)) return true;
  const name = unit.scopes.bindingOf(value)?.declarations[0];
  const declared = name?.parent;
  if (!declared) return false;
  if (ts.isBindingElement(declared)) {
    const property = declared.propertyName ?? declared.name;
    const from = declared.parent.parent;
    const source = ts.isVariableDeclaration(from) ? from.initializer : undefined;
    return property.getText() === 'body' && source !== undefined && isRequest(source);
  }
  const initial = ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
  return initial !== undefined && !ts.isIdentifier(strip(initial)) && isIncomingBody(unit, initial);
}

/** `req`, `c.req.raw`, `ctx.request`, `event.node.req`; one that the code builds by itself is none. */
function isRequest(node: ts.Expression): boolean {
  const value = strip(node);
  if (ts.isIdentifier(value)) return requests.test(value.text);
  const name = memberName(value);
  return (
    name !== undefined &&
    (requests.test(name) || (wrapped.test(name) && ts.isPropertyAccessExpression(value) && isRequest(value.expression)))
  );
}

/** `this.session.incomingStreams`: a stream of something that the object keeps, and ends; a response's body is its own. */
export function isPartOfField(stream: ts.Expression): boolean {
  const value = strip(stream);
  const owner =
    ts.isPropertyAccessExpression(value) && value.name.text !== 'body' ? strip(value.expression) : undefined;
  if (!owner || !ts.isPropertyAccessExpression(owner)) return false;
  return strip(owner.expression).kind === ts.SyntaxKind.ThisKeyword || isPartOfField(owner);
}
