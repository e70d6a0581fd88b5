import ts from 'typescript';
import { isScriptMain } from '../contexts/script.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence, Message, Report, Severity } from '../finding.ts';
import type { Acquisition } from '../resources/model.ts';
import { qualifiedName } from '../syntax/tree.ts';
import type { Leak } from './explore.ts';
import type { SolvedObligation } from './ownership.ts';
import { acquisitionSpan, type Witness, witnessOf } from './witness.ts';

/** How strong the evidence of a leak is, strongest first. */
type Grade = 'never' | 'path' | 'throw' | 'gap';
// `gap`: thrown between the acquisition and the protecting `try`, or by an ordinary call.

const severityOf: Readonly<Record<Grade, Severity>> = { never: 'error', path: 'error', throw: 'warning', gap: 'info' };

interface Graded {
  readonly grade: Grade;
  readonly leak: Leak;
}

/** The report of an obligation that some path does not meet; `undefined` when all do, or when nobody would suffer. */
export function ownershipReport(rule: string, file: FileAnalysis, solved: SolvedObligation): Report | undefined {
  const { obligation } = solved;
  const graded = gradeOf(file, solved);
  if (!graded) return undefined;
  const witness = witnessOf(solved, graded.leak, file.unit.path);
  const { acquisition, model, site } = obligation;
  return {
    rule,
    severity: file.isTestCode ? 'info' : severityOf[graded.grade],
    confidence: confidenceOf(solved),
    message: messageOf(graded, witness, acquisition),
    path: file.unit.path,
    span: acquisitionSpan(site),
    resource: { library: model.library, kind: acquisition.kind, acquire: acquireName(acquisition) },
    witness: witness.steps,
    fixes: [],
    enclosing: qualifiedName(site),
    acquisition: site.getText().replace(/\s+/g, ''),
  };
}

function gradeOf(file: FileAnalysis, { exploration, root }: SolvedObligation): Graded | undefined {
  const { plain, thrown, gap, discharges, handovers } = exploration;
  if (plain && !(ts.isSourceFile(root) && keptByModule(file, plain))) {
    const never = discharges.size === 0 && handovers.length === 0;
    return { grade: never ? 'never' : 'path', leak: plain };
  }
  // An exception that leaves a script ends the process, and the resource with it.
  if (isScriptMain(file.unit, root)) return undefined;
  if (thrown) return { grade: thrown.unlikely ? 'gap' : 'throw', leak: thrown };
  return gap && { grade: 'gap', leak: gap };
}

/** A module-level variable keeps it for the life of the process. */
function keptByModule({ unit }: FileAnalysis, leak: Leak): boolean {
  const last = leak.path.at(-1);
  if (leak.end === 'lost' || !last) return false;
  const top = new Set<string>();
  const scope = unit.scopes.lookup;
  for (const statement of unit.file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name } of statement.declarationList.declarations) {
      const binding = ts.isIdentifier(name) ? scope(name.text, unit.file) : undefined;
      if (binding) top.add(`#${binding.id}`);
    }
  }
  return [...last.state.places.keys()].some((place) => top.has(place));
}

function confidenceOf({ obligation, exploration }: SolvedObligation): Confidence {
  if (obligation.confidence !== 'possible') return obligation.confidence;
  // By its name alone it is a guess; that somebody releases it makes it likely.
  return exploration.discharges.size > 0 ? 'likely' : 'possible';
}

function messageOf({ grade, leak }: Graded, { when }: Witness, acquisition: Acquisition): Message {
  const { kind, preferred } = acquisition;
  const release = releaseText(acquisition);
  const what =
    grade === 'never'
      ? leak.end === 'lost'
        ? `this ${kind} is never released: nothing keeps it`
        : `this ${kind} is never released`
      : `this ${kind} is not released ${when || 'on every path'}`;
  const remedy =
    preferred.by === 'acquirer'
      ? `call \`${release}\` in a \`finally\` block`
      : `call \`${release}\` in a \`finally\` block`;
  return { what, why: acquisition.consequence, remedy };
}

function releaseText({ preferred }: Acquisition): string {
  if (preferred.by === 'acquirer') return `${preferred.name}(…)`;
  return 'name' in preferred ? `${preferred.name}()` : 'the releaser';
}

function acquireName({ at }: Acquisition): string {
  if ('member' in at) return `${at.type.split('.').at(-1)}#${at.member}`;
  return 'export' in at ? at.export : `new ${at.construct}`;
}
