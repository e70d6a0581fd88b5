import ts from 'typescript';
import type { EdgeKind, FlowNode } from '../controlFlow/graph.ts';
import type { Failure } from '../semantics/failures.ts';
import type { Program } from '../syntax/program.ts';
import { calleeName, contains, isFunctionLiteral, isReturned, isRoot, receiver, strip } from '../syntax/tree.ts';
import type { Callees } from './effects.ts';
import { explore, type MisusePath, type Transitions } from './explore.ts';
import { isLock } from './locks.ts';
import { discharged, goesOn, infeasible, type Misuse, type Outcome, type Question } from './outcome.ts';
import { always } from './solve.ts';
import type { State } from './state.ts';
import { Transfer } from './transfer.ts';

/** Whether a call gives a promise for certain. */
export type PromiseTest = (call: ts.CallExpression) => boolean;

/** Methods that may be called on what was given back: they only register, or tell something. */
const harmless = /^(on|once|off|addListener|removeListener|removeAllListeners|listenerCount|emit|toString|unref)$/;

/** What goes wrong around the releases of one resource. */
export function misusesOf(
  program: Program,
  question: Question,
  callees: Callees,
  isPromise: PromiseTest,
): readonly MisusePath[] {
  const transfer = new Transfer(program, question, callees, always);
  const { gaveUp, misuses } = explore(
    question.graph,
    new Afterlife(program, transfer, question, isPromise),
    () => false,
  );
  return gaveUp ? [] : misuses;
}

/** Follows the resource on behind its release: there it must be left alone. */
class Afterlife implements Transitions {
  readonly #program: Program;
  readonly #transfer: Transfer;
  readonly #question: Question;
  readonly #isPromise: PromiseTest;
  readonly #isLock: boolean;

  constructor(program: Program, transfer: Transfer, question: Question, isPromise: PromiseTest) {
    this.#program = program;
    this.#transfer = transfer;
    this.#question = question;
    this.#isPromise = isPromise;
    this.#isLock = isLock(question.release);
  }

  get tellings(): ReadonlySet<FlowNode> {
    return this.#transfer.tellings;
  }

  get uses(): ReadonlySet<string> {
    return this.#transfer.uses;
  }

  failureAt(): Failure {
    return 'outside';
  }

  initial(state: State): State {
    return this.#transfer.initial(state);
  }

  follow(node: FlowNode, edge: EdgeKind, before: State): Outcome {
    if (before.phase === 'released') return this.#after(node, edge, before);
    const state = this.#returning(node, before);
    const outcome = this.#transfer.follow(node, edge, state);
    if (outcome.kind !== 'discharged') return outcome;
    const release = this.#releaseAt(node, state);
    if (!release || this.#isOneOfMany(release, state)) return outcome;
    if (state.unsettled && node.finallyFor === 'return')
      return misused({ kind: 'unsettled', call: state.unsettled, release });
    return goesOn({ ...state, phase: 'released', released: release, unsettled: undefined, temps: new Map() });
  }

  /** Remembers the promise that a `return` gives away while the resource is held. */
  #returning(node: FlowNode, state: State): State {
    if (state.phase !== 'held') return state;
    if (node.kind === 'leave' || node.kind === 'throw') return { ...state, unsettled: undefined };
    if (node.kind !== 'return') return state;
    const { syntax } = node;
    const value = ts.isReturnStatement(syntax) ? syntax.expression : (syntax as ts.Expression);
    return { ...state, unsettled: value && this.#unsettled(value, state) };
  }

  /** The call in a returned expression that needs the resource until its promise settles. */
  #unsettled(node: ts.Expression, state: State): ts.CallExpression | undefined {
    const value = strip(node);
    if (ts.isConditionalExpression(value))
      return this.#unsettled(value.whenTrue, state) ?? this.#unsettled(value.whenFalse, state);
    if (!ts.isCallExpression(value)) return undefined;
    const owner = receiver(value);
    const name = calleeName(value)?.text ?? '';
    if (owner && /^(then|catch|finally)$/.test(name)) return this.#unsettled(owner, state);
    const [list] = value.arguments;
    if (list && /^Promise\.(all|allSettled|race|any)$/.test(value.expression.getText())) {
      const all = strip(list);
      const elements = ts.isArrayLiteralExpression(all) ? all.elements : [];
      return elements.map((element) => this.#unsettled(element, state)).find((call) => call !== undefined);
    }
    const role = this.#transfer.role(value, state);
    if (role === 'releases') return undefined;
    const needs = this.#isLock || role === 'uses' || value.arguments.some((a) => this.#transfer.isResource(a, state));
    return needs && this.#isPromise(value) ? value : undefined;
  }

  /** The release at a node, where it is one beyond doubt. */
  #releaseAt({ kind, syntax }: FlowNode, state: State): ts.Node | undefined {
    if (kind === 'dispose') return syntax;
    const isRelease =
      kind === 'evaluate' && ts.isCallExpression(syntax) && this.#transfer.role(syntax, state) === 'releases';
    return isRelease ? syntax : undefined;
  }

  /** What a loop releases is another one in each round. */
  #isOneOfMany(release: ts.Node, { places }: State): boolean {
    if ([...places.values()].some(({ path }) => path.length > 0 && path.every((part) => /^(\*|\d+)$/.test(part))))
      return true;
    const owner = ts.isCallExpression(release) ? receiver(release) : undefined;
    const name = owner && strip(owner);
    if (!name || !ts.isIdentifier(name)) return false;
    const declared = this.#program.unitOf(name).scopes.bindingOf(name)?.declarations[0]?.parent;
    if (!declared) return false;
    if (ts.isParameter(declared)) {
      const fn = declared.parent;
      return isFunctionLiteral(fn) && this.#question.graph.inlined.get(fn) === 'each';
    }
    return ts.isVariableDeclaration(declared) && ts.isForOfStatement(declared.parent.parent);
  }

  #after(node: FlowNode, edge: EdgeKind, state: State): Outcome {
    const { origin } = this.#question;
    const { syntax, kind } = node;
    // Acquired anew.
    if (origin.via !== 'parameters' && (syntax === origin.site || node.call === origin.site)) return discharged;
    // Nobody counts on the second acquisition to fail as well; and a promise that is returned fails elsewhere.
    if (edge === 'throw' && (this.#acquires(syntax) || (ts.isCallExpression(syntax) && isReturned(syntax))))
      return infeasible;
    if (kind === 'evaluate' && ts.isCallExpression(syntax)) {
      const role = this.#transfer.role(syntax, state);
      if (role) {
        if (edge === 'throw') return infeasible;
        return this.#touched(syntax, role, state) ?? goesOn(state);
      }
    }
    const outcome = this.#transfer.follow(node, edge, state);
    return outcome.kind === 'handed over' ? discharged : outcome;
  }

  /** Whether a call, waited for or not, acquires another one of the kind. */
  #acquires(node: ts.Node): boolean {
    const { origin } = this.#question;
    const call = ts.isAwaitExpression(node) ? strip(node.expression) : node;
    return (
      origin.via === 'value' && ts.isCallExpression(call) && calleeName(call)?.text === calleeName(origin.site)?.text
    );
  }

  #touched(call: ts.CallExpression, role: 'releases' | 'uses', state: State): Outcome | undefined {
    const { released } = state;
    // What stands in another function may run at another time.
    if (!released || !contains(runningIn(released), call)) return discharged;
    if (role === 'uses') {
      if (harmless.test(calleeName(call)?.text ?? '')) return undefined;
      return misused({ kind: 'used', call, release: released });
    }
    return isDefended(call) ? discharged : misused({ kind: 'again', call, release: released });
  }
}

const misused = (misuse: Misuse): Outcome => ({ kind: 'misused', misuse });

/** The function that a node stands in, inlined or not. */
function runningIn(node: ts.Node): ts.Node {
  let current = node.parent;
  while (!isRoot(current) && !isFunctionLiteral(current)) current = current.parent;
  return current;
}

/** `try { client.release() } catch {}`: whoever writes that knows. */
function isDefended(call: ts.Node): boolean {
  for (let node: ts.Node = call; node.parent && !isRoot(node.parent); node = node.parent) {
    const { parent } = node;
    if (ts.isTryStatement(parent) && parent.tryBlock === node)
      return parent.catchClause !== undefined && parent.tryBlock.statements.length <= 2;
  }
  return false;
}
