import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, enclosingRoot, isFunctionLiteral, memberName, receiver, some, strip } from '../syntax/tree.ts';
import { eventText, handlerLiteral, type Registration, registrationsOf } from './registrations.ts';

/** The end of one of the many objects that an emitter has, beside a listener that is there for it. */
export interface ChildEnd {
  /** The name of the object. */
  readonly child: string;
  /** Where its end is heard. */
  readonly heard: ts.Node;
  /** Where the emitter, or who has it, forgets the object. */
  readonly forgotten: ts.Node;
}

const ends = /^@?(?:close|closed|end|exit|disconnect|disconnected|destroy|destroyed|finish|stopped|left)$/;
const forgets = /^(?:delete|remove(?!(?:All)?(?:Event)?Listener)\w*|leave|unregister\w*|detach\w*)$/;

/**
 * `peer.on('moved', () => consumer.close()); consumer.once('close', () => peer.consumers.delete(consumer.id))`: the emitter
 * has many of these objects, forgets each when that ends, and keeps its listener.
 */
export function childEnd(semantics: Semantics, registration: Registration): ChildEnd | undefined {
  const { call, emitter } = registration;
  const literal = handlerLiteral(registration.handler);
  const root = enclosingRoot(call);
  const parent = strip(emitter);
  const isNamed = ts.isIdentifier(parent) || parent.kind === ts.SyntaxKind.ThisKeyword;
  if (!literal || ts.isSourceFile(root) || !isNamed) return undefined;
  for (const other of registrationsOf(call.getSourceFile())) {
    const child = strip(other.emitter);
    const end = handlerLiteral(other.handler);
    if (!ts.isIdentifier(child) || !end || !ends.test(eventText(other)) || enclosingRoot(other.call) !== root) continue;
    if (child.getText() === parent.getText() || !reads(semantics, literal, child) || isEndedIn(literal, parent))
      continue;
    const forgotten = forgottenIn(end, parent);
    if (forgotten && !isEndedIn(end, parent)) return { child: child.text, heard: other.token, forgotten };
  }
  return undefined;
}

/** Whether a function has to do with the object, which is made or given in the function around. */
function reads(semantics: Semantics, fn: ts.Node, child: ts.Identifier): boolean {
  const binding = semantics.program.unitOf(child).scopes.bindingOf(child);
  if (!binding || ts.isSourceFile(binding.scope.node) || binding.kind === 'import') return false;
  return binding.references.some((it) => contains(fn, it));
}

function forgottenIn(end: ts.Node, parent: ts.Expression): ts.Node | undefined {
  let found: ts.Node | undefined;
  some(end, (node) => {
    if (!ts.isCallExpression(node) || !forgets.test(memberName(strip(node.expression)) ?? '')) return false;
    let base = receiver(node);
    while (base && ts.isPropertyAccessExpression(strip(base)))
      base = (strip(base) as ts.PropertyAccessExpression).expression;
    if (base && strip(base).getText() === parent.getText() && node.arguments.length > 0) found = node;
    return found !== undefined;
  });
  return found;
}

/** The emitter ends there: nothing outlives anything. */
function isEndedIn(fn: ts.Node, parent: ts.Expression): boolean {
  return some(fn, (node) => {
    if (!ts.isCallExpression(node) || isFunctionLiteral(node)) return false;
    const base = receiver(node);
    return (
      base !== undefined &&
      strip(base).getText() === parent.getText() &&
      /^(?:close|destroy|end|disconnect|terminate|kill|stop)$/.test(memberName(strip(node.expression)) ?? '')
    );
  });
}
