import assert from 'node:assert/strict';
import { codeFrame, type FrameLabel } from '../../server/cli/reporters/codeFrame.ts';
import { textWidth } from '../../server/cli/reporters/columns.ts';

const label = (line: number, column: number, length: number, text: string, role: FrameLabel['role']): FrameLabel => ({
  start: { line, column },
  end: { line, column: column + length },
  label: text,
  role,
});

const frame = (source: string, labels: readonly FrameLabel[], width = 80): string[] =>
  codeFrame(source, labels, { paint: (_style, text) => text, width, gutter: 4 });

describe('code frames', () => {
  it('leave out what lies between, unless it is a single line', () => {
    const source = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].join('\n');
    const lines = frame(source, [
      label(1, 1, 3, 'first', 'acquisition'),
      label(3, 1, 5, 'then', 'step'),
      label(7, 1, 5, 'last', 'exit'),
    ]);
    assert.deepEqual(lines, [
      '   1 │ one',
      '     │ ─── first',
      '   2 │ two',
      '   3 │ three',
      '     │ ───── then',
      '     ┆',
      '   7 │ seven',
      '     │ ^^^^^ last',
    ]);
  });

  it('align below tabs, wide characters, emoji and combining marks', () => {
    const source = "\tx\t= '漢字😀e\u0301' + call();";
    const column = source.indexOf('call') + 1;
    const [line = '', marks = ''] = frame(source, [label(1, column, 4, 'here', 'exit')]);
    assert.equal(line, "   1 │     x   = '漢字😀e\u0301' + call();");
    assert.equal(textWidth(line.slice(0, line.indexOf('call'))), marks.indexOf('^'));
    assert.match(marks, /\^{4} here$/);
  });

  it('cut long lines to what stands around the place', () => {
    const source = `${'a'.repeat(500)}(call())${'b'.repeat(500)}`;
    const [line = '', marks = ''] = frame(source, [label(1, 502, 4, 'here', 'exit')], 60);
    assert.ok(textWidth(line) <= 60);
    assert.match(line, /│ …a+\(call\(\)\)b+…$/);
    assert.equal(marks.indexOf('^'), line.indexOf('call'));
  });

  it('survive places that the text does not have', () => {
    assert.equal(frame('', [label(9, 9, 3, 'gone', 'exit')]).length, 2);
    assert.deepEqual(frame('ab', [label(1, 3, 0, 'end', 'exit')]), ['   1 │ ab', '     │   ^ end']);
    const multiline: FrameLabel = { ...label(1, 5, 0, 'all', 'step'), end: { line: 3, column: 2 } };
    assert.deepEqual(frame('let x = {\r\n  y,\r\n}', [multiline]), ['   1 │ let x = {', '     │     ───── all']);
  });

  it('keep labels on one line in their order', () => {
    const lines = frame('acquire(); throw x;', [
      label(1, 1, 7, 'acquired here', 'acquisition'),
      label(1, 12, 5, 'leaves here', 'exit'),
    ]);
    assert.deepEqual(lines.slice(1), ['     │ ─────── acquired here', '     │            ^^^^^ leaves here']);
  });
});
