import ts from 'typescript';
import {
  calleeName,
  isAssignment,
  isFunctionLiteral,
  isRoot,
  receiver,
  some,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { type Owner, reachedFrom } from './owners.ts';

/** How methods are called that put an object to work. */
export const starting =
  /^(?:_|#)*(?:re)?(?:connect|start|open|login|listen|init|initiali[sz]e|join|subscribe|spawn|launch)(?:[A-Z]\w*)?$/;

/** What the ends of an object leave in it for others to see. */
interface Traces {
  /** Fields of the object, or variables of the function that it is made of. */
  readonly names: ReadonlySet<string>;
  /** A base class ends it, too, and may leave anything. */
  readonly isInherited: boolean;
}

const known = new WeakMap<Owner, Traces>();

/** The fields that the ends of an object write, take away, or end themselves. */
function tracesOf(owner: Owner): Traces {
  let traces = known.get(owner);
  if (!traces) {
    traces = findTraces(owner);
    known.set(owner, traces);
  }
  return traces;
}

function findTraces(owner: Owner): Traces {
  const names = new Set<string>();
  let isInherited = false;
  for (const end of owner.ends) {
    for (const code of reachedFrom(end.fn, owner, 2)) {
      walk(code, (node) => {
        if (node.kind === ts.SyntaxKind.SuperKeyword) isInherited = true;
        const name = changed(node);
        if (name !== undefined) names.add(name);
      });
    }
  }
  return { names, isInherited };
}

/** `this.closed = true`, `delete this.socket`, `this.pending.clear()`, `closed = true` */
function changed(node: ts.Node): string | undefined {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return placeName(strip(node.left));
  if (ts.isDeleteExpression(node)) return placeName(strip(node.expression));
  // Of what is no field, nobody knows whose it is.
  const object = ts.isCallExpression(node) ? receiver(node) : undefined;
  return object && ts.isPropertyAccessExpression(strip(object)) ? placeName(strip(object)) : undefined;
}

/** The field or the variable at the root of a place: `state` of `this.state.closed`. */
function placeName(place: ts.Expression): string | undefined {
  let current = place;
  while (ts.isPropertyAccessExpression(current) || ts.isElementAccessExpression(current)) {
    const inner = strip(current.expression);
    const isField = inner.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(inner) && isSelfName(inner.text));
    if (isField) return ts.isPropertyAccessExpression(current) ? current.name.text : undefined;
    current = inner;
  }
  return ts.isIdentifier(current) ? current.text : undefined;
}

/** The usual names of `this` where it is another one. */
export const isSelfName = (text: string): boolean => /^_?(?:self|that|me|_this)$/.test(text);

const anyState = /clos|destroy|stop|dispos|abort|disconnect|ended|shut|quit|cancel|terminat|exit|signal|readyState/i;

/**
 * Whether code, or a method that it calls, asks for something that an end of its object changes before it goes on. What
 * no end changes tells nobody that the object has ended, whatever it is called.
 */
export function asksWhatEnds(fn: ts.Node, owner: Owner): boolean {
  const { names, isInherited } = tracesOf(owner);
  const ends = new Set<ts.Node>(owner.ends.map((end) => end.fn));
  return reachedFrom(fn, owner, 1).some((code) => {
    if (ends.has(code)) return false;
    return conditionsIn(code, code === fn).some(
      (condition) =>
        (isInherited && anyState.test(condition.getText())) ||
        some(condition, (node) => {
          if (ts.isPropertyAccessExpression(node) || ts.isIdentifier(node)) {
            const name = placeName(node);
            if (name !== undefined && names.has(name)) return true;
          }
          // A state that others hold, or that a method tells.
          if (ts.isCallExpression(node)) return asksByCall(node, owner, names);
          return ts.isPropertyAccessExpression(node) && anyState.test(node.name.text);
        }),
    );
  });
}

function asksByCall(call: ts.CallExpression, owner: Owner, names: ReadonlySet<string>): boolean {
  const name = calleeName(call)?.text ?? '';
  const method = owner.methods.get(name);
  if (!method) return anyState.test(name) || /^is[A-Z]/.test(name);
  return some(method, (node) => {
    const place = ts.isPropertyAccessExpression(node) || ts.isIdentifier(node) ? placeName(node) : undefined;
    return place !== undefined && names.has(place);
  });
}

/** What decides how a function goes on; in one that is called, without the listeners that it adds for later. */
function conditionsIn(code: ts.Node, withListeners: boolean): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (!withListeners && node !== code && isRoot(node) && isListener(node)) return;
    if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isSwitchStatement(node)) found.push(node.expression);
    else if (ts.isConditionalExpression(node)) found.push(node.condition);
    else if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken) found.push(node.left);
    } else if (isOptional(node)) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(code);
  return found;
}

const isOptional = (node: ts.Node): node is ts.PropertyAccessExpression | ts.CallExpression =>
  (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) && node.questionDotToken !== undefined;

function isListener(fn: ts.Node): boolean {
  if (!isFunctionLiteral(fn)) return ts.isFunctionDeclaration(fn);
  const { parent } = unstrip(fn);
  if (ts.isBinaryExpression(parent)) return true;
  if (ts.isVariableDeclaration(parent)) return true;
  return (
    ts.isCallExpression(parent) &&
    /^(?:on|once|\w*Listener|subscribe|setTimeout|setInterval)$/.test(calleeName(parent)?.text ?? '')
  );
}
