import ts from 'typescript';
import { isAtStart } from '../bounds/occasion.ts';
import { isPartOfCommand } from '../contexts/handRun.ts';
import { placeOf as runsIn } from '../contexts/platform.ts';
import type { FlowNode } from '../controlFlow/graph.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { endMark } from '../resources/endMarks.ts';
import { preparingWords } from '../resources/preparing.ts';
import {
  calledMethod,
  calleeName,
  contains,
  enclosingRoot,
  enclosingStatement,
  functionName,
  receiver,
  some,
  strip,
} from '../syntax/tree.ts';
import { isAbortedByOwner } from './abortedBodies.ts';
import type { Graded } from './grade.ts';
import { endsWithLender } from './lenderEnds.ts';
import { endings } from './lending.ts';
import { isBehindLatch, runsOnce } from './onceOnly.ts';
import { isDropped } from './origins.ts';
import type { SolvedObligation } from './ownership.ts';
import { isShownByUse } from './shownDuty.ts';
import { endsThroughWorks } from './works.ts';

/**
 * Whether hardly anybody would miss it, true as it is: what a test leaves behind ends with its run, what a script leaves
 * behind ends with that, what a failure leaves behind ends with a pool that its owner then closes, and what
 * happens one time while the program starts, or makes its database ready, happens no more. A lock of which nothing but its use is known may end by
 * itself.
 */
export function isHardlyMissed(file: FileAnalysis, solved: SolvedObligation, { grade, leak }: Graded): boolean {
  const { site, acquisition } = solved.obligation;
  if (leak.path.some(({ node }) => node.kind === 'branch' && asksToKeep(node.syntax, solved.exploration.discharges)))
    return true;
  if (acquisition.onDisk && isLeftOnPurpose(solved, grade, leak)) return true;
  if (acquisition.kind === 'stream reader' && leak.path.some(({ node, edge }) => edge === 'true' && asksForEnd(node)))
    return true;
  if (isUnfinished(site) || isAbortedByOwner(file, solved.obligation)) return true;
  if (isShownByUse(solved.obligation) && mayEndByItself(solved)) return true;
  const hasFailed = grade === 'throw' || grade === 'gap';
  if (!hasFailed && endsThroughWorks(file, solved)) return true;
  const isHandle = acquisition.duty === 'handle';
  if ((hasFailed || isHandle) && runsIn(file) === 'script') return true;
  if (hasFailed && acquisition.idles) return true;
  // A file that is only made, one time: `openSync(path, 'w')`.
  const isFew = hasFailed || (isDropped(site) && !file.contexts.repeated.of(site));
  if (isFew && acquisition.passive && isPartOfCommand(file.program.host, file.unit.path)) return true;
  if (hasFailed && isHandle && closesLastOne(site)) return true;
  // A page has few of anything, and what it opens goes with it.
  if (hasFailed && isShownByUse(solved.obligation) && runsIn(file) === 'browser') return true;
  if (hasFailed && isShownByUse(solved.obligation) && startsUp(site)) return true;
  if (hasFailed && endsWithLender(file.semantics, solved.obligation)) return true;
  if (hasFailed && (runsOnce(file.semantics, site) || (isHandle && prepares(site)))) return true;
  if (isHandle && isBehindLatch(file.semantics, site)) return true;
  return (hasFailed || isHandle) && isAtStart(file.semantics, site);
}

/** `await getConnection('test').close()` before `createConnection({ name: 'test' })`: one is left over at most. */
function closesLastOne(site: ts.CallExpression | ts.NewExpression): boolean {
  const kind = nounOf(calleeName(site)?.text);
  if (kind === undefined) return false;
  return some(enclosingRoot(site), (node) => {
    if (!ts.isCallExpression(node) || node.end > site.getStart() || !endings.test(calledMethod(node) ?? ''))
      return false;
    const owner = receiver(node);
    const found = owner && strip(owner);
    return found !== undefined && ts.isCallExpression(found) && nounOf(calleeName(found)?.text, 'get') === kind;
  });
}

/** `Connection` of `createConnection` and `getConnection`. */
const nounOf = (name: string | undefined, verb = 'create|open|make|new|connect'): string | undefined =>
  name?.match(new RegExp(`^(?:${verb})([A-Z]\\w*)$`))?.[1];

/** `if (data === '[DONE]') return`: the sender has nothing more to say, and ends the stream. */
const asksForEnd = ({ kind, syntax }: FlowNode): boolean => kind === 'branch' && syntax.getText().includes(endMark);

/** A comment that asks for the code to be written: nobody runs it yet. */
function isUnfinished(site: ts.Node): boolean {
  return /\/[/*]\s*(?:TO|FIX)(?:DO|ME)\b:?\s*(?:implement|write this)\b/i.test(enclosingRoot(site).getText());
}

/** Who hands the path of a directory on removes it on no way; and who asks the environment keeps it to look at it. */
function isLeftOnPurpose({ exploration }: SolvedObligation, grade: Graded['grade'], { path }: Graded['leak']): boolean {
  if (grade !== 'never' && exploration.discharges.size === 0) return true;
  return path.some(({ node }) => node.kind === 'branch' && /\bprocess\.env\b/.test(node.syntax.getText()));
}

/** `if (!keepConnected) connection.close()`: a parameter by which the caller asks for it to stay open. */
function asksToKeep(condition: ts.Node, discharges: ReadonlySet<FlowNode>): boolean {
  let asked = condition;
  while (ts.isPrefixUnaryExpression(asked) || ts.isParenthesizedExpression(asked))
    asked = ts.isPrefixUnaryExpression(asked) ? asked.operand : asked.expression;
  if (!ts.isIdentifier(asked) || !/^(?:keep|leave|stay|dontClose|doNotClose|noClose)(?:$|[A-Z_])/.test(asked.text))
    return false;
  const statement = enclosingStatement(asked);
  if (![...discharges].some(({ syntax }) => contains(statement, syntax))) return false;
  const root = enclosingRoot(asked);
  const { text } = asked;
  return ts.isFunctionLike(root) && root.parameters.some((it) => it.name.getText() === text);
}

/** `startupSequences()`, which who loads it as a part calls once. */
function startsUp(site: ts.Node): boolean {
  const root = enclosingRoot(site);
  return (
    ts.isFunctionLike(root) &&
    /^(?:on_?)?(?:[sS]tart_?[uU]p|[bB]oot(?:strap)?)(?![a-z])|[a-z]Start[uU]p$/.test(functionName(root) ?? '')
  );
}

/** A connection of its own, by which the program makes its database ready: a failure ends the start. */
const prepares = (site: ts.Node): boolean => preparingWords.test(enclosingRoot(site).getText());

/** A lock, or something like it, that others may take away from its holder after a time. */
function mayEndByItself(solved: SolvedObligation): boolean {
  const { acquisition, acquirer, site } = solved.obligation;
  if (acquisition.duty !== 'pooled' || isConnection(solved)) return false;
  const text = `${acquirer?.getText() ?? ''} ${site.getText()}`;
  // Who gets a function to give it back by is mostly in the same process.
  return (acquisition.preferred.by !== 'call' && !inProcess.test(text)) || expiring.test(text);
}

/** What the process keeps in its own memory, and takes away from nobody. */
const inProcess = /mutex|semaphore|\bsem(?:a)?\b/i;

const expiring = /redis|redlock|distributed|file|ttl|lease|expir|timeout|\d{3,}/i;

/** Whether the code talks to the other end of a connection by it. */
function isConnection({ exploration: { uses } }: SolvedObligation): boolean {
  return ['query', 'execute', 'run', 'send', 'command', 'request', 'beginTransaction'].some((name) => uses.has(name));
}
