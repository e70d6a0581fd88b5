import ts from 'typescript';
import type { EdgeKind, FlowNode } from '../controlFlow/graph.ts';
import type { Program } from '../syntax/program.ts';
import { calleeName, isRoot, receiver, strip } from '../syntax/tree.ts';
import type { Discharges } from './discharges.ts';
import { askedForEmptiness, askedForEnd, readFrom } from './exhaustion.ts';
import { equalityOf, isNullish } from './predicates.ts';
import type { State } from './state.ts';
import type { Values } from './values.ts';

/**
 * Recognises what ends an obligation without a call of its own: a loop that closes what it runs over, and the reading of
 * a property whose reader takes over (`response.body`).
 */
export class Reading {
  readonly #program: Program;
  readonly #discharges: Discharges;
  readonly #values: Values;
  readonly #reads = new WeakMap<ts.Node, readonly ts.Node[]>();
  readonly #isAsked: boolean;

  constructor(program: Program, discharges: Discharges, values: Values) {
    this.#program = program;
    this.#discharges = discharges;
    this.#values = values;
    this.#isAsked =
      discharges.byIteration ||
      discharges.properties.size > 0 ||
      discharges.exhausting.length > 0 ||
      discharges.empty.length > 0;
  }

  /** Whether the obligation ends when the node is left on that edge. */
  ends(node: FlowNode, edge: EdgeKind, state: State): boolean {
    if (!this.#isAsked || state.phase === 'before') return false;
    if (this.#isExhausted(node, edge, state) || this.#isEmpty(node, edge)) return true;
    const tested = node.kind === 'branch' ? this.#tested(node, state) : undefined;
    // Nothing is there: nothing is left to do.
    if (tested) return (edge === 'true') === tested.isMissing;
    return this.#readsIn(node).some((read) => this.takesOver(read, state));
  }

  /** Whether the branch has found that there is nothing to release. */
  #isEmpty({ kind, syntax }: FlowNode, edge: EdgeKind): boolean {
    const { empty } = this.#discharges;
    if (empty.length === 0 || kind !== 'branch' || !ts.isExpression(syntax)) return false;
    const outcome = askedForEmptiness(syntax, empty);
    return outcome !== undefined && (edge === 'true') === outcome;
  }

  /** Whether the branch has found that there is nothing left to read, or reading failed: both end what is read. */
  #isExhausted({ kind, syntax }: FlowNode, edge: EdgeKind, state: State): boolean {
    const { exhausting } = this.#discharges;
    if (exhausting.length === 0 || !ts.isExpression(syntax)) return false;
    let owner: ts.Expression | undefined;
    if (kind === 'branch') {
      const asked = askedForEnd(this.#program, syntax, exhausting);
      owner = asked && (edge === 'true') === asked.outcome ? receiver(asked.call) : undefined;
    } else if (edge === 'throw') owner = readFrom(syntax, exhausting);
    return owner !== undefined && this.#values.isResource(owner, state);
  }

  /** Whether a call reads from the resource what at last says that nothing is left: who goes on so ends it. */
  reads(call: ts.Node, state: State): boolean {
    const { exhausting } = this.#discharges;
    if (exhausting.length === 0 || !ts.isExpression(call)) return false;
    const owner = readFrom(call, exhausting);
    return owner !== undefined && this.#values.isResource(owner, state);
  }

  /** Whether a piece of syntax takes the resource over. */
  takesOver(read: ts.Node, state: State): boolean {
    const source = this.#source(read);
    return source !== undefined && this.#values.isResource(source, state);
  }

  /** The expression out of which a piece of syntax reads, where reading can end an obligation. */
  #source(node: ts.Node): ts.Expression | undefined {
    const { properties, byIteration } = this.#discharges;
    if (ts.isPropertyAccessExpression(node)) return properties.has(node.name.text) ? node.expression : undefined;
    if (ts.isVariableDeclaration(node) || ts.isParameter(node))
      return takesProperty(node.name, properties) ? node.initializer : undefined;
    if (!byIteration) return undefined;
    if (ts.isForOfStatement(node) || ts.isSpreadElement(node)) return node.expression;
    if (ts.isYieldExpression(node)) return node.asteriskToken ? node.expression : undefined;
    return ts.isCallExpression(node) && calleeName(node)?.text === 'from' ? node.arguments[0] : undefined;
  }

  #readsIn({ syntax, kind }: FlowNode): readonly ts.Node[] {
    if (ts.isForOfStatement(syntax)) return [syntax];
    if (kind === 'entry' || kind === 'enter' || kind === 'leave' || kind === 'join') return [];
    let reads = this.#reads.get(syntax);
    if (!reads) {
      const found: ts.Node[] = [];
      const visit = (node: ts.Node): void => {
        if (isRoot(node)) return;
        if (this.#source(node)) found.push(node);
        ts.forEachChild(node, visit);
      };
      if (!isCompound(syntax)) visit(syntax);
      reads = found;
      this.#reads.set(syntax, reads);
    }
    return reads;
  }

  /** A branch that only asks whether the property is there. */
  #tested({ syntax, test }: FlowNode, state: State): { readonly isMissing: boolean } | undefined {
    if (!ts.isExpression(syntax)) return undefined;
    const expression = strip(syntax);
    if (this.takesOver(expression, state)) return { isMissing: test !== 'truthy' };
    if (!ts.isBinaryExpression(expression)) return undefined;
    const equality = equalityOf(expression.operatorToken.kind);
    const asks = isNullish(strip(expression.right)) && this.takesOver(strip(expression.left), state);
    return asks && equality !== undefined ? { isMissing: equality } : undefined;
  }
}

/** Whether a pattern takes one of the properties out of its value. */
export function takesProperty(name: ts.BindingName, properties: ReadonlySet<string>): boolean {
  return (
    ts.isObjectBindingPattern(name) &&
    name.elements.some((element) => {
      const key = element.propertyName ?? element.name;
      return ts.isIdentifier(key) && properties.has(key.text);
    })
  );
}

/** Statements whose parts have nodes of their own. */
function isCompound(node: ts.Node): boolean {
  return ts.isIterationStatement(node, false) || ts.isSwitchStatement(node) || ts.isTryStatement(node) || isRoot(node);
}
