import ts from 'typescript';
import { identityOf } from '../../contexts/emitterIdentity.ts';
import { wrapped } from '../../contexts/freshHandlers.ts';
import { boundFunction, type Registration, registrationsOf } from '../../contexts/registrations.ts';
import { isFresh, matches, type Removal, removalsOf, sameEmitter, sameReference } from '../../contexts/removals.ts';
import { spanOf } from '../../contexts/repeated.ts';
import { diesWithRun } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Message, Report } from '../../finding.ts';
import { enclosingRoot, qualifiedName, shortText, strip } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'listener-removal-mismatch';

export const listenerRemovalMismatch: Rule = {
  id,
  family: 'signals',
  preset: 'recommended',
  severity: 'error',
  summary: 'a listener that is removed by another reference than it was added by, and so stays',
  patterns: ['L05'],
  triggers: ['removeEventListener', 'removeListener', '.off'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const registrations = registrationsOf(file.unit.file);
    // Several events of one emitter that one function adds are one mistake.
    const mistakes = new Map<string, [Found, ...Found[]]>();
    for (const removal of removalsOf(file.unit.file)) {
      const found = mismatch(file, removal, registrations);
      if (!found) continue;
      const { call, emitter } = found.registration;
      const key = `${enclosingRoot(call).pos}\0${plain(emitter)}\0${found.message.what}`;
      const same = mistakes.get(key);
      if (same) same.push({ removal, found });
      else mistakes.set(key, [{ removal, found }]);
    }
    for (const [{ removal, found }, ...others] of mistakes.values()) report(reportOf(file, removal, found, others));
  },
};

interface Found {
  readonly removal: Removal;
  readonly found: Mismatch;
}

interface Mismatch {
  readonly registration: Registration;
  readonly message: Message;
  /** The listener itself is right, and found under another key only. */
  readonly phase?: true;
  /** Nobody has seen that the function is another one each time. */
  readonly unsure?: boolean;
}

/** Why a removal takes nothing away, with the registration that it is meant for. */
function mismatch(file: FileAnalysis, removal: Removal, all: readonly Registration[]): Mismatch | undefined {
  const { event, handler } = removal;
  if (!event || !handler) return undefined;
  const meant = all.filter(
    (it) => plain(it.event) === plain(event) && sameEmitter(it.emitter, removal.emitter) && it.call !== removal.call,
  );
  const [first] = meant;
  if (!first) return elsewhere(file, removal, all);
  if (isFresh(handler)) return { registration: counterpart(meant, handler) ?? first, message: fresh(handler) };
  const made = wrapped(file.semantics, handler);
  const twin = made && counterpart(meant, handler);
  if (made && twin) return { registration: twin, message: wrappedAnew(made.maker), unsure: !made.sure };
  const bound = meant.find((it) => {
    const inner = boundFunction(it.handler);
    return inner !== undefined && sameReference(file.semantics, inner, handler);
  });
  // Something else may have been added under the plain reference, too.
  const plainly = meant.some((it) => sameReference(file.semantics, it.handler, handler));
  if (bound && !plainly) return { registration: bound, message: unbound(handler) };
  return plainly ? otherPhase(file, removal, meant) : undefined;
}

/** The function was added to something else for certain, and is not removed from there. */
function elsewhere(
  { semantics, unit }: FileAnalysis,
  { event, handler, emitter, call }: Removal,
  all: readonly Registration[],
): Mismatch | undefined {
  const from = identityOf(semantics, emitter);
  if (!from || !event || !handler || !isOwnFunction(semantics, handler)) return undefined;
  const added = all.filter(
    (it) => plain(it.event) === plain(event) && sameReference(semantics, it.handler, handler) && it.call !== call,
  );
  const [first] = added;
  if (!first || added.some((it) => it.once)) return undefined;
  const places = added.map((it) => identityOf(semantics, it.emitter));
  if (places.some((it) => it === undefined || it === from)) return undefined;
  const others = removalsOf(unit.file).filter((it) => it.call !== call && matches(semantics, first, it));
  if (others.some((it) => identityOf(semantics, it.emitter) !== from)) return undefined;
  return { registration: first, message: misplaced(emitter, first.emitter) };
}

/** A function or field that this file declares: others may add what they give. */
function isOwnFunction(semantics: FileAnalysis['semantics'], handler: ts.Expression): boolean {
  const node = strip(handler);
  if (ts.isPropertyAccessExpression(node)) return node.expression.kind === ts.SyntaxKind.ThisKeyword;
  if (!ts.isIdentifier(node)) return false;
  const binding = semantics.program.unitOf(node).scopes.bindingOf(node);
  return binding !== undefined && binding.kind !== 'parameter' && binding.kind !== 'import';
}

/** The registration that binds the same function, or has the same text. */
function counterpart(meant: readonly Registration[], handler: ts.Expression): Registration | undefined {
  const text = plain(boundFunction(handler) ?? handler);
  return meant.find((it) => plain(boundFunction(it.handler) ?? it.handler) === text);
}

/** `capture` is part of a listener's identity. */
function otherPhase(file: FileAnalysis, removal: Removal, meant: readonly Registration[]): Mismatch | undefined {
  const { handler, token } = removal;
  if (token.text !== 'removeEventListener' || !handler) return undefined;
  const removed = captures(removal.options);
  const added = meant.filter((it) => it.api === 'target' && sameReference(file.semantics, it.handler, handler));
  const [first] = added;
  if (!first || removed === undefined) return undefined;
  if (isAddedAgain(file, removal, handler, added)) return undefined;
  const phases = added.map((it) => captures(it.options));
  if (phases.some((phase) => phase === undefined || phase === removed)) return undefined;
  return {
    registration: first,
    phase: true,
    message: {
      what: removed
        ? 'this listener stays: the removal looks in the capturing phase, and it is added for the other one'
        : 'this listener stays: it is added with `capture` and removed without',
      why: '`capture` is part of what a listener is found by',
      remedy: 'pass the same `capture` to both calls',
    },
  };
}

/** The module's own function, added once more right after: a target keeps one function in one phase only once. */
function isAddedAgain(
  file: FileAnalysis,
  { call }: Removal,
  handler: ts.Expression,
  added: readonly Registration[],
): boolean {
  const name = strip(handler);
  const binding = ts.isIdentifier(name) ? file.unit.scopes.bindingOf(name) : undefined;
  if (!binding || (binding.kind !== 'import' && !ts.isSourceFile(binding.scope.node))) return false;
  return added.every((it) => it.call.pos > call.pos && enclosingRoot(it.call) === enclosingRoot(call));
}

/** `true`, `{ capture: true }`; `undefined` when it cannot be read. */
function captures(options: ts.Expression | undefined): boolean | undefined {
  if (!options) return false;
  const inner = strip(options);
  if (inner.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (inner.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (!ts.isObjectLiteralExpression(inner)) return undefined;
  for (const property of inner.properties) {
    if (ts.isSpreadAssignment(property)) return undefined;
    if (property.name?.getText() !== 'capture') continue;
    if (!ts.isPropertyAssignment(property)) return undefined;
    const value = property.initializer.kind;
    return value === ts.SyntaxKind.TrueKeyword ? true : value === ts.SyntaxKind.FalseKeyword ? false : undefined;
  }
  return false;
}

function fresh(handler: ts.Expression): Message {
  if (boundFunction(handler) !== undefined)
    return madeAnew('`bind`', 'bind once, keep the result, and pass it to both calls');
  return {
    what: 'this listener stays: the function that is to be removed is made at the removal, and nobody has added it',
    why: 'listeners are found by identity, and a function that was just made is no listener yet',
    remedy: 'give the listener a name and pass it to both calls, or register with `{ signal }`',
  };
}

function wrappedAnew(maker: string): Message {
  return madeAnew(`\`${maker}\``, 'wrap once, keep the result, and pass it to both calls');
}

function madeAnew(maker: string, remedy: string): Message {
  return {
    what: `this listener stays: ${maker} makes another function each time, and the removal finds none`,
    why: 'listeners are found by identity, and a function that was just made is no listener yet',
    remedy,
  };
}

function misplaced(emitter: ts.Expression, other: ts.Expression): Message {
  const [from, to] = [shortText(emitter, 40), shortText(other, 40)];
  return {
    what: `this listener stays: it is added to \`${to}\`, and removed from \`${from}\``,
    why: `\`${to}\` keeps it, with all that it reaches, and goes on calling it`,
    remedy: `remove it from \`${to}\``,
  };
}

function unbound(handler: ts.Expression): Message {
  return {
    what: `this listener stays: it is a bound copy of \`${shortText(handler, 40)}\`, and the plain function is removed`,
    why: 'listeners are found by identity, and `bind` makes another function',
    remedy: 'bind once, keep the result, and pass it to both calls',
  };
}

function misplacedFrom(registration: Registration, removal: Removal): boolean {
  return !sameEmitter(registration.emitter, removal.emitter);
}

function plain(node: ts.Node): string {
  return node.getText().replace(/\s+|['"`]/g, '');
}

/** One is added for each time that a component is mounted: that takes long to be noticed. */
function isOfComponent({ contexts }: FileAnalysis, { call }: Registration): boolean {
  return contexts.repeatedInFile.of(call)?.times === 'component';
}

function reportOf(
  file: FileAnalysis,
  removal: Removal,
  { registration, message, phase, unsure }: Mismatch,
  others: readonly Found[],
): Report {
  const { path } = file.unit;
  return {
    rule: id,
    severity: diesWithRun(file) ? 'info' : phase || isOfComponent(file, registration) ? 'warning' : 'error',
    confidence: diesWithRun(file) ? 'possible' : unsure ? 'likely' : 'proven',
    message,
    path,
    span: spanOf(registration.token),
    resource: {
      library: registration.api === 'target' ? 'dom' : 'node',
      kind: 'listener',
      acquire: registration.token.text,
    },
    witness: [
      { path, span: spanOf(registration.token), label: 'added here' },
      {
        path,
        span: spanOf(removal.token),
        label: `not removed here: another ${phase ? 'phase' : misplacedFrom(registration, removal) ? 'emitter' : 'function'}`,
      },
      ...others.map((it) => ({ path, span: spanOf(it.removal.token), label: 'nor here, in the same way' })),
    ],
    fixes: misplacedFrom(registration, removal) ? [] : fixes(file, registration, removal, phase ?? false),
    enclosing: qualifiedName(registration.call),
    acquisition: `${shortText(registration.emitter, 80)}.${registration.token.text}(${plain(registration.event)})`,
  };
}
