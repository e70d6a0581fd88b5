import type { SourceUnit } from '../syntax/unit.ts';

const known = new WeakMap<SourceUnit, boolean>();

const markers =
  /\b(?:document|window|localStorage|navigator)\s*\.|from\s+['"](?:react|react-dom|vue|svelte|solid-js|preact|lit|@angular\/core|rxjs)['"/]|\bHTML\w*Element\b/;

/** Whether a file runs in a page: a timer there keeps no process alive. */
export function isFrontEnd(unit: SourceUnit): boolean {
  let answer = known.get(unit);
  if (answer === undefined) {
    answer = /\.(?:jsx|tsx)$/.test(unit.path) || markers.test(unit.text);
    known.set(unit, answer);
  }
  return answer;
}
