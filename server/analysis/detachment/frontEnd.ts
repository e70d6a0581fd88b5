import type { SourceUnit } from '../syntax/unit.ts';

const known = new WeakMap<SourceUnit, boolean>();

const markers =
  /\b(?:document|window|localStorage|navigator)\s*\.|from\s+['"](?:react|react-dom|vue|svelte|solid-js|preact|lit|@angular\/core)['"/]|\bHTML\w*Element\b/;

/** Whether a file runs in a page: a timer there keeps no process alive. */
export function isFrontEnd(unit: SourceUnit): boolean {
  let answer = known.get(unit);
  if (answer === undefined) {
    answer = /\.(?:jsx|tsx)$/.test(unit.path) || isPage(unit.text);
    known.set(unit, answer);
  }
  return answer;
}

/** By its code; code that asks whether there is a window runs elsewhere, too. */
function isPage(text: string): boolean {
  return (
    markers.test(text) && markers.test(text.replaceAll(comments, '')) && !/typeof (?:window|document)\b/.test(text)
  );
}

const comments = /\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm;
