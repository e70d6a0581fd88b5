// The edits that every contestant gets: a statement that comes and goes inside the first function body of the file.
import { readFileSync } from 'node:fs';

export function editsOf(file, count) {
  const text = readFileSync(file, 'utf8');
  const body = /\)[^;{}]*\{\r?\n/.exec(text);
  const offset = body ? body.index + body[0].length : 0;
  const line = text.slice(0, offset).split('\n').length - 1;
  return Array.from({ length: count }, (_, index) => ({
    line,
    inserted: `void ${index};\n`,
    text: `${text.slice(0, offset)}void ${index};\n${text.slice(offset)}`,
  }));
}
