import ts from 'typescript';
import { keepsDeclarations } from './declaredShape.ts';
import { exportsOf, type ModuleExports } from './exports.ts';
import { createScopeTable, type ScopeTable } from './scopes.ts';

/** One parsed file. Broken syntax still gives a tree: the parser repairs what it cannot read. */
export interface SourceUnit {
  readonly path: string;
  readonly text: string;
  readonly file: ts.SourceFile;
  readonly scopes: ScopeTable;
  readonly exports: ModuleExports;
  /** Whether the word stands anywhere in the text; asked for each function of a file, answered once. */
  mentions(word: string): boolean;
}

const kinds: Readonly<Record<string, ts.ScriptKind>> = {
  js: ts.ScriptKind.JSX,
  jsx: ts.ScriptKind.JSX,
  mjs: ts.ScriptKind.JSX,
  cjs: ts.ScriptKind.JSX,
  ts: ts.ScriptKind.TS,
  mts: ts.ScriptKind.TS,
  cts: ts.ScriptKind.TS,
  tsx: ts.ScriptKind.TSX,
};

/** Parses a text; the extension decides the dialect. Never throws. */
export function parseUnit(path: string, text: string): SourceUnit {
  const kind = kinds[path.slice(path.lastIndexOf('.') + 1)] ?? ts.ScriptKind.TS;
  return unitOf(path, text, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind));
}

/**
 * Parses the new text of a file and takes over what did not change; the previous unit is void from then on.
 * `declaresTheSame`: no other file sees a difference.
 */
export function reparseUnit(
  previous: SourceUnit,
  text: string,
): { readonly unit: SourceUnit; readonly declaresTheSame: boolean } {
  const { path, text: before, file } = previous;
  const most = Math.min(before.length, text.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === text.charCodeAt(start)) start += 1;
  let same = 0;
  while (
    same < most - start &&
    before.charCodeAt(before.length - 1 - same) === text.charCodeAt(text.length - 1 - same)
  ) {
    same += 1;
  }
  const end = before.length - same;
  const keeps = keepsDeclarations(file, { start, end, delta: text.length - before.length });
  const change = { span: { start, length: end - start }, newLength: text.length - same - start };
  const next = ts.updateSourceFile(file, text, change);
  return { unit: unitOf(path, text, next), declaresTheSame: keeps(next) };
}

function unitOf(path: string, text: string, file: ts.SourceFile): SourceUnit {
  let scopes: ScopeTable | undefined;
  let exported: ModuleExports | undefined;
  const mentioned = new Map<string, boolean>();
  return {
    path,
    text,
    file,
    get scopes() {
      scopes ??= createScopeTable(file);
      return scopes;
    },
    get exports() {
      exported ??= exportsOf(file);
      return exported;
    },
    mentions(word) {
      let answer = mentioned.get(word);
      if (answer === undefined) {
        answer = text.includes(word);
        mentioned.set(word, answer);
      }
      return answer;
    },
  };
}
