import ts from 'typescript';
import { isUnheard } from '../bounds/unheard.ts';
import type { JudgedWait } from '../bounds/waits.ts';
import { promiseAround } from '../detachment/settling.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { strip } from '../syntax/tree.ts';
import { rejectName } from './rejectPromise.ts';
import type { Rewriter } from './rewriter.ts';

/** What a fix that ends a wait has to do about the error that it is ended by; completes the fix's title. */
export type Hearing = '' | ' and reject on `error`' | ' and call back on `error`';

/**
 * Hands the error to whoever waits where nobody listens for it so far; `undefined` where nobody can be told: the fix would
 * end the process.
 */
export function hearError(
  file: FileAnalysis,
  judged: Pick<JudgedWait, 'call' | 'wait'>,
  rewriter: Rewriter,
): Hearing | undefined {
  if (!isUnheard(file.semantics, judged)) return '';
  const { call } = judged;
  if (!call.arguments) return undefined;
  const promise = promiseAround(call, file.unit);
  const reject = promise && rejectName(file.unit, promise, call, rewriter);
  const listener = reject ?? (promise ? undefined : callbackAround(file, call));
  if (listener === undefined) return undefined;
  rewriter.insert(call.end, `.on('error', ${listener})`);
  return reject === undefined ? ' and call back on `error`' : ' and reject on `error`';
}

/** The callback of a function around the call that takes an error first. */
function callbackAround({ unit }: FileAnalysis, call: ts.Node): string | undefined {
  for (let node = call.parent; node; node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    for (const { name, type } of node.parameters) {
      if (!ts.isIdentifier(name) || !/^(?:cb|callback|done|next)$/.test(name.text)) continue;
      const binding = unit.scopes.bindingOf(name);
      if (!binding || unit.scopes.lookup(name.text, call) !== binding) continue;
      const isTyped = type !== undefined && ts.isFunctionTypeNode(type) && takesError(type.parameters[0]);
      if (isTyped || binding.references.some(isCalledWithError)) return name.text;
    }
  }
  return undefined;
}

const takesError = (parameter: ts.ParameterDeclaration | undefined): boolean =>
  parameter?.type !== undefined && /\bError\b|\bany\b|\bunknown\b/.test(parameter.type.getText());

/** `done(null, text)`, `done(error)` */
function isCalledWithError(reference: ts.Identifier): boolean {
  const { parent } = reference;
  if (!ts.isCallExpression(parent) || parent.expression !== reference) return false;
  const [first] = parent.arguments;
  return (
    first !== undefined &&
    /^(?:null|undefined|e|err|error|ex|new \w*Error\b.*)$/s.test(strip(first).getText()) &&
    !ts.isOptionalChain(parent)
  );
}
