// Draws media/terminal.svg: what the command really prints for a part of the sample service. Run it after a change to the
// output: `npm run build && node scripts/terminal-picture.mjs`.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const shown = 'leakproof check src/orders';
const colors = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#a5d6ff',
  90: '#8b949e',
};
const size = { character: 7.8, line: 19, font: 13, left: 20, top: 58 };

// A directory with a name worth showing.
const directory = join(tmpdir(), 'orders-service');
await rm(directory, { recursive: true, force: true });
await mkdir(directory);
try {
  await cp('test/demo/sample', directory, { recursive: true });
  const args = [resolve('dist/cli.mjs'), 'check', 'src/orders', '--color', 'always', '--no-timing'];
  // As on a screen, where both streams go.
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
  await writeFile(
    'media/terminal.svg',
    draw(`$ \u001b[1m${shown}\u001b[22m\n\n${stdout}${stderr}`.trimEnd().split('\n')),
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}

function draw(lines) {
  const runs = lines.map(runsOf);
  const columns = Math.max(...runs.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)));
  const width = Math.ceil(columns * size.character + 2 * size.left);
  const height = size.top + lines.length * size.line + 8;
  const body = runs.flatMap((line, row) => texts(line, size.top + row * size.line)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Output of ${shown}">
<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size.font}" fill="#e6edf3" xml:space="preserve">
${body}
</g>
</svg>
`;
}

/** Every run of characters in one style is a text of fixed length, so that columns stand whatever the font is. */
function texts(line, y) {
  let column = 0;
  return line.flatMap(({ text, style }) => {
    const x = size.left + column * size.character;
    column += text.length;
    if (text.trim() === '') return [];
    const indent = text.length - text.trimStart().length;
    const words = text.trim();
    const start = (x + indent * size.character).toFixed(1);
    const length = (words.length * size.character).toFixed(1);
    return [`<text x="${start}" y="${y}" textLength="${length}"${attributes(style)}>${escaped(words)}</text>`];
  });
}

function attributes({ color, bold, dim, underline }) {
  return [
    color === undefined ? '' : ` fill="${color}"`,
    bold ? ' font-weight="bold"' : '',
    dim ? ' opacity="0.65"' : '',
    underline ? ' text-decoration="underline"' : '',
  ].join('');
}

/** Splits a line at its escape sequences. */
function runsOf(line) {
  const runs = [];
  let style = {};
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: see above.
    const [, codes] = /^\u001b\[([\d;]*)m$/.exec(part) ?? [];
    if (codes === undefined) runs.push({ text: part, style });
    else for (const code of codes.split(';')) style = restyled(style, Number(code));
  }
  return runs;
}

function restyled(style, code) {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, color: undefined };
  return code in colors ? { ...style, color: colors[code] } : style;
}

function escaped(text) {
  return text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]);
}
