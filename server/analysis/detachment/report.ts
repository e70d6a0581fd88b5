import type ts from 'typescript';
import { isRunByHand } from '../contexts/handRun.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence, Fix, Message, Report, Severity, Span, WitnessStep } from '../finding.ts';
import { calleeName, isFunctionLiteral, qualifiedName, walk } from '../syntax/tree.ts';

/** What a rule of this family has found out; the rest of a report follows from where it stands. */
export interface Detached {
  readonly rule: string;
  /** The expression or statement that the report is about. */
  readonly node: ts.Node;
  /** The token to underline, where it is not the start of `node`. */
  readonly token?: ts.Node | undefined;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: Message;
  /** The library's or the runtime's word for what goes on. */
  readonly kind: string;
  readonly steps: readonly (Step | WitnessStep)[];
  readonly fixes?: readonly Fix[] | undefined;
}

export interface Step {
  readonly node: ts.Node;
  readonly label: string;
}

/**
 * What goes on in a test, or in a script that a developer runs, ends with it: a finding there is no more than a
 * possibility.
 */
export function detachedReport(file: FileAnalysis, found: Detached): Report {
  const { unit, program } = file;
  const token = found.token ?? found.node;
  const endsSoon = isRunByHand(program.host, unit.path);
  return {
    rule: found.rule,
    severity: endsSoon ? 'info' : found.severity,
    confidence: endsSoon ? 'possible' : found.confidence,
    message: found.message,
    path: unit.path,
    span: lineSpan(token),
    resource: { library: 'runtime', kind: found.kind, acquire: nameOf(token) },
    witness: found.steps.map((step) => ('node' in step ? witnessStep(step) : step)),
    fixes: found.fixes ?? [],
    enclosing: qualifiedName(found.node),
    acquisition: normalised(found.node),
  };
}

function witnessStep({ node, label }: Step): WitnessStep {
  return { path: node.getSourceFile().fileName, span: lineSpan(node), label };
}

/** The node's first line. */
export function lineSpan(node: ts.Node): Span {
  const start = node.getStart();
  const text = node.getSourceFile().text.slice(start, node.end);
  const lineEnd = text.search(/\r?\n/);
  return { start, end: lineEnd < 0 ? node.end : start + lineEnd };
}

/** The token that names a call's callee. */
export function callToken(call: ts.CallExpression | ts.NewExpression): ts.Node {
  return calleeName(call) ?? call.expression;
}

function nameOf(token: ts.Node): string {
  return token.getText().split(/\s/, 1)[0] ?? '';
}

/** The code as the fingerprint knows it: without white space, comments and the functions written in it. */
function normalised(node: ts.Node): string {
  const start = node.getStart();
  let text = node.getText();
  const bodies: Span[] = [];
  walk(node, (inner) => {
    if (inner !== node && isFunctionLiteral(inner)) bodies.push({ start: inner.getStart(), end: inner.end });
  });
  for (const { start: from, end } of bodies.reverse()) {
    if (bodies.some((other) => other.start < from && end <= other.end)) continue;
    text = text.slice(0, from - start) + text.slice(end - start);
  }
  return text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .replace(/\s+/g, '')
    .slice(0, 200);
}
