import ts from 'typescript';
import { unstrip } from '../syntax/tree.ts';

/**
 * Controllers that only end a race: `Promise.race([…, sleep(ms, undefined, { signal: over.signal })]).finally(() => over.abort())`.
 * They clear what lost, and end nothing while the race goes on.
 */
const controller = /\bconst (\w+) = new AbortController\(\)/g;

/** The text of code without the controllers that only end its races. */
export function withoutRaceSignals(text: string): string {
  let result = text;
  for (const [, name] of text.matchAll(controller)) {
    const aborts = text.split(`${name}.abort()`).length - 1;
    const behind = text.split(`.finally(() => ${name}.abort())`).length - 1;
    if (behind === 0 || aborts > behind) continue;
    result = result.replace(
      new RegExp(
        `const ${name} = new AbortController\\(\\)|(?:\\bsignal: *)?\\b${name}\\.(?:signal\\b|abort\\(\\))`,
        'g',
      ),
      '',
    );
  }
  return result;
}

/** Whether the signal that a call gets is aborted behind the race that the call competes in, and nowhere before. */
export function endsWithItsRace(call: ts.CallExpression): boolean {
  const [, name] = /\b(\w+)\.signal\b/.exec(call.arguments.map((it) => it.getText()).join()) ?? [];
  if (name === undefined) return false;
  for (let node: ts.Node = unstrip(call); !ts.isStatement(node); node = node.parent) {
    if (ts.isCallExpression(node) && node.getText().endsWith(`.finally(() => ${name}.abort())`)) return true;
  }
  return false;
}
