import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { ifKinds, walkKinds } from '../syntax/nodes.ts';
import { enclosingRoot, isAsync, isFunctionLiteral, strip, unstrip, walkFunction } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { originOf } from './origins.ts';
import { signalPlaces } from './signals.ts';

/** A controller whose signal goes out, but that nobody aborts. */
export function uselessController(made: ts.NewExpression, { unit }: FileAnalysis): ts.Node | undefined {
  const { parent } = unstrip(made);
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined;
  const binding = unit.scopes.bindingOf(parent.name);
  if (!binding || binding.writes.length > 0 || ts.isSourceFile(binding.scope.node)) return undefined;
  const [first] = binding.references;
  const onlySignals = binding.references.every(
    ({ parent: access }) => ts.isPropertyAccessExpression(access) && access.name.text === 'signal',
  );
  return onlySignals && !binding.references.some(({ parent: access }) => isStandIn(access)) ? first?.parent : undefined;
}

/** A signal that is to never fire: `given ?? never.signal`, or `{ ...options, signal: never.signal }` in place of the caller's. */
function isStandIn(access: ts.Node): boolean {
  const { parent } = unstrip(access as ts.Expression);
  if (ts.isConditionalExpression(parent)) return true;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken;
  const { parent: object } = parent;
  return (
    ts.isPropertyAssignment(parent) &&
    ts.isObjectLiteralExpression(object) &&
    object.properties.some(ts.isSpreadAssignment)
  );
}

/** `list.forEach(async …)` whose callback waits: nobody waits for the callback. */
export function asyncForEach(call: ts.CallExpression): ts.Node | undefined {
  const callee = strip(call.expression);
  const literal = call.arguments[0] && strip(call.arguments[0]);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'forEach') return undefined;
  if (!literal || !isFunctionLiteral(literal) || !isAsync(literal)) return undefined;
  let waits: ts.Node | undefined;
  walkFunction(literal.body, (node) => {
    if (ts.isAwaitExpression(node)) waits ??= node;
  });
  return waits;
}

/** Check, wait, set. */
export interface RacyStart {
  readonly test: ts.Node;
  readonly waits: ts.Node;
  readonly set: ts.Node;
  readonly field: string;
}

/** `if (this.running) return; await init(); this.running = true;`: two callers pass the check. */
export function racyStart(test: ts.IfStatement): RacyStart | undefined {
  const root = enclosingRoot(test);
  const { parent } = test;
  if (ts.isSourceFile(root) || !isAsync(root) || parent.parent !== root || !ts.isBlock(parent)) return undefined;
  const field = strip(test.expression);
  if (!ts.isPropertyAccessExpression(field) || field.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  if (!leaves(test.thenStatement)) return undefined;
  const text = field.getText();
  let waits: ts.Node | undefined;
  let set: ts.Node | undefined;
  const after = parent.statements.slice(parent.statements.indexOf(test) + 1);
  for (const statement of after) {
    walkFunction(statement, (node) => {
      if (!set && ts.isAwaitExpression(node)) waits ??= node;
      const isWrite = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      if (isWrite && node.left.getText() === text) set ??= node;
    });
    if (set) break;
  }
  if (!waits || !set || waits.pos > set.pos) {
    const own = set && ts.isBinaryExpression(set) && strip(set.right);
    // `this.client = await connect()`: the value is there only after the wait.
    if (!set || !own || !ts.isAwaitExpression(own)) return undefined;
    waits = own;
  }
  return starts(set) ? { test: test.expression, waits, set, field: text } : undefined;
}

/** A flag, or something that was opened: to compute a value twice does no harm. */
function starts(set: ts.Node): boolean {
  const value = ts.isBinaryExpression(set) ? strip(set.right) : set;
  const opens = /\b(?:new [A-Z]|\w*(?:connect|open|create|start|listen|spawn|launch|subscribe|acquire))/i;
  return value.kind === ts.SyntaxKind.TrueKeyword || opens.test(value.getText());
}

function leaves(statement: ts.Statement): boolean {
  const inner = ts.isBlock(statement) && statement.statements.length === 1 ? statement.statements[0] : statement;
  return inner !== undefined && ts.isReturnStatement(inner);
}

/** What a call of `Promise.all` waits for. */
function waitedFor(call: ts.CallExpression, unit: SourceUnit): ts.Expression | undefined {
  const origin = originOf(call.expression, unit);
  const isAll = origin?.name === 'Promise.all' && origin.module === undefined;
  return isAll && call.arguments[0] ? strip(call.arguments[0]) : undefined;
}

/** `Promise.all([…])` of calls that could be aborted when one of them fails, and are not. */
export function abandonedSiblings(call: ts.CallExpression, file: FileAnalysis): readonly ts.CallExpression[] {
  const list = waitedFor(call, file.unit);
  if (!list || !ts.isArrayLiteralExpression(list)) return [];
  const elements = list.elements.map((element) => strip(element)).filter(ts.isCallExpression);
  if (elements.length < 2 || elements.some((element) => /signal|abort/i.test(element.getText()))) return [];
  const places = signalPlaces(file, elements);
  const abortable = elements.filter((_, index) => places[index] !== undefined);
  return abortable.length > 1 ? abortable : [];
}

/** As many calls at once as a list has elements. */
export interface FanOut {
  readonly list: ts.Expression;
  readonly work: ts.CallExpression;
}

/** `Promise.all(ids.map((id) => load(id)))`: nothing limits how many there are, and none stops when another fails. */
export function fanOut(call: ts.CallExpression, file: FileAnalysis): FanOut | undefined {
  const mapped = waitedFor(call, file.unit);
  if (!mapped || !ts.isCallExpression(mapped)) return undefined;
  const method = strip(mapped.expression);
  const each = mapped.arguments[0] && strip(mapped.arguments[0]);
  if (!ts.isPropertyAccessExpression(method) || method.name.text !== 'map') return undefined;
  if (!each || !isFunctionLiteral(each) || isCounted(method.expression, file.unit)) return undefined;
  if (/signal|abort/i.test(each.getText())) return undefined;
  const calls: ts.CallExpression[] = [];
  // What a limiter is given runs when the limiter says so: inner functions are not followed.
  walkFunction(each.body, (node) => {
    if (ts.isCallExpression(node)) calls.push(node);
  });
  const places = signalPlaces(file, calls);
  const work = calls.find((_, index) => places[index] !== undefined);
  return work && { list: method.expression, work };
}

/** A literal, or a part of a list whose size somebody chose: `batch`, `ids.slice(0, 10)`. */
function isCounted(list: ts.Expression, unit: SourceUnit): boolean {
  const node = strip(list);
  if (/batch|chunk|slice|splice|page|top/i.test(node.getText())) return true;
  if (ts.isArrayLiteralExpression(node)) return !node.elements.some(ts.isSpreadElement);
  const declared = ts.isIdentifier(node) ? unit.scopes.bindingOf(node)?.declarations[0]?.parent : undefined;
  const value = declared && ts.isVariableDeclaration(declared) && declared.initializer && strip(declared.initializer);
  return value ? isCounted(value, unit) : false;
}

/** The `if` statements of a file. */
export function ifsIn(file: ts.SourceFile): readonly ts.IfStatement[] {
  const found: ts.IfStatement[] = [];
  walkKinds(file, ifKinds, (node) => {
    if (ts.isIfStatement(node)) found.push(node);
  });
  return found;
}
