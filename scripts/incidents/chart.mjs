const blocks = '▁▂▃▄▅▆▇█';

/** A line of blocks: how a number developed, on a scale that charts to be compared share. */
export function chart(values, { width = 40, max = Math.max(...values, 1) } = {}) {
  if (values.length === 0) return '';
  const columns = Math.min(width, values.length);
  let line = '';
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
    const top = Math.max(...values.slice(from, to));
    line += blocks[Math.min(blocks.length - 1, Math.floor((top / max) * blocks.length))] ?? blocks[0];
  }
  return line;
}
