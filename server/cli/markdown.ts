import type { Paint } from './paint.ts';

/** Makes Markdown pleasant to read in a terminal; without colours it stays Markdown. */
export function renderMarkdown(text: string, paint: Paint): string {
  let fenced = false;
  const lines: string[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const fence = /^\s*```/.test(line);
    if (fence) {
      fenced = !fenced;
      lines.push(paint('dim', line));
    } else if (fenced) {
      lines.push(codeLine(line, paint));
    } else {
      lines.push(proseLine(line, paint));
    }
  }
  return `${lines.join('\n')}\n`;
}

function codeLine(line: string, paint: Paint): string {
  // Markers below a line of an example say where a finding is reported.
  return /^\s*\/\/\s*\^+/.test(line) ? paint('red', line) : paint('cyan', line);
}

function proseLine(line: string, paint: Paint): string {
  const heading = /^#{1,6} (.*)$/.exec(line);
  if (heading !== null) return paint('bold', paint('underline', heading[0]));
  return line
    .replace(/`[^`]+`/g, (code) => paint('cyan', code))
    .replace(/\*\*([^*]+)\*\*/g, (strong) => paint('bold', strong));
}
