import ts from 'typescript';
import type { EdgeKind, FlowNode } from '../controlFlow/graph.ts';
import type { Told } from '../resources/told.ts';
import { initialOf } from '../syntax/scopes.ts';
import { calledMethod, calleeName, memberName, receiver, strip } from '../syntax/tree.ts';
import { goesOn, handedOver, infeasible, type Outcome } from './outcome.ts';
import type { Scene } from './scene.ts';
import { perhapsInside, type State } from './state.ts';
import type { Storing } from './storing.ts';

/** Functions that make another place of one, or the same in another form. */
const derives = /^(?:join|resolve|normalize|relative|posix|pathToFileURL|String|toString|replace|concat)$/;

const collecting = /^(?:push|unshift|add|set|enqueue)$/;

/** How far a name is followed to what it stands for. */
const maxSteps = 4;

/** Finds where a function tells others of the place of a resource: to release it then takes away what they were told of. */
export class Telling {
  /** Nodes that do so. */
  readonly nodes = new Set<FlowNode>();
  readonly #scene: Scene;
  readonly #storing: Storing;
  readonly #told: Told | undefined;

  constructor(scene: Scene, storing: Storing) {
    this.#scene = scene;
    this.#storing = storing;
    this.#told = scene.question.release.told;
  }

  /** What it means that a node tells others of the resource: they end it, unless they can end only a part. */
  outcome(node: FlowNode, edge: EdgeKind, state: State): Outcome | undefined {
    if (!this.#told || state.phase !== 'held') return undefined;
    // To say where it is cannot fail.
    if (edge === 'throw')
      return ts.isCallExpression(node.syntax) && this.#isPlace(node.syntax, state) ? infeasible : undefined;
    if (!this.#isTold(node, state)) return undefined;
    this.nodes.add(node);
    if (this.#told.keeps) return undefined;
    // The `finally` blocks on the way out may still release it.
    if (node.kind === 'return') return goesOn({ ...state, returned: perhapsInside });
    return this.#scene.releasedLater(node) ? undefined : handedOver(node, 'storage', 'known to others by its place');
  }

  /** Whether a node tells somebody outside of the function where the resource is. */
  #isTold({ kind, syntax, inlined }: FlowNode, state: State): boolean {
    if (kind === 'return' && !inlined) {
      const value = ts.isReturnStatement(syntax) ? syntax.expression : (syntax as ts.Expression);
      return value !== undefined && this.#tells(value, state, maxSteps);
    }
    if (kind !== 'evaluate') return false;
    if (ts.isBinaryExpression(syntax)) {
      const isKept = syntax.operatorToken.kind === ts.SyntaxKind.EqualsToken && !this.#storing.isLocal(syntax.left);
      return isKept && this.#tells(syntax.right, state, maxSteps);
    }
    return ts.isCallExpression(syntax) && this.#handsOut(syntax) && this.#anyTells(syntax.arguments, state, maxSteps);
  }

  /** `callback(null, path)`, `resolve(path)`, `this.files.push(path)`. */
  #handsOut(call: ts.CallExpression): boolean {
    const owner = receiver(call);
    if (owner && collecting.test(calledMethod(call) ?? '')) return !this.#storing.isOwn(owner);
    const callee = strip(call.expression);
    if (!ts.isIdentifier(callee)) return false;
    return this.#scene.program.unitOf(callee).scopes.bindingOf(callee)?.kind === 'parameter';
  }

  #anyTells(nodes: readonly ts.Expression[], state: State, steps: number): boolean {
    return nodes.some((node) => this.#tells(ts.isSpreadElement(node) ? node.expression : node, state, steps));
  }

  #tells(node: ts.Expression, state: State, steps: number): boolean {
    const value = strip(node);
    if (this.#isPlace(value, state)) return true;
    const any = (...parts: ts.Expression[]): boolean => this.#anyTells(parts, state, steps);
    if (ts.isIdentifier(value)) return steps > 0 && this.#named(value, state, steps - 1);
    if (ts.isTemplateExpression(value)) return any(...value.templateSpans.map(({ expression }) => expression));
    if (ts.isBinaryExpression(value)) return any(value.left, value.right);
    if (ts.isConditionalExpression(value)) return any(value.whenTrue, value.whenFalse);
    if (ts.isArrayLiteralExpression(value)) return any(...value.elements);
    if (ts.isObjectLiteralExpression(value)) {
      return value.properties.some((property) => {
        if (ts.isShorthandPropertyAssignment(property)) return any(property.name);
        return ts.isPropertyAssignment(property) && any(property.initializer);
      });
    }
    if (ts.isNewExpression(value)) return any(...(value.arguments ?? []));
    if (!ts.isCallExpression(value) || !derives.test(calleeName(value)?.text ?? '')) return false;
    const owner = receiver(value);
    return any(...value.arguments, ...(owner ? [owner] : []));
  }

  /** `directory`, `made.path`, `browser.wsEndpoint()`. */
  #isPlace(value: ts.Expression, state: State): boolean {
    const { values } = this.#scene;
    const { by = [], itself } = this.#told ?? {};
    if (itself && ts.isIdentifier(value) && values.isResource(value, state)) return true;
    const access = ts.isCallExpression(value) ? strip(value.expression) : value;
    if (!ts.isPropertyAccessExpression(access) || !by.includes(memberName(access) ?? '')) return false;
    return values.isResource(access.expression, state);
  }

  /** `const file = join(directory, 'list')`, `const { path } = made`. */
  #named(name: ts.Identifier, state: State, steps: number): boolean {
    const binding = this.#scene.program.unitOf(name).scopes.bindingOf(name);
    const declaration = binding?.declarations[0]?.parent;
    if (!declaration) return false;
    if (!ts.isBindingElement(declaration)) {
      const initial = initialOf(binding);
      return initial !== undefined && this.#tells(initial, state, steps);
    }
    const { parent: pattern, propertyName } = declaration;
    const source = ts.isVariableDeclaration(pattern.parent) ? pattern.parent.initializer : undefined;
    if (!source || !this.#told?.by.includes((propertyName ?? declaration.name).getText())) return false;
    const { origin } = this.#scene.question;
    const value = strip(source);
    const made = ts.isAwaitExpression(value) ? strip(value.expression) : value;
    return this.#scene.values.isResource(source, state) || (origin.via === 'value' && made === origin.site);
  }
}
