import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { methodNames } from '../ownership/discharges.ts';
import type { Discharge } from '../resources/model.ts';
import { isAsync, memberName, receiver, strip, unstrip, walk } from '../syntax/tree.ts';
import { type Held, isStable } from './held.ts';

/** A place where the code gives the resource back. */
export interface ExistingRelease {
  readonly node: ts.Node;
  /** The statement that does nothing but release. */
  readonly statement: ts.ExpressionStatement | undefined;
  /** It does more than the usual release: an argument says that the resource is broken, or it is another method. */
  readonly special: boolean;
  /** It only looks like a release: `client.end()` on a pooled client. */
  readonly mistaken: boolean;
}

/** All releases of the resource in its function, in source order. */
export function releasesOf(held: Held): readonly ExistingRelease[] {
  const found = new Map<ts.Node, ExistingRelease>();
  for (const reference of held.binding.references) {
    const call = releasingCall(held, reference);
    if (call) found.set(call, describe(held, call));
    const forgotten = uncalledRelease(held, reference);
    if (forgotten)
      found.set(forgotten.expression, {
        node: forgotten.expression,
        statement: forgotten,
        special: false,
        mistaken: true,
      });
  }
  for (const { kind, syntax } of held.solved.exploration.discharges) {
    if (kind === 'branch' || exhausts(held, syntax)) continue;
    if (![...found.keys()].some((known) => overlaps(known, syntax))) found.set(syntax, describe(held, syntax));
  }
  return [...found.values()].sort((a, b) => a.node.pos - b.node.pos);
}

/** `await reader.read()`, after which, or after what it answers, nothing may be left to release. */
function exhausts({ obligation: { release } }: Held, syntax: ts.Node): boolean {
  const call = ts.isAwaitExpression(syntax) ? strip(syntax.expression) : syntax;
  const name = ts.isCallExpression(call) ? memberName(strip(call.expression)) : undefined;
  return release.discharges.some((d) => d.by === 'exhausted' && d.name === name);
}

/** `client.release;`: somebody forgot the parentheses. */
function uncalledRelease({ obligation, resource }: Held, reference: ts.Identifier): ts.ExpressionStatement | undefined {
  const access = reference.parent;
  if (reference.text !== resource || !ts.isPropertyAccessExpression(access)) return undefined;
  if (!ts.isExpressionStatement(access.parent) || !methodNames(obligation.release).has(access.name.text))
    return undefined;
  return access.parent;
}

const overlaps = (a: ts.Node, b: ts.Node): boolean => a.pos < b.end && b.pos < a.end;

/** The releasing call that a mention of the resource belongs to. */
function releasingCall(
  { obligation: { release }, resource }: Held,
  reference: ts.Identifier,
): ts.CallExpression | undefined {
  let denoting: ts.Expression = reference;
  while (denoting.getText() !== resource) {
    if (!ts.isPropertyAccessExpression(denoting.parent) || denoting.parent.expression !== denoting) return undefined;
    denoting = denoting.parent;
  }
  denoting = unstrip(denoting);
  const { parent } = denoting;
  if (ts.isCallExpression(parent)) {
    if (parent.expression === denoting) return release.discharges.some((d) => d.by === 'call') ? parent : undefined;
    const name = memberName(strip(parent.expression));
    const gives = release.discharges.some(
      (d) =>
        d.by === 'acquirer' && d.name === name && d.argument !== undefined && parent.arguments[d.argument] === denoting,
    );
    return gives ? parent : undefined;
  }
  const call = ts.isPropertyAccessExpression(parent) ? parent.parent : undefined;
  if (!call || !ts.isCallExpression(call) || call.expression !== parent) return undefined;
  const name = memberName(call.expression) ?? '';
  return methodNames(release).has(name) || release.wrong.some((w) => w.name === name) ? call : undefined;
}

function describe(held: Held, node: ts.Node): ExistingRelease {
  const call = ts.isCallExpression(node) ? node : undefined;
  const statement = call && statementOf(call, held);
  const name = call && memberName(strip(call.expression));
  const mistaken = held.obligation.release.wrong.some((w) => w.name === name);
  return { node, statement, special: !call || (!mistaken && isSpecial(held, call)), mistaken };
}

function isSpecial({ obligation: { acquisition } }: Held, call: ts.CallExpression): boolean {
  const { preferred } = acquisition;
  const name = memberName(strip(call.expression));
  if (preferred.by === 'method') {
    // Anything else is a helper of the project: as good as the release itself.
    const isMethod = name !== undefined && acquisition.discharges.some((d) => d.by === 'method' && d.name === name);
    return isMethod && receiver(call) !== undefined ? name !== preferred.name || call.arguments.length > 0 : false;
  }
  if (preferred.by === 'acquirer') {
    return acquisition.discharges.some((d) => d.by === 'acquirer' && d.name === name) && name !== preferred.name;
  }
  return call.arguments.length > 0 && preferred.by === 'call';
}

/** `x.release();`, also awaited, with a `.catch(…)` behind it, or as `x && x.release()`. */
function statementOf(call: ts.CallExpression, { resource }: Held): ts.ExpressionStatement | undefined {
  let node = unstrip(call);
  for (;;) {
    const { parent } = node;
    if (ts.isExpressionStatement(parent)) return parent;
    const chained =
      ts.isPropertyAccessExpression(parent) &&
      /^(?:then|catch|finally)$/.test(parent.name.text) &&
      ts.isCallExpression(parent.parent);
    if (chained) node = parent.parent as ts.CallExpression;
    else if (ts.isAwaitExpression(parent) || ts.isVoidExpression(parent)) node = parent;
    else if (
      ts.isBinaryExpression(parent) &&
      parent.right === node &&
      parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken &&
      strip(parent.left).getText() === resource
    )
      node = parent;
    else return undefined;
    node = unstrip(node);
  }
}

/** How the release is written. */
export interface ReleaseText {
  /** Where the resource is certainly there. */
  readonly certain: string;
  /** Where it may be missing. */
  readonly optional: string;
}

/** The release that a fix writes: as the function already does it, or else as the model prefers. */
export function releaseText(held: Held, existing: readonly ExistingRelease[]): ReleaseText | undefined {
  const plain = existing.flatMap(({ node, special, mistaken }) =>
    !special && !mistaken && ts.isCallExpression(node) ? [node] : [],
  );
  const texts = new Set(plain.map((call) => call.getText().replace('?.', '.')));
  if (texts.size > 1) return undefined;
  const [text = preferredText(held)] = texts;
  if (text === undefined) return undefined;
  const wait = awaits(held, plain) ? 'await ' : '';
  const { resource } = held;
  const method = text.startsWith(`${resource}.`);
  const optional = method
    ? `${wait}${resource}?.${text.slice(resource.length + 1)}`
    : `if (${resource}) ${wait}${text}`;
  return { certain: wait + text, optional };
}

function awaits(held: Held, existing: readonly ts.CallExpression[]): boolean {
  const { preferred } = held.obligation.acquisition;
  // The author's habit counts: whether a failing release is noticed must not change.
  if (existing.length > 0) return existing.some((call) => ts.isAwaitExpression(unstrip(call).parent));
  return 'promise' in preferred && preferred.promise === true && isAsyncRoot(held);
}

/** Whether `await` may be written where the resource is acquired. */
export function isAsyncRoot({ fn }: Held): boolean {
  return ts.isSourceFile(fn) || isAsync(fn);
}

function preferredText(held: Held): string | undefined {
  const { obligation, resource, callback } = held;
  const { acquisition, acquirer } = obligation;
  const { preferred } = acquisition;
  if (callback?.releaser) return `${callback.releaser.text}()`;
  if (preferred.by === 'method') return `${resource}.${preferred.name}()`;
  if (preferred.by === 'call') return `${resource}()`;
  if (preferred.by === 'function') return functionText(held, preferred);
  if (preferred.by !== 'acquirer' || !acquirer || !isStable(acquirer)) return undefined;
  const { argument, repeats = [], name } = preferred;
  if (argument === undefined || argument > repeats.length) return undefined;
  const given = repeats.map((index) => obligation.site.arguments?.[index]);
  if (!given.every((it) => it !== undefined && isSameLater(held, it))) return undefined;
  const others = given.map((it) => it?.getText() ?? '');
  return `${acquirer.getText()}.${name}(${others.toSpliced(argument, 0, resource).join(', ')})`;
}

/** Whether an argument of the acquisition means the same when the resource is given back. */
function isSameLater({ analysis: { unit } }: Held, argument: ts.Expression): boolean {
  if (ts.isIdentifier(argument)) return (unit.scopes.bindingOf(argument)?.writes.length ?? 1) === 0;
  return ts.isLiteralExpression(argument) || isStable(argument);
}

/** `fs.closeSync(fd)`, where the function is at hand: beside the one that acquires, or imported by its name. */
function functionText(
  { analysis, obligation: { site }, resource }: Held,
  { export: name, argument, promise, more }: Extract<Discharge, { by: 'function' }>,
): string | undefined {
  if (argument !== 0 || (!promise && !name.endsWith('Sync'))) return undefined;
  const callee = strip(site.expression);
  const isMember = ts.isPropertyAccessExpression(callee);
  if (isMember ? !isStable(callee.expression) : !isImported(analysis, name, site)) return undefined;
  const written = isMember ? `${callee.expression.getText()}.${name}` : name;
  return `${written}(${more === undefined ? resource : `${resource}, ${more}`})`;
}

function isImported({ unit }: FileAnalysis, name: string, at: ts.Node): boolean {
  const declaration = unit.scopes.lookup(name, at)?.declarations[0]?.parent;
  return declaration !== undefined && (ts.isImportSpecifier(declaration) || ts.isBindingElement(declaration));
}

/** Every mention of the names, in nested functions too. */
export function mentions(node: ts.Node, isName: (identifier: ts.Identifier) => boolean): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  walk(node, (inner) => {
    if (ts.isIdentifier(inner) && isName(inner)) found.push(inner);
  });
  return found;
}

/** Whether a release comes for sure behind the statement of the use: that nobody waited for the use was no concern there. */
export function isReleasedAfter(use: ts.Node, releases: readonly ExistingRelease[]): boolean {
  for (let node = use; node.parent; node = node.parent) {
    const { parent } = node;
    if (!ts.isBlock(parent) && !ts.isSourceFile(parent) && !ts.isCaseOrDefaultClause(parent)) continue;
    const statements: readonly ts.Statement[] = parent.statements;
    const later = statements.slice(statements.indexOf(node as ts.Statement) + 1);
    if (later.some((s) => releases.some((r) => r.statement === s))) return true;
  }
  return false;
}
