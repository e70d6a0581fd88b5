import ts from 'typescript';
import { calleeName, isFunctionLiteral, strip } from '../syntax/tree.ts';

/** What a function is called that only lets time pass. */
const pause = /^(?:sleep|delay|wait|pause|tick|nextTick|setTimeout|setImmediate|defer|flush\w*|yieldToMain)$/i;

/** Whether an awaited value can hardly reject: a pause, or a promise that nothing rejects. */
export function onlyPauses({ expression }: ts.AwaitExpression): boolean {
  const value = strip(expression);
  if (ts.isNewExpression(value)) {
    const executor = value.arguments?.[0] && strip(value.arguments[0]);
    return (
      calleeName(value)?.text === 'Promise' &&
      executor !== undefined &&
      isFunctionLiteral(executor) &&
      executor.parameters.length < 2
    );
  }
  if (!ts.isCallExpression(value)) return false;
  if (value.expression.getText() === 'Promise.resolve' && value.arguments.length === 0) return true;
  if (!pause.test(calleeName(value)?.text ?? '')) return false;
  // With a signal a pause can be cut short.
  return value.arguments.every((argument) => !/\bsignal\b/.test(argument.getText()));
}
