import ts from 'typescript';
import type { FlowNode } from '../controlFlow/graph.ts';
import { type Binding, initialOf } from '../syntax/scopes.ts';
import { calleeName, contains, isRoot, strip } from '../syntax/tree.ts';
import { discharged, goesOn, handedOver, type Outcome } from './outcome.ts';
import { partOf } from './parts.ts';
import { canonical } from './predicates.ts';
import type { Scene } from './scene.ts';
import { type Carry, type State, withPlace } from './state.ts';
import { placeOf } from './values.ts';

/** What it means that the resource is put under a name. */
export class Storing {
  readonly #scene: Scene;
  /** Names of the methods that release. */
  readonly #releases: ReadonlySet<string>;

  constructor(scene: Scene, releases: ReadonlySet<string>) {
    this.#scene = scene;
    this.#releases = releases;
  }

  /** An assignment to a name, field or pattern. */
  assign(node: FlowNode, syntax: ts.BinaryExpression, state: State): Outcome {
    const target = strip(syntax.left);
    const { values } = this.#scene;
    const carry = this.isLocal(target) ? values.of(syntax.right, state) : values.kept(syntax.right, state);
    if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target))
      return this.#distribute(node, target, carry, state);
    return this.#keep(node, target, carry, state);
  }

  /** `({ client: this.client } = open())`: each name gets its part. */
  #distribute(
    node: FlowNode,
    pattern: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression,
    carry: Carry | undefined,
    before: State,
  ): Outcome {
    let outcome = goesOn(before);
    for (const { key, target } of partsOf(pattern)) {
      const part = carry && carry.role !== 'result' ? partOf(carry, key, this.#releases) : undefined;
      if (outcome.kind !== 'goes on') return outcome;
      const { state } = outcome;
      if (!ts.isObjectLiteralExpression(target) && !ts.isArrayLiteralExpression(target))
        outcome = this.#keep(node, target, part, state);
      else outcome = this.#distribute(node, target, part, state);
    }
    return outcome;
  }

  #keep(node: FlowNode, target: ts.Expression, carry: Carry | undefined, state: State): Outcome {
    const place = placeOf(this.#scene.program, target);
    if (!carry || (carry.role === 'result' && !this.isLocal(target))) {
      return goesOn(place === undefined ? state : withPlace(state, place, undefined));
    }
    if (carry.role === 'releaser' && !this.isLocal(target)) return discharged;
    const here = place === undefined ? state : withPlace(state, place, carry);
    if (this.isLocal(target)) return goesOn(here);
    // A field or outer variable that this very function releases is only a name; any other is an owner.
    const { question, releasedLater } = this.#scene;
    const isName =
      place !== undefined && releasedLater(node) && !this.#releasedElsewhere(target) && !isReused(node.syntax, target);
    if (isName && !question.release.mayBeKept) return goesOn(here);
    return handedOver(node, 'storage', `kept in \`${target.getText()}\``, { kept: { target, into: 'name' } });
  }

  /** Whether the name dies with the function: a variable declared in the graph, or a property of an object it made. */
  isLocal(target: ts.Expression): boolean {
    let base = strip(target);
    while (ts.isPropertyAccessExpression(base) || ts.isElementAccessExpression(base)) base = strip(base.expression);
    if (!ts.isIdentifier(base)) return false;
    const binding = this.#scene.program.unitOf(base).scopes.bindingOf(base);
    const { root } = this.#scene.question.graph;
    if (!binding || ts.isSourceFile(root) || !contains(root, binding.scope.node)) return false;
    return base === strip(target) || isMadeHere(binding);
  }

  /** Whether a collection dies with the function: one that the caller passed, or that was found somewhere, does not. */
  isOwn(collection: ts.Expression): boolean {
    const base = strip(collection);
    const binding = ts.isIdentifier(base) ? this.#scene.program.unitOf(base).scopes.bindingOf(base) : undefined;
    return binding?.kind !== 'parameter' && !(binding && isFound(binding)) && this.isLocal(collection);
  }

  /** Whether another function of the file mentions the field or variable in a releasing call. */
  #releasedElsewhere(target: ts.Expression): boolean {
    const text = target.getText();
    const { graph, release } = this.#scene.question;
    const isCallable = release.discharges.some(({ by }) => by === 'call');
    // `closeSync(this.fd)`, `pool.release(this.client)`
    const givers = new Set(
      release.discharges.flatMap((d) => (d.by === 'function' ? [d.export] : d.by === 'acquirer' ? [d.name] : [])),
    );
    const visit = (node: ts.Node): boolean => {
      if (node === graph.root) return false;
      if (isCallable && ts.isCallExpression(node) && strip(node.expression).getText() === text) return true;
      if (
        ts.isPropertyAccessExpression(node) &&
        this.#releases.has(node.name.text) &&
        strip(node.expression).getText() === text
      ) {
        return true;
      }
      if (ts.isCallExpression(node) && givers.has(calleeName(node)?.text ?? '')) {
        if (node.arguments.some((argument) => strip(argument).getText() === text)) return true;
      }
      return ts.forEachChild(node, visit) ?? false;
    };
    return visit(target.getSourceFile());
  }
}

/** `if (!writer) writer = await open()`: what a call of the function left behind, the next one takes up. */
function isReused(assignment: ts.Node, target: ts.Expression): boolean {
  const text = target.getText();
  for (let node = assignment; node.parent && !isRoot(node.parent); node = node.parent) {
    const { parent } = node;
    if (ts.isIfStatement(parent) && parent.thenStatement === node && asksForNone(parent.expression, text)) return true;
  }
  return (
    ts.isBinaryExpression(assignment) &&
    (assignment.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
      assignment.operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken)
  );
}

/** `!writer`, `writer == null`, `writer === null || writer === undefined`. */
function asksForNone(condition: ts.Expression, text: string): boolean {
  const either = strip(condition);
  if (ts.isBinaryExpression(either) && either.operatorToken.kind === ts.SyntaxKind.BarBarToken)
    return asksForNone(either.left, text) && asksForNone(either.right, text);
  const asked = canonical(condition);
  return asked !== undefined && (asked.key === text ? asked.negated : asked.key === `${text}==null` && !asked.negated);
}

/** The targets of a pattern that is assigned to, and which part of the value each of them gets. */
function partsOf(
  pattern: ts.ObjectLiteralExpression | ts.ArrayLiteralExpression,
): readonly { readonly key: string | undefined; readonly target: ts.Expression }[] {
  if (ts.isArrayLiteralExpression(pattern))
    return pattern.elements.map((element, index) => ({ key: String(index), target: withoutDefault(element) }));
  return pattern.properties.flatMap((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return { key: property.name.text, target: property.name };
    if (!ts.isPropertyAssignment(property)) return [];
    const { name } = property;
    const key = ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
    return { key, target: withoutDefault(property.initializer) };
  });
}

function withoutDefault(target: ts.Expression): ts.Expression {
  const given = strip(target);
  return ts.isBinaryExpression(given) ? strip(given.left) : given;
}

/** Whether the variable was given something that is there without it: `const sessions = server.sessions`. */
function isFound(binding: Binding): boolean {
  const value = initialOf(binding);
  return value !== undefined && (ts.isPropertyAccessExpression(value) || ts.isElementAccessExpression(value));
}

/** Whether the variable names an object that this function creates: what is put into it goes nowhere else yet. */
function isMadeHere(binding: Binding): boolean {
  const value = initialOf(binding);
  if (!value) return false;
  return ts.isObjectLiteralExpression(value) || ts.isArrayLiteralExpression(value) || ts.isNewExpression(value);
}
