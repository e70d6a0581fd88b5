import assert from 'node:assert/strict';
import fc from 'fast-check';
import ts from 'typescript';
import { parseUnit, reparseUnit } from '../../server/analysis/syntax/unit.ts';

const source = `export class Pool {
  size = 1;
  limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }
  take(): number {
    return this.size + this.limit;
  }
  guess() {
    return this.size;
  }
  each = (): number => {
    const inner = () => 1;
    return inner();
  };
}
export class Loose {
  kept;
  constructor() {
    this.kept = 1;
  }
}
export function open(): Pool {
  return new Pool(2);
}
export const made = () => {
  return 1;
};
`;

/** What the file declares to others, as the compiler says. */
function declarations(text: string): string {
  const options: ts.CompilerOptions = { declaration: true, emitDeclarationOnly: true, noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  let written = '';
  host.getSourceFile = (path, version) => (path === '/a.ts' ? ts.createSourceFile(path, text, version) : undefined);
  host.writeFile = (_path, declared) => {
    written = declared;
  };
  ts.createProgram(['/a.ts'], options, host).emit();
  return written;
}

function declaresTheSame(at: number, length: number, inserted: string, path = '/a.ts'): boolean {
  const text = source.slice(0, at) + inserted + source.slice(at + length);
  return reparseUnit(parseUnit(path, source), text).declaresTheSame;
}

describe('an edit that no other file sees', () => {
  const inside = (before: string, inserted: string, path?: string): boolean => {
    assert.ok(source.includes(before));
    return declaresTheSame(source.indexOf(before) + before.length, 0, inserted, path);
  };

  it('lies in a body whose result is declared', () => {
    assert.ok(inside('take(): number {', ' void 0;'));
    assert.ok(inside('open(): Pool {\n', '  // a note\n'));
    assert.ok(inside('const inner = () => 1', '2'), 'the function around declares its result');
    assert.ok(inside('this.limit = limit;', ' void 0;'), 'all fields of the class are declared');
  });

  it('is told from one that may change what others infer', () => {
    assert.ok(!inside('guess() {', ' return "";'));
    assert.ok(!inside('made = () => {', ' return "";'));
    assert.ok(!inside('this.kept = 1', '2'), 'the type of the field is inferred');
    assert.ok(!inside('take(): number', ' | string'));
    assert.ok(!inside('take(): number {', ' } other(): string {'), 'the body ends earlier');
    assert.ok(!inside('size = 1', '2'));
    assert.ok(!inside('take(): number {', ' void 0;', '/a.js'), 'JavaScript declares nothing');
  });

  it('changes no declaration that the compiler writes', () => {
    const edit = fc.tuple(
      fc.nat(source.length),
      fc.nat(12),
      fc.constantFrom('', '1', ' | string', '{', '}', '} x() {', 'void 0;', "return '';", '/*', '`', ': string'),
    );
    const before = declarations(source);
    let same = 0;
    fc.assert(
      fc.property(edit, ([at, length, inserted]) => {
        if (!declaresTheSame(at, length, inserted)) return;
        same += 1;
        assert.equal(declarations(source.slice(0, at) + inserted + source.slice(at + length)), before);
      }),
      { numRuns: 300 },
    );
    assert.ok(same > 20, `only ${same} edits were taken for such`);
  });
});
