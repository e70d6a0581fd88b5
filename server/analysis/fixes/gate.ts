import ts from 'typescript';
import { applyTextEdits, type FileEdit, type TextEdit, type WorkspaceEdit } from '../edit.ts';
import { type Finding, type Fix, type Span, severities } from '../finding.ts';
import type { Program } from '../syntax/program.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { EditedProgram } from './overlay.ts';
import { PositionMap } from './positions.ts';

/** Looks for the findings of a file in a world. `edited`: only in the functions that lie around these ranges. */
export type Check = (program: Program, path: string, edited?: readonly Span[]) => readonly Finding[];

/** The world in which the fixes of one file are judged. */
export interface GateContext {
  readonly program: Program;
  readonly path: string;
  /** All findings of the file as it is. */
  readonly findings: readonly Finding[];
  readonly check: Check;
}

/** `stale`: what the fix was built from is no longer there; a fix of the same finding, found anew, may pass. */
export type ResolvedFix = { readonly edit: WorkspaceEdit } | { readonly refused: string; readonly stale?: true };

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
      let listed: Listing | undefined;
      const list = (): Listing => {
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
          const { host } = program;
          if (host.read(path) !== text || program.generation !== generation) return changed;
          const outcome = list();
          if ('refused' in outcome) return outcome;
          const { edit, changes } = outcome;
          if (changes.some((change) => host.read(change.path) !== change.before)) return changed;
          const refused = typeRefusal(context, changes);
          return refused === undefined ? { edit } : { refused };
        },
      });
      return guarded;
    }),
  }));
}

const changed: ResolvedFix = { refused: 'the file has changed since', stale: true };

/** What an edit makes of one file. */
interface Change {
  readonly path: string;
  /** `undefined`: the edit creates the file. */
  readonly before: string | undefined;
  readonly after: string;
  readonly edits: readonly TextEdit[];
  readonly positions: PositionMap;
}

type Listing = { readonly edit: WorkspaceEdit; readonly changes: readonly Change[] } | { readonly refused: string };

/** Builds a fix and checks that its result parses, that the finding is gone and that none came instead. */
function listing(context: GateContext, finding: Finding, fix: Fix): Listing {
  const { program } = context;
  const edit = fix.build();
  if (!edit) return { refused: 'the code around it has no place for this change' };
  const changes: Change[] = [];
  for (const [path, { create, edits }] of byPath(edit)) {
    const before = program.unit(path)?.text;
    if (create && (before ?? program.host.read(path)) !== undefined) return { refused: `${path} exists already` };
    if (!create && before === undefined) return { refused: `${path} cannot be read` };
    const after = applyTextEdits(before ?? '', edits);
    changes.push({ path, before, after, edits, positions: new PositionMap(edits) });
  }
  if (changes.length === 0) return { refused: 'nothing would change' };
  const world = new EditedProgram(
    program,
    changes.map(({ path, before, after, positions }) => ({
      path,
      text: after,
      positions: before === undefined ? undefined : positions,
    })),
  );
  const broken = changes.some(({ path }) => syntaxErrors(world.unit(path)) > syntaxErrors(program.unit(path)));
  const refused = broken
    ? 'the result would not parse'
    : // The others first: they may acquire on behalf of the finding's own file.
      (judgeOthers(context, { world, changes }) ?? judge(context, finding, { world, changes }));
  return refused === undefined ? { edit, changes } : { refused };
}

/** The edits of each file that would change. */
function byPath({ files }: WorkspaceEdit): ReadonlyMap<string, Pick<FileEdit, 'create' | 'edits'>> {
  const found = new Map<string, Pick<FileEdit, 'create' | 'edits'>>();
  for (const { path, create, edits } of files) {
    const known = found.get(path);
    if (!create && !known && edits.length === 0) continue;
    found.set(path, { create: create || known?.create === true, edits: [...(known?.edits ?? []), ...edits] });
  }
  return found;
}

/** The files of one edit refer to each other: each is judged with the others as they would be. */
function typeRefusal({ program }: GateContext, changes: readonly Change[]): string | undefined {
  for (const { path, before, after } of changes) {
    if (before === undefined) continue;
    const others = new Map(changes.filter((other) => other.path !== path).map((other) => [other.path, other.after]));
    const [error] = program.host.newErrors(path, after, others) ?? [];
    if (error !== undefined) return `the result would have a type error: ${error.message.replace(/\.$/, '')}`;
  }
  return undefined;
}

/** The program with an edit laid over it, and what the edit changes. */
interface Outcome {
  readonly world: Program;
  readonly changes: readonly Change[];
}

/** Whether the finding is gone from its own file, and no other came that is as grave. */
function judge(context: GateContext, finding: Finding, { world, changes }: Outcome): string | undefined {
  const { path, findings } = context;
  const own = changes.find((change) => change.path === path);
  const positions = own?.positions ?? new PositionMap([]);
  // What other files become may matter everywhere in this one.
  const spans = own && changes.length === 1 ? changedSpans(own.edits) : undefined;
  const at = positions.forward(finding.span.start);
  const expected = expectedAfter(
    findings.filter((known) => known !== finding),
    positions,
  );
  for (const found of context.check(world, path, spans)) {
    if (found.rule === finding.rule && found.span.start === at) return 'the finding would still be there';
    const known = expected.get(placeOf(found));
    if (known && rank(found) >= rank(known)) continue;
    if (rank(found) <= rank(finding)) return broughtBy(found);
  }
  return undefined;
}

/** Whether the other files of the edit get nothing that is not there now: nobody has asked for a change in them. */
function judgeOthers({ program, path: own, check }: GateContext, { world, changes }: Outcome): string | undefined {
  for (const { path, before, positions } of changes) {
    if (path === own) continue;
    const expected = expectedAfter(before === undefined ? [] : check(program, path), positions);
    const worse = check(world, path).find((found) => {
      const known = expected.get(placeOf(found));
      return !found.suppressed && !(known && rank(found) >= rank(known));
    });
    if (worse) return broughtBy(worse);
  }
  return undefined;
}

const broughtBy = ({ message }: Finding): string => `it would bring a new finding: ${message.what}`;

const placeOf = ({ rule, span }: Finding): string => `${rule}@${span.start}`;

/** The findings of a file as it is, by where they stand in the edited text. */
function expectedAfter(findings: readonly Finding[], positions: PositionMap): ReadonlyMap<string, Finding> {
  const expected = new Map<string, Finding>();
  for (const known of findings) {
    const start = positions.forward(known.span.start);
    if (start !== undefined) expected.set(`${known.rule}@${start}`, known);
  }
  return expected;
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

function syntaxErrors(unit: SourceUnit | undefined): number {
  if (!unit) return 0;
  const { parseDiagnostics } = unit.file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  return parseDiagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error).length;
}
