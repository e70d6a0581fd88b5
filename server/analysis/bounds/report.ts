import ts from 'typescript';
import { isReachedByHand } from '../contexts/aside.ts';
import { isOfCommands } from '../contexts/script.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Confidence, Message, Report, Severity, Span, WitnessStep } from '../finding.ts';
import { siteTitle } from '../inference/modelIndex.ts';
import { normalised } from '../ownership/report.ts';
import { acquisitionSpan, lineSpan } from '../ownership/witness.ts';
import type { LibraryModel } from '../resources/model.ts';
import { enclosingRoot, isReturned, qualifiedName, unstrip } from '../syntax/tree.ts';
import type { TakenBound } from './given.ts';
import { type Gravity, gravityOf } from './gravity.ts';
import { isMeantUnbounded } from './meant.ts';
import { isAnswerUnread, isAtStart, isInBackground } from './occasion.ts';
import type { Call } from './sites.ts';
import { isPreparation } from './startUp.ts';
import { transferOf } from './transfers.ts';
import type { JudgedWait } from './waits.ts';

export interface WaitFinding {
  readonly rule: string;
  readonly message: Message;
  readonly span?: Span;
  readonly steps?: readonly WitnessStep[];
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly fixes?: Report['fixes'];
}

/** A report about one wait; `undefined` where the code runs in a place in which waits are harmless. */
export function waitReport(
  file: FileAnalysis,
  { call, model, wait, guessed }: Pick<JudgedWait, 'call' | 'model' | 'wait' | 'guessed'>,
  { rule, message, span = acquisitionSpan(call), steps = [], severity, confidence, fixes = [] }: WaitFinding,
): Report | undefined {
  const place = isOfPage(file, call) ? undefined : gravityOf(file);
  if (!place || isMeantUnbounded(call)) return undefined;
  const gravity = place.severity === 'warning' && isOfCommands(file.semantics, call) ? ofCommand : place;
  // Who starts a program sees that it does not come up, and who starts a download that it stands still.
  const isWatched =
    gravity.confidence === 'possible' ||
    (gravity.severity === 'info' && (transferOf(call) === 'download' || isShown(call))) ||
    isAtStart(file.semantics, call) ||
    isPreparation(file, call) ||
    isReachedByHand(file.semantics, call) ||
    // What gives up by itself before long, and for which nobody waits, costs one socket for some minutes.
    (wait.patienceMs !== undefined && isInBackground(file.semantics, call, wait.patienceMs)) ||
    (wait.of === 'request' && wait.value?.emitsError === 'always' && isAnswerUnread(file.semantics, call, wait.value));
  return {
    rule,
    severity: gravity.severity === 'info' || isWatched ? 'info' : (severity ?? gravity.severity),
    confidence: isWatched ? 'possible' : (confidence ?? (guessed ? 'likely' : gravity.confidence)),
    message,
    path: file.unit.path,
    span,
    resource: { library: model.library, kind: wait.kind, acquire: siteTitle(wait.at) },
    witness: steps,
    fixes,
    enclosing: qualifiedName(call),
    acquisition: normalised(call),
  };
}

/** Who runs a command waits for it, and ends it. */
const ofCommand: Gravity = { severity: 'info', confidence: 'likely' };

/** Whether what arrives goes to the terminal as it comes. */
const isShown = (call: Call): boolean => /\bprocess\.stdout\b/.test(enclosingRoot(call).getText());

/** `window.fetch(…)`: whatever else the file is for, this runs in a page. */
function isOfPage({ unit }: FileAnalysis, { expression }: Call): boolean {
  const owner = ts.isPropertyAccessExpression(expression) ? expression.expression : undefined;
  return owner !== undefined && ts.isIdentifier(owner) && owner.text === 'window' && !unit.scopes.bindingOf(owner);
}

/** The wait, where a bound was looked for, and where the code then stands still. */
export function stepsOf(file: FileAnalysis, { call, wait, looked }: JudgedWait): readonly WitnessStep[] {
  const { path } = file.unit;
  const steps: WitnessStep[] = [{ path, span: acquisitionSpan(call), label: `the ${wait.kind} starts here` }];
  for (const { node, label } of looked) {
    const own = node.getSourceFile() === call.getSourceFile();
    steps.push({ path: own ? path : node.getSourceFile().fileName, span: lineSpan(node), label });
  }
  const blocked = waitingPlace(call);
  const ownLimit = wait.patienceMs === undefined ? '' : ' of its own';
  steps.push({
    path,
    span: lineSpan(blocked),
    label: ts.isAwaitExpression(blocked)
      ? 'waits here for as long as it takes'
      : isReturned(call)
        ? `goes to whoever calls, without a limit${ownLimit}`
        : `goes on from here without a limit${ownLimit}`,
  });
  return steps;
}

/** The `await` that stands still, or the statement around the wait. */
function waitingPlace(call: Call): ts.Node {
  for (let node: ts.Node = unstrip(call); node.parent; node = node.parent) {
    if (ts.isAwaitExpression(node)) return node;
    if (ts.isStatement(node) || ts.isFunctionLike(node)) return call;
  }
  return call;
}

/** A report about an option that limits a wait, of which no wait itself is at hand. */
export function boundReport(
  file: FileAnalysis,
  { call, model, at }: TakenBound,
  {
    rule,
    message,
    kind,
    span,
    steps,
    fixes = [],
  }: Required<Pick<WaitFinding, 'span' | 'steps'>> &
    Pick<WaitFinding, 'rule' | 'message' | 'fixes'> & { readonly kind: string },
): Report {
  return {
    rule,
    severity: 'info',
    confidence: 'proven',
    message,
    path: file.unit.path,
    span,
    resource: { library: model.library, kind, acquire: siteTitle(at) },
    witness: steps,
    fixes,
    enclosing: qualifiedName(call),
    acquisition: normalised(call),
  };
}

/** A report about a question that is asked of a library's object, of which no wait itself is at hand. */
export function guardReport(
  file: FileAnalysis,
  node: ts.Expression,
  { library }: LibraryModel,
  { rule, message, span, steps, fixes = [] }: Required<Pick<WaitFinding, 'span' | 'steps'>> & WaitFinding,
): Report | undefined {
  const gravity = gravityOf(file);
  return (
    gravity && {
      rule,
      severity: gravity.severity,
      confidence: gravity.confidence === 'possible' ? 'possible' : 'likely',
      message,
      path: file.unit.path,
      span,
      resource: { library, kind: 'client', acquire: '' },
      witness: steps,
      fixes,
      enclosing: qualifiedName(node),
      acquisition: node.getText().replace(/\s+/g, ''),
    }
  );
}
