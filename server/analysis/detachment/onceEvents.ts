import ts from 'typescript';
import { calleeName, enclosingRoot, isFunctionLiteral, receiver, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { Keeping } from './timers.ts';

/** Events that come once in the life of an object. Those that a client has again after it reconnected are not among them. */
const once = /^(?:secure|secureConnect|end|close|finish|exit)$/;

/**
 * Whether a listener runs once for each handle: it hears an event that comes once, of an object that is made beside the
 * variable that keeps the handle.
 */
export function runsOncePerHandle(listener: ts.Node, keeping: Keeping, { scopes }: SourceUnit): boolean {
  if (keeping.by !== 'name') return false;
  const handle = keeping.binding.declarations[0];
  const uses = isFunctionLiteral(listener)
    ? [listener]
    : ts.isFunctionDeclaration(listener) && listener.name
      ? (scopes.bindingOf(listener.name)?.references ?? []).filter((it) => it !== listener.name)
      : [];
  return (
    handle !== undefined &&
    uses.length > 0 &&
    uses.every((use) => {
      const call = unstrip(use).parent;
      if (!ts.isCallExpression(call) || !/^(?:on|once|addListener)$/.test(calleeName(call)?.text ?? '')) return false;
      const [event] = call.arguments;
      const object = receiver(call);
      if (!event || !ts.isStringLiteralLike(event) || !once.test(event.text) || !object || !ts.isIdentifier(object))
        return false;
      const declared = scopes.bindingOf(object)?.declarations[0];
      return declared !== undefined && enclosingRoot(declared) === enclosingRoot(handle);
    })
  );
}
