import ts from 'typescript';
import { componentEnds, endingOperators, lastingStreams, streamNames } from '../resources/observables.ts';
import { enclosingClass, isFunctionLiteral, memberName, strip, unstrip, walk } from '../syntax/tree.ts';
import { lastNameOf } from './lifetimes.ts';
import { decoratorsOf } from './repeated.ts';

/** A subscription whose handle is dropped, of a component to a stream that outlives it. */
export interface DroppedSubscription {
  readonly call: ts.CallExpression;
  readonly token: ts.Identifier;
  /** The stream, without operators. */
  readonly stream: ts.Expression;
  /** Where the component ends, where it has such a method. */
  readonly end: ts.Node | undefined;
  /** Where that ends other subscriptions. */
  readonly sibling: ts.Node | undefined;
}

/** The subscription that a call is, when nothing can end it. */
export function droppedSubscription(call: ts.CallExpression): DroppedSubscription | undefined {
  const callee = strip(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'subscribe' || !ts.isIdentifier(callee.name))
    return undefined;
  if (!ts.isExpressionStatement(unstrip(call).parent)) return undefined;
  const stream = withoutOperators(callee.expression);
  const owner = enclosingClass(call);
  if (!stream || !owner || !isComponent(owner) || !givenStream(owner, stream) || !reachesObject(call)) return undefined;
  const end = owner.members.find((it) => ts.isMethodDeclaration(it) && componentEnds.has(it.name.getText()));
  return { call, token: callee.name, stream, end: end?.name, sibling: end && unsubscribeIn(end) };
}

/** A component or directive; the root component lives as long as the page. */
function isComponent(owner: ts.ClassLikeDeclaration): boolean {
  if (/^(?:App|Root|AppRoot)(?:Component)?$/.test(owner.name?.text ?? '')) return false;
  return decoratorsOf(owner).some((it) => /^(?:Component|Directive)$/.test(it));
}

/** The stream at the start of `stream.pipe(map(…))`; `undefined` where an operator ends the subscription. */
function withoutOperators(value: ts.Expression): ts.Expression | undefined {
  let node = strip(value);
  while (ts.isCallExpression(node)) {
    const callee = strip(node.expression);
    if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'pipe') return node;
    if (isLasting(callee) && node.arguments.length === 0) return callee;
    for (const operator of node.arguments) {
      const inner = strip(operator);
      // An operator under a name may be anything.
      if (!ts.isCallExpression(inner)) return undefined;
      const name = ts.isIdentifier(inner.expression) ? inner.expression.text : (memberName(inner.expression) ?? '');
      if (endingOperators.has(name) || /destroy|unsub|until/i.test(name)) return undefined;
    }
    node = strip(callee.expression);
  }
  return node;
}

/** `this.service.changes$`, of a service that the component was given. */
function givenStream(owner: ts.ClassLikeDeclaration, stream: ts.Expression): boolean {
  const callee = ts.isCallExpression(stream) ? strip(stream.expression) : stream;
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const base = strip(callee.expression);
  if (!ts.isPropertyAccessExpression(base) || base.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
  if (!isInjected(owner, base.name.text)) return false;
  if (ts.isCallExpression(stream)) return isLasting(callee);
  return streamNames.test(callee.name.text) || isLasting(callee);
}

function isLasting(callee: ts.PropertyAccessExpression): boolean {
  const owner = lastNameOf(callee.expression) ?? '';
  return lastingStreams.some((it) => it.owner.test(owner) && it.member.test(callee.name.text));
}

/** A parameter of the constructor, or `inject(…)`; a service that the component provides itself ends with it. */
function isInjected(owner: ts.ClassLikeDeclaration, name: string): boolean {
  const decorators = ts.canHaveDecorators(owner) ? (ts.getDecorators(owner) ?? []) : [];
  const provided = decorators
    .map((it) => /\b(?:viewP|p)roviders\s*:\s*\[[^\]]*\]/.exec(it.getText())?.[0] ?? '')
    .join(' ');
  for (const member of owner.members) {
    if (ts.isConstructorDeclaration(member)) {
      const found = member.parameters.find(
        (it) => ts.isParameterPropertyDeclaration(it, member) && it.name.getText() === name,
      );
      if (found) return !mentions(provided, found.type?.getText());
    } else if (ts.isPropertyDeclaration(member) && member.name.getText() === name && member.initializer) {
      const value = strip(member.initializer);
      const isInject = ts.isCallExpression(value) && value.expression.getText() === 'inject';
      if (isInject) return !mentions(provided, value.arguments[0]?.getText());
    }
  }
  return false;
}

function mentions(text: string, type: string | undefined): boolean {
  return type !== undefined && text.includes(type);
}

function reachesObject(call: ts.CallExpression): boolean {
  return call.arguments.some((it) => {
    const inner = strip(it);
    return (isFunctionLiteral(inner) || ts.isObjectLiteralExpression(inner)) && /\bthis\b/.test(inner.getText());
  });
}

function unsubscribeIn(end: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined;
  walk(end, (node) => {
    if (!found && ts.isPropertyAccessExpression(node) && node.name.text === 'unsubscribe') found = node.name;
  });
  return found;
}
