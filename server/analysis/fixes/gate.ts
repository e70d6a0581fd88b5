import ts from 'typescript';
import { applyTextEdits, type TextEdit, type WorkspaceEdit } from '../edit.ts';
import { type Finding, type Fix, type Span, severities } from '../finding.ts';
import type { Program } from '../syntax/program.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { EditedProgram } from './overlay.ts';
import { PositionMap } from './positions.ts';

/** The world in which the fixes of one file are judged. */
export interface GateContext {
  readonly program: Program;
  readonly path: string;
  /** All findings of the file as it is. */
  readonly findings: readonly Finding[];
  /** The findings of the functions that lie around the edited ranges, in another world. */
  readonly recheck: (program: Program, edited: readonly Span[]) => readonly Finding[];
}

export type ResolvedFix = { readonly edit: WorkspaceEdit } | { readonly refused: string };

export interface OfferedFix {
  /** The gate in full, types included. */
  resolve(): ResolvedFix;
}

/** Findings whose fixes build only what passes the gate; `offered` learns how to resolve each of them. */
export function gated(context: GateContext, offered: WeakMap<Fix, OfferedFix>): readonly Finding[] {
  const { program, path } = context;
  const text = program.unit(path)?.text;
  const { generation } = program;
  return context.findings.map((finding) => ({
    ...finding,
    fixes: finding.fixes.map((fix) => {
      let listed: ResolvedFix | undefined;
      const list = (): ResolvedFix => {
        listed ??= listing(context, finding, fix);
        return listed;
      };
      const guarded: Fix = {
        ...fix,
        build() {
          const outcome = list();
          return 'edit' in outcome ? outcome.edit : undefined;
        },
      };
      offered.set(guarded, {
        resolve() {
          if (program.host.read(path) !== text || program.generation !== generation) {
            return { refused: 'the file has changed since' };
          }
          const outcome = list();
          const refused = 'edit' in outcome ? typeRefusal(context, outcome.edit) : undefined;
          return refused === undefined ? outcome : { refused };
        },
      });
      return guarded;
    }),
  }));
}

/** Builds a fix and checks that its result parses, that the finding is gone and that none came instead. */
function listing(context: GateContext, finding: Finding, fix: Fix): ResolvedFix {
  const { program, path } = context;
  const edit = fix.build();
  const unit = program.unit(path);
  if (!edit || !unit) return { refused: 'the code around it has no place for this change' };
  const edits = editsOf(edit, path);
  if (edits.length === 0) return { refused: 'nothing in the file would change' };
  const text = applyTextEdits(unit.text, edits);
  const positions = new PositionMap(edits);
  const world = new EditedProgram(program, { path, text, positions });
  const edited = world.unit(path);
  if (!edited || syntaxErrors(edited) > syntaxErrors(unit)) return { refused: 'the result would not parse' };
  const after = context.recheck(world, changedSpans(edits));
  const refused = judge({ finding, findings: context.findings, after, positions });
  return refused === undefined ? { edit } : { refused };
}

/** The files of one edit refer to each other: each is judged with the others as they would be. */
function typeRefusal({ program }: GateContext, edit: WorkspaceEdit): string | undefined {
  const after = new Map(
    edit.files.map(({ path, create, edits }) => [
      path,
      applyTextEdits(create ? '' : (program.host.read(path) ?? ''), edits),
    ]),
  );
  for (const { path, create } of edit.files) {
    if (create) continue;
    const others = new Map([...after].filter(([other]) => other !== path));
    const [error] = program.host.newErrors(path, after.get(path) ?? '', others) ?? [];
    if (error !== undefined) return `the result would have a type error: ${error.message.replace(/\.$/, '')}`;
  }
  return undefined;
}

interface Judgement {
  readonly finding: Finding;
  readonly findings: readonly Finding[];
  readonly after: readonly Finding[];
  readonly positions: PositionMap;
}

function judge({ finding, findings, after, positions }: Judgement): string | undefined {
  const expected = new Map<string, Finding>();
  for (const known of findings) {
    const start = positions.forward(known.span.start);
    if (known !== finding && start !== undefined) expected.set(`${known.rule}@${start}`, known);
  }
  const own = positions.forward(finding.span.start);
  for (const found of after) {
    if (found.rule === finding.rule && found.span.start === own) return 'the finding would still be there';
    const known = expected.get(`${found.rule}@${found.span.start}`);
    if (known && rank(found) >= rank(known)) continue;
    if (rank(found) <= rank(finding)) return `it would bring a new finding: ${found.message.what}`;
  }
  return undefined;
}

/** 0 is the gravest. */
const rank = ({ severity }: Finding): number => severities.indexOf(severity);

/** The ranges of the new text that edits wrote. */
function changedSpans(edits: readonly TextEdit[]): readonly Span[] {
  let shift = 0;
  return [...edits]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, text }) => {
      const span = { start: start + shift, end: start + shift + text.length };
      shift += text.length - (end - start);
      return span;
    });
}

function editsOf(edit: WorkspaceEdit, path: string): readonly TextEdit[] {
  return edit.files.filter((file) => file.path === path && !file.create).flatMap((file) => file.edits);
}

function syntaxErrors({ file }: SourceUnit): number {
  const { parseDiagnostics } = file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  return parseDiagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error).length;
}
