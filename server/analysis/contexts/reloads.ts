import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { calleeName, isFunctionLiteral, memberName, receiver, strip, unstrip, walk } from '../syntax/tree.ts';
import type { Registration } from './registrations.ts';
import { functionOf } from './removals.ts';

/** Work that a signal starts, which can fail, and whose failure only this process hears of. */
export interface SilentReload {
  readonly handler: ts.FunctionLikeDeclaration;
  /** What can fail. */
  readonly failing: ts.Node;
  /** Where the failure is logged; absent: nobody catches it. */
  readonly logged: ts.Node | undefined;
}

const signals = new Set(['SIGHUP', 'SIGUSR1', 'SIGUSR2']);
const reloading =
  /(?:re-?load|refresh|rotate|re-?read|re-?init|renew|load(?:Config|Cert|Key|Settings|Secrets)|set(?:Secure)?Context)/i;
const reading = /^(?:readFile|readFileSync|setSecureContext|import|createSecureContext)$/;

/** Whether a registration hears of a signal by which services are told to read again. */
export function isReloadSignal({ eventName }: Registration): boolean {
  return eventName !== undefined && signals.has(eventName);
}

/** The reload that a registration starts, when whoever sends the signal learns nothing of its failure. */
export function silentReload(file: FileAnalysis, registration: Registration): SilentReload | undefined {
  const { handler: given } = registration;
  if (!isReloadSignal(registration)) return undefined;
  const handler = functionOf(file.semantics, given);
  if (!handler?.body || handler.getSourceFile() !== file.unit.file) return undefined;
  const failing = failingIn(handler.body) ?? (isReload(strip(given)) ? failingAnywhere(handler.body) : undefined);
  if (!failing || answers(handler.body) || isOfferedElsewhere(file, given, failing)) return undefined;
  const caught = catcherOf(failing, handler);
  if (caught && !onlyLogs(caught)) return undefined;
  return { handler, failing, logged: caught };
}

function isReload(node: ts.Expression): boolean {
  return reloading.test(ts.isIdentifier(node) ? node.text : (memberName(node) ?? ''));
}

/** A call that reloads or reads again. */
function failingIn(body: ts.Node): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined;
  walk(body, (node) => {
    if (found || !ts.isCallExpression(node)) return;
    const name = calleeName(node)?.text ?? (node.expression.kind === ts.SyntaxKind.ImportKeyword ? 'import' : '');
    if (isLog(node)) return;
    if (reading.test(name) || reloading.test(name)) found = node;
  });
  return found;
}

function failingAnywhere(body: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined;
  walk(body, (node) => {
    if (!found && ts.isAwaitExpression(node)) found = node;
  });
  return found;
}

/** The `catch` clause or callback that hears of the failure. */
function catcherOf(failing: ts.Node, handler: ts.Node): ts.Node | undefined {
  for (let node = failing; node !== handler; node = node.parent) {
    const { parent } = node;
    if (ts.isTryStatement(parent) && parent.tryBlock === node && parent.catchClause) return parent.catchClause.block;
    if (!ts.isPropertyAccessExpression(parent) || parent.name.text !== 'catch') continue;
    const call = parent.parent;
    const [callback] = ts.isCallExpression(call) ? call.arguments : [];
    if (callback) return callback;
  }
  return undefined;
}

function onlyLogs(catcher: ts.Node): boolean {
  if (ts.isExpression(catcher)) {
    const inner = strip(catcher);
    if (!isFunctionLiteral(inner)) return isLogger(inner);
    return ts.isBlock(inner.body) ? onlyLogs(inner.body) : isLog(strip(inner.body));
  }
  return (
    ts.isBlock(catcher) &&
    catcher.statements.every(
      (it) => ts.isReturnStatement(it) || (ts.isExpressionStatement(it) && isLog(strip(it.expression))),
    )
  );
}

function isLog(node: ts.Node): boolean {
  return ts.isCallExpression(node) && isLogger(strip(node.expression));
}

function isLogger(node: ts.Expression): boolean {
  return /^(?:this\.)?(?:\w*(?:console|log|logger)\b.*|debug|warn|info|error|print)$/i.test(node.getText());
}

/** The outcome is told to somebody: another process, a file, a socket. */
function answers(body: ts.Node): boolean {
  let found = false;
  walk(body, (node) => {
    if (!ts.isCallExpression(node)) return;
    const name = calleeName(node)?.text ?? '';
    const base = receiver(node)?.getText() ?? '';
    found ||=
      /^(?:send|emit|notify|write|writeFile|writeFileSync|publish|exit|kill|end|reply|abort|captureException)$/.test(
        name,
      );
    found ||= /sentry|metrics?|status/i.test(base);
  });
  return found;
}

/** Whether a request handler starts the same reload: whoever wants an answer can ask there. */
function isOfferedElsewhere(file: FileAnalysis, given: ts.Expression, failing: ts.Node): boolean {
  const callee = ts.isCallExpression(failing) ? strip(failing.expression) : undefined;
  for (const node of [strip(given), callee]) {
    if (!node || !ts.isIdentifier(node)) continue;
    const references = file.unit.scopes.bindingOf(node)?.references ?? [];
    if (references.some((it) => file.contexts.repeatedInFile.of(it)?.times === 'request')) return true;
    if (references.some((it) => /^serveControl/.test(controlCall(it)))) return true;
  }
  return false;
}

/** The name of the call whose options hold the reference. */
function controlCall(reference: ts.Node): string {
  const call = ts.findAncestor(reference, ts.isCallExpression);
  return call ? (calleeName(call)?.text ?? '') : '';
}

/** What the control server is to run, as text; `extracted` are statements that become a function first. */
export interface Command {
  readonly expression: string;
  readonly extracted: ts.Block | undefined;
}

/** The part of a handler that fails when the reload fails. */
export function commandOf({ handler }: SilentReload): Command | undefined {
  const { body } = handler;
  if (!body || !isFunctionLiteral(handler)) return undefined;
  if (!ts.isBlock(body)) return ofExpression(strip(body));
  const [only, ...others] = body.statements;
  if (!only || others.length > 0) return undefined;
  if (ts.isExpressionStatement(only)) return ofExpression(strip(only.expression));
  if (!ts.isTryStatement(only) || only.finallyBlock) return undefined;
  const [first, ...more] = only.tryBlock.statements;
  const inner =
    first && more.length === 0 && ts.isExpressionStatement(first) ? ofExpression(strip(first.expression)) : undefined;
  if (inner) return inner;
  return /\breturn\b|\bthis\b/.test(only.tryBlock.getText())
    ? undefined
    : { expression: 'reload', extracted: only.tryBlock };
}

/** `reload()`, `void reload()`, `await reload()`, `reload().catch(log)`. */
function ofExpression(node: ts.Expression): Command | undefined {
  if (ts.isVoidExpression(node) || ts.isAwaitExpression(node)) return ofExpression(strip(node.expression));
  if (!ts.isCallExpression(node)) return undefined;
  const callee = strip(node.expression);
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'catch')
    return ofExpression(strip(callee.expression));
  if (node.arguments.length > 0 || !ts.isIdentifier(callee) || isLogger(callee)) return undefined;
  return { expression: callee.text, extracted: undefined };
}

/** The statement that registers. */
export function registeringStatement({ call }: Registration): ts.ExpressionStatement | undefined {
  const { parent } = unstrip(call);
  return ts.isExpressionStatement(parent) ? parent : undefined;
}
