import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, some, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { isTimerName, ownCallbackOf, type Timer, timerOf } from './timers.ts';

const named = /time(?:out|r)|interval|watchdog|guard|alarm/i;
/** What only looks up a timer that somebody else started. */
const lookup = /^(?:get|find|pop|shift|take|remove|delete|at|of)/;

/** `const timer = startTimeout(…); … clearTimeout(timer);`: a timer that a function of the project starts and hands out. */
export function obtainedTimer(clear: ts.CallExpression, unit: SourceUnit, semantics: Semantics): Timer | undefined {
  const name = calleeName(clear)?.text;
  const kind = name === 'clearTimeout' ? 'timeout' : name === 'clearInterval' ? 'interval' : undefined;
  const handle = kind && clear.arguments[0] && strip(clear.arguments[0]);
  const binding = handle && ts.isIdentifier(handle) ? unit.scopes.bindingOf(handle) : undefined;
  const target = binding?.declarations[0];
  if (!kind || !binding || !target || binding.declarations.length > 1 || binding.writes.length > 0) return undefined;
  const { parent } = target;
  const call = ts.isVariableDeclaration(parent) && parent.initializer ? strip(parent.initializer) : undefined;
  if (!call || !ts.isCallExpression(call) || timerOf(call, unit, semantics.program)) return undefined;
  if (!handsOutTimer(call, semantics)) return undefined;
  const keeping = { by: 'name', binding, target } as const;
  // `platform.setTimeout(() => …, wait)` takes what the global one does.
  const callback = isTimerName(calleeName(call)?.text ?? '') ? call.arguments[0] : undefined;
  return { call, kind, callback, ownCallback: ownCallbackOf(callback, unit), delay: undefined, keeping };
}

function handsOutTimer(call: ts.CallExpression, semantics: Semantics): boolean {
  const name = calleeName(call)?.text ?? '';
  if (lookup.test(name)) return false;
  const target = semantics.targets.resolve(call)?.function;
  if (!target?.body) return target === undefined && named.test(name);
  return some(
    target.body,
    (node) => ts.isCallExpression(node) && /^set(?:Timeout|Interval)$/.test(calleeName(node)?.text ?? ''),
  );
}
