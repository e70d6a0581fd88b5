import ts from 'typescript';
import type { Registration } from '../contexts/registrations.ts';
import { eventText, handlerLiteral } from '../contexts/registrations.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { strip } from '../syntax/tree.ts';
import { Lines } from './lines.ts';
import type { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

/** The name by which a listener can be removed. */
export interface ListenerName {
  readonly name: string;
  /** Puts the name in place of the function, and the function before the statement under that name. */
  apply(rewriter: Rewriter): void;
}

/** The name that a listener has, or a new one after its event: `onMessage`. */
export function listenerName(
  file: FileAnalysis,
  registration: Registration,
  statement: ts.Statement,
): ListenerName | undefined {
  const { handler, call } = registration;
  const inner = strip(handler);
  if (ts.isIdentifier(inner)) return { name: inner.text, apply: () => {} };
  const { unit } = file;
  // The function must not see itself called otherwise than before.
  if (!handlerLiteral(handler) || (ts.isFunctionExpression(inner) && inner.name)) return undefined;
  const name = newListenerName(eventText(registration));
  if (unit.scopes.lookup(name, call)) return undefined;
  const { end, newline } = styleOf(unit.file);
  return {
    name,
    apply(rewriter) {
      const text = unit.text.slice(handler.getStart(), handler.end);
      const indent = new Lines(unit.text).indentAt(statement.getStart());
      rewriter.insert(statement.getStart(), `const ${name} = ${text}${end}${newline}${indent}`);
      rewriter.replace(handler.getStart(), handler.end, name);
    },
  };
}

/** `onMessage` for `message`. */
export function newListenerName(event: string): string {
  const words = event.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return `on${words.map((it) => it.charAt(0).toUpperCase() + it.slice(1)).join('')}`;
}

/** `bus.off('message', onMessage)` for a registration. */
export function removalCall({ api, emitter, event, options, token, call }: Registration, name: string): string {
  const object = emitter.getSourceFile().text.slice(emitter.getStart(), emitter.end);
  const callee = call.expression;
  const optional = ts.isPropertyAccessExpression(callee) && callee.questionDotToken ? '?' : '';
  const method = api === 'target' ? 'removeEventListener' : token.text.includes('Listener') ? 'removeListener' : 'off';
  const capture = options && /\bcapture\b|^true$/.test(options.getText()) ? `, ${options.getText()}` : '';
  return `${object}${optional}.${method}(${event.getText()}, ${name}${capture})`;
}
