import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, enclosingClass, enclosingRoot, isFunctionLiteral, memberName, strip, walk } from '../syntax/tree.ts';
import { type Registration, registrationsOf } from './registrations.ts';
import { functionOf, matches, type Removal, removalsOf, sameEmitter } from './removals.ts';
import { isMadeByCallers } from './soleWaits.ts';

/** What shows that a listener was meant to be removed: another one of the same emitter is. */
export interface Sibling {
  /** Where the other one is removed. */
  readonly removal: ts.Node;
  /** `cleanup`: by what this listener runs, too · `event`: it waits for the same event. */
  readonly kind: 'cleanup' | 'event';
}

/** Events that come at an emitter's end, so that what is left on it goes with it. */
const terminal =
  /^(?:close|closed|end|exit|finish|disconnect|disconnected|destroy|destroyed|terminated|died|unload|pagehide|(?:[\w-]+-)?(?:gone|crashed))$/;
/** Events that come at its beginning. */
const initial = /^(?:open|connect|connected|ready|listening|load|spawn|secureConnect|online)$/;

/** The sibling of a listener that is not removed, while the emitter belongs to somebody else. */
export function siblingOf(semantics: Semantics, registration: Registration): Sibling | undefined {
  const { eventName, emitter } = registration;
  if (eventName === undefined || terminal.test(eventName) || initial.test(eventName)) return undefined;
  if (!isForeign(semantics, emitter)) return undefined;
  return byCleanup(semantics, registration) ?? byEvent(semantics, registration);
}

/** The handler runs a function that removes other listeners of the emitter, or of a part of it. */
function byCleanup(semantics: Semantics, { handler, emitter, call }: Registration): Sibling | undefined {
  const literal = functionOf(semantics, handler);
  if (!literal?.body) return undefined;
  const cleanups = cleanupsIn(semantics, literal.body);
  const root = enclosingRoot(call);
  const removal = removalsOf(call.getSourceFile()).find(
    (it) =>
      it.handler !== undefined &&
      cleanups.some((fn) => contains(fn, it.call)) &&
      isPartOf(it.emitter, emitter) &&
      !waitsFor(semantics, it.call, literal) &&
      registrationsOf(call.getSourceFile()).some(
        (other) => enclosingRoot(other.call) === root && matches(semantics, other, it),
      ),
  );
  return removal && { removal: removal.token, kind: 'cleanup' };
}

/** `if (!a || !b) return; emitter.off(…)`, where only the handler sets `b`: it has run before anything is removed. */
function waitsFor(semantics: Semantics, removal: ts.Node, handler: ts.Node): boolean {
  const root = enclosingRoot(removal);
  const required: ts.Expression[] = [];
  for (let child: ts.Node = removal; child !== root && child.parent; child = child.parent) {
    const { parent } = child;
    if (ts.isIfStatement(parent) && parent.thenStatement === child) required.push(...conjuncts(parent.expression));
    if (!ts.isBlock(parent)) continue;
    for (const statement of parent.statements) {
      if (statement === child) break;
      if (ts.isIfStatement(statement) && isReturn(statement.thenStatement))
        required.push(...disjunctsNegated(statement.expression));
    }
  }
  return required.some((it) => {
    const binding = ts.isIdentifier(it) ? semantics.program.unitOf(it).scopes.bindingOf(it) : undefined;
    const declaration = binding?.declarations[0]?.parent;
    if (!binding || !declaration || !ts.isVariableDeclaration(declaration) || declaration.initializer) return false;
    const writes = binding.writes.filter((write) => write.parent !== declaration);
    return writes.length > 0 && writes.every((write) => contains(handler, write));
  });
}

function isReturn(statement: ts.Statement): boolean {
  const only = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return only !== undefined && ts.isReturnStatement(only);
}

/** The names that must be truthy for the condition to hold. */
function conjuncts(condition: ts.Expression): readonly ts.Expression[] {
  const node = strip(condition);
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
    ? [...conjuncts(node.left), ...conjuncts(node.right)]
    : [node];
}

/** The names that must be truthy for the condition not to hold. */
function disjunctsNegated(condition: ts.Expression): readonly ts.Expression[] {
  const node = strip(condition);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.BarBarToken)
    return [...disjunctsNegated(node.left), ...disjunctsNegated(node.right)];
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken
    ? [strip(node.operand)]
    : [];
}

/** The functions that a body calls, by a name or as what a field of `this` holds. */
function cleanupsIn(semantics: Semantics, body: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  walk(body, (node) => {
    if (!ts.isCallExpression(node)) return;
    const callee = strip(node.expression);
    const fn = semantics.targets.functionOf(callee);
    found.push(...(fn ? [fn] : []), ...heldBy(callee));
  });
  return found;
}

/** `this.unpipe = () => …` */
function heldBy(callee: ts.Expression): readonly ts.Node[] {
  const owner = enclosingClass(callee);
  if (!owner || !ts.isPropertyAccessExpression(callee) || callee.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return [];
  return fieldAssignments(owner, callee.name.text)
    .map(({ right }) => strip(right))
    .filter(isFunctionLiteral);
}

/** `connection.stream` of `connection`. */
function isPartOf(part: ts.Expression, whole: ts.Expression): boolean {
  for (let node = strip(part); ; node = strip(node.expression)) {
    if (node.getText() === whole.getText()) return true;
    if (!ts.isPropertyAccessExpression(node)) return false;
  }
}

/** Waits for an event that may not come, as another listener of the file does, and that one is removed. */
function byEvent(semantics: Semantics, registration: Registration): Sibling | undefined {
  const { call, emitter, eventName, once } = registration;
  if (!once || !enclosingClass(call) || eventName === 'error') return undefined;
  const file = call.getSourceFile();
  const isMate = (it: Registration): boolean =>
    it.call !== call && it.eventName === eventName && sameEmitter(it.emitter, emitter);
  const mates = registrationsOf(file).filter(isMate);
  const removes = (it: Removal): boolean =>
    it.handler !== undefined && mates.some((mate) => matches(semantics, mate, it) && !isWithin(semantics, mate, it));
  const removal = removalsOf(file).find(removes);
  return removal && { removal: removal.token, kind: 'event' };
}

function isWithin(semantics: Semantics, { handler }: Registration, removal: Removal): boolean {
  const literal = functionOf(semantics, handler);
  return literal !== undefined && contains(literal, removal.call);
}

/** A parameter, a field or something of the module: not made by the function that registers. */
function isForeign(semantics: Semantics, emitter: ts.Expression): boolean {
  let base = strip(emitter);
  while (ts.isPropertyAccessExpression(base)) base = strip(base.expression);
  if (base.kind === ts.SyntaxKind.ThisKeyword) return memberName(strip(emitter)) !== undefined;
  if (!ts.isIdentifier(base)) return false;
  const binding = semantics.program.unitOf(base).scopes.bindingOf(base);
  if (binding?.kind !== 'parameter') return binding?.kind === 'import';
  // Made for this one call, it has no next work.
  const declared = binding.declarations[0]?.parent;
  return !declared || !ts.isParameter(declared) || !isMadeByCallers(semantics, declared);
}
