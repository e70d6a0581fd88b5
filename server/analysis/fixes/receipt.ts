import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { SolvedObligation } from '../ownership/ownership.ts';
import type { Carry } from '../ownership/state.ts';
import { enclosingRoot, isFunctionLiteral, memberName, strip } from '../syntax/tree.ts';
import { type Held, isStable, type Receipt } from './held.ts';
import { styleOf } from './style.ts';

interface Climb {
  readonly node: ts.Expression;
  readonly guard: string | undefined;
  readonly path: readonly string[];
  /** The value is still a promise. */
  readonly promised: boolean;
}

interface Named {
  readonly target: ts.Identifier;
  readonly resource: string;
}

type Rest = Pick<Held, 'fn'> & Partial<Pick<Held, 'acquisition' | 'guard' | 'callback'>>;

/** Follows the acquired value to the name it gets. */
export function receiptOf(analysis: FileAnalysis, solved: SolvedObligation): Receipt | undefined {
  const { origin, site } = solved.obligation;
  const held = (named: Named | undefined, rest: Rest): Held | undefined => {
    const { file, scopes } = analysis.unit;
    const binding = named && scopes.bindingOf(named.target);
    if (!binding) return undefined;
    const style = styleOf(file);
    const { obligation, graph } = solved;
    const absent = { acquisition: undefined, guard: undefined, callback: undefined };
    return { analysis, file, style, solved, obligation, graph, binding, ...named, ...absent, ...rest };
  };
  if (origin.via !== 'value') {
    const last = site.arguments?.at(-1);
    const fn = origin.via === 'parameters' ? origin.function : last && strip(last);
    if (!fn || !ts.isFunctionLike(fn) || fn.getSourceFile() !== analysis.unit.file) return undefined;
    const { resource, error, releaser, carry } = origin.parameters;
    const parameter = (index: number | undefined): ts.Identifier | undefined => {
      const name = index === undefined ? undefined : fn.parameters[index]?.name;
      return name && ts.isIdentifier(name) ? name : undefined;
    };
    const name = fn.parameters[resource]?.name;
    const callback = { error: parameter(error)?.text, releaser: parameter(releaser) };
    return held(name && placeIn(name, carry.path), { fn: fn as Held['fn'] & ts.FunctionLikeDeclaration, callback });
  }
  const climb = climbFrom(site, origin.carry);
  if (!climb) return undefined;
  const { node, guard, path, promised } = climb;
  const { parent } = node;
  if (promised) {
    const handler = handlerOf(node);
    const name = handler?.parameters[0]?.name;
    if (!handler || !name || guard !== undefined) return undefined;
    return held(placeIn(name, path), { fn: handler, callback: { error: undefined, releaser: undefined } });
  }
  const fn = enclosingRoot(site);
  if (ts.isVariableDeclaration(parent) && ts.isVariableDeclarationList(parent.parent)) {
    const acquisition = parent.parent.parent;
    // What follows in the same statement could throw before any `try` begins.
    if (!ts.isVariableStatement(acquisition) || parent !== parent.parent.declarations.at(-1)) return undefined;
    return held(placeIn(parent.name, path), { fn, acquisition, guard });
  }
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    let outer: ts.Node = parent;
    while (ts.isParenthesizedExpression(outer.parent)) outer = outer.parent;
    if (!ts.isExpressionStatement(outer.parent)) return undefined;
    return held(placeIn(strip(parent.left), path), { fn, acquisition: outer.parent, guard });
  }
  if (guard !== undefined) return undefined;
  if (ts.isExpressionStatement(parent)) return { how: 'discarded', expression: node };
  const isUsed = ts.isPropertyAccessExpression(parent) && parent.expression === node;
  return isUsed ? { how: 'used', expression: node } : undefined;
}

function placeIn(target: ts.BindingName | ts.Expression, path: readonly string[]): Named | undefined {
  if (path.includes('*')) return undefined;
  if (ts.isIdentifier(target)) return { target, resource: [target.text, ...path].join('.') };
  if (!ts.isObjectBindingPattern(target)) return undefined;
  const [head, ...rest] = path;
  const element = target.elements.find((e) => (e.propertyName ?? e.name).getText() === head);
  if (head === undefined || !element || element.dotDotDotToken || !ts.isIdentifier(element.name)) return undefined;
  return { target: element.name, resource: [element.name.text, ...rest].join('.') };
}

function climbFrom(site: ts.Expression, carry: Carry): Climb | undefined {
  let node = site;
  let promised = carry.promised;
  let guard: string | undefined;
  let path = carry.path;
  for (;;) {
    const { parent } = node;
    if (ts.isAwaitExpression(parent)) {
      promised = false;
      node = parent;
    } else if (isWrapper(parent)) {
      node = parent;
    } else if (ts.isPropertyAccessExpression(parent) && parent.expression === node && memberName(parent) === path[0]) {
      path = path.slice(1);
      node = parent;
    } else if (ts.isBinaryExpression(parent) && parent.right === node && isFallback(parent.operatorToken.kind)) {
      if (guard !== undefined || !isStable(parent.left)) return undefined;
      guard = `!${parent.left.getText()}`;
      node = parent;
    } else if (ts.isConditionalExpression(parent) && parent.condition !== node) {
      if (guard !== undefined || !isStable(parent.condition)) return undefined;
      const condition = parent.condition.getText();
      guard = parent.whenTrue === node ? condition : negated(condition);
      node = parent;
    } else return { node, guard, path, promised };
  }
}

/** The handler in `acquire().then(handler)`. */
function handlerOf(node: ts.Expression): ts.ArrowFunction | ts.FunctionExpression | undefined {
  const access = node.parent;
  const isThen = ts.isPropertyAccessExpression(access) && access.expression === node && access.name.text === 'then';
  if (!isThen || !ts.isCallExpression(access.parent)) return undefined;
  const [first] = access.parent.arguments;
  const handler = first && strip(first);
  return handler && isFunctionLiteral(handler) ? handler : undefined;
}

const isWrapper = (node: ts.Node): node is ts.Expression =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isNonNullExpression(node) ||
  ts.isTypeAssertionExpression(node);

const negated = (condition: string): string => (condition.startsWith('!') ? condition.slice(1) : `!${condition}`);

const isFallback = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
