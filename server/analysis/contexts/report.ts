import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence, Message, Report, Severity, WitnessStep } from '../finding.ts';
import { qualifiedName, shortText } from '../syntax/tree.ts';
import { isRunByHand } from './handRun.ts';
import { eventText, type Registration } from './registrations.ts';
import { type Repetition, spanOf } from './repeated.ts';

/** What a rule adds to a registration to report it. */
export interface ListenerFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: Message;
  /** After the registration, outward. */
  readonly steps: readonly WitnessStep[];
  readonly first?: string;
}

/** The report of a listener that stays. */
export function listenerReport(file: FileAnalysis, registration: Registration, finding: ListenerFinding): Report {
  const { token, emitter, call } = registration;
  const { rule, severity, confidence, message, steps, first = 'registered here' } = finding;
  const { path } = file.unit;
  return {
    rule,
    severity: diesWithRun(file) ? 'info' : severity,
    confidence: diesWithRun(file) ? 'possible' : confidence,
    message,
    path,
    span: spanOf(token),
    resource: { library: registration.api === 'target' ? 'dom' : 'node', kind: 'listener', acquire: token.text },
    witness: [{ path, span: spanOf(token), label: first }, ...steps],
    fixes: [],
    enclosing: qualifiedName(call),
    acquisition: `${shortText(emitter, 80)}.${token.text}(${eventText(registration)})`.replace(/\s+/g, ''),
  };
}

/** Tests, and scripts that developers run by hand: what they leave behind dies with their run. */
export function diesWithRun(file: FileAnalysis): boolean {
  return isRunByHand(file.program.host, file.unit.path);
}

/** How sure it is that the region repeats: frameworks are told by their usual names. */
export function repetitionConfidence({ times }: Repetition): Confidence {
  return times === 'loop' || times === 'recursion' || times === 'tick' ? 'proven' : 'likely';
}

/** Whether an expression reads a name that is made anew in each run of the region. */
export function dependsOn(file: FileAnalysis, expression: ts.Node, region: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found) return;
    if (ts.isIdentifier(node)) {
      const declared = file.unit.scopes.bindingOf(node)?.declarations[0];
      found = declared !== undefined && region.pos <= declared.pos && declared.end <= region.end;
    }
    ts.forEachChild(node, visit);
  };
  visit(expression);
  return found;
}
