import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { calleeName, enclosingClass, functionName, isFunctionLiteral } from '../syntax/tree.ts';
import { isTestFile } from './places.ts';
import type { RepeatedContexts } from './repeated.ts';

export type Component = ts.ClassLikeDeclaration | ts.FunctionLikeDeclaration;

/** What puts a tree into the page: `ReactDOM.render(<App />, element)`, `createRoot(element).render(<App />)`. */
const renders = /^(?:render|hydrate|hydrateRoot)$/;
/** Elements that mount and unmount what they contain. */
export const switching =
  /^(?:\w*Routes?|Switch|\w*Modal|\w*Dialog|\w*Drawer|\w*Popover|\w*Tooltip|Tab\w*|\w*Transition\w*)$/;

/** Tells components of which a page mounts one, when it starts: what they leave behind does not grow. */
export class RootComponents {
  readonly #semantics: Semantics;
  readonly #repeated: RepeatedContexts;
  readonly #known = new WeakMap<Component, boolean>();
  readonly #active = new Set<Component>();

  constructor(semantics: Semantics, repeated: RepeatedContexts) {
    this.#semantics = semantics;
    this.#repeated = repeated;
  }

  /** Whether the component around a node is the root of a tree, or has its only place in one, for good. */
  contains(node: ts.Node): boolean {
    const component = componentAround(node);
    if (component) return this.#isRoot(component);
    const hook = hookAround(node);
    return hook !== undefined && this.#isHookOfRoot(hook);
  }

  /** `useEvents()` with one caller, which is such a component or another hook of one. */
  #isHookOfRoot(hook: Component): boolean {
    if (this.#active.has(hook)) return false;
    const uses = this.#semantics.references.usesOf(hook);
    if (uses === 'unknown' || this.#isOffered(hook, uses.exposed) || uses.values.length > 0) return false;
    const calls = uses.calls.filter(({ unit }) => !isTestFile(this.#semantics.program.host, unit.path));
    const [only] = calls;
    if (calls.length !== 1 || !only?.certain) return false;
    this.#active.add(hook);
    const answer = this.contains(only.call);
    this.#active.delete(hook);
    return answer;
  }

  #isRoot(component: Component): boolean {
    const known = this.#known.get(component);
    if (known !== undefined || this.#active.has(component)) return known ?? false;
    this.#active.add(component);
    const answer = this.#hasOnePlace(component);
    this.#active.delete(component);
    this.#known.set(component, answer);
    return answer;
  }

  #hasOnePlace(component: Component): boolean {
    if (isNamedRoot(component)) return true;
    const uses = this.#semantics.references.usesOf(component);
    if (isAppRoot(component) || (uses !== 'unknown' && uses.values.some(({ token }) => isBootstrapped(token))))
      return true;
    if (uses === 'unknown' || this.#isOffered(component, uses.exposed) || uses.calls.length > 0) return false;
    const mentions = uses.values.filter(
      ({ token, unit }) =>
        !ts.isJsxClosingElement(token.parent) && !isTestFile(this.#semantics.program.host, unit.path),
    );
    const [only] = mentions;
    if (mentions.length !== 1 || !only?.certain) return false;
    const place = placeOf(only.token);
    return place !== undefined && this.#isForGood(place);
  }

  /** What a page is made of offers nothing to others, unless the package says what it offers. */
  #isOffered(node: ts.Node, exposed: boolean): boolean {
    return exposed && this.#semantics.program.host.entries(node.getSourceFile().fileName) !== undefined;
  }

  /** From the place outward to the call that renders, through components that have one place themselves. */
  #isForGood(place: ts.Node): boolean {
    for (let child = place; child.parent && !ts.isSourceFile(child.parent); child = child.parent) {
      const { parent } = child;
      if (ts.isCallExpression(parent) && renders.test(calleeName(parent)?.text ?? ''))
        return componentAround(parent) === undefined && this.#repeated.of(parent) === undefined;
      const condition = conditionOf(parent, child);
      // What a root is given comes, and stays.
      if (condition && (!/\bprops\b/.test(condition) || /\bstate\b/i.test(condition))) return false;
      if (ts.isJsxElement(parent) && switching.test(parent.openingElement.tagName.getText())) return false;
      if (ts.isJsxAttribute(parent) || ts.isIterationStatement(parent, false)) return false;
      if (ts.isFunctionLike(parent)) {
        const outer = componentAround(child);
        const isOwn = outer === parent || (ts.isMethodDeclaration(parent) && parent.name.getText() === 'render');
        return isOwn && outer !== undefined && this.#isRoot(outer);
      }
    }
    return false;
  }
}

/** `@Component({ selector: 'app-root' })`: what everybody calls the element that the page itself contains. */
function isAppRoot(component: Component): boolean {
  if (!ts.isClassLike(component) || !ts.canHaveDecorators(component)) return false;
  return (ts.getDecorators(component) ?? []).some(({ expression }) =>
    /^Component\([\s\S]*?\bselector:\s*['"`]app-root['"`]/.test(expression.getText()),
  );
}

/** `bootstrapApplication(AppComponent)`, `@NgModule({ bootstrap: [AppComponent] })` */
function isBootstrapped({ parent }: ts.Node): boolean {
  if (ts.isCallExpression(parent)) return calleeName(parent)?.text === 'bootstrapApplication';
  return (
    ts.isArrayLiteralExpression(parent) &&
    ts.isPropertyAssignment(parent.parent) &&
    parent.parent.name.getText() === 'bootstrap'
  );
}

/** `@Component({ selector: 'app-root' })`: the name that Angular gives the component that a page starts with. */
function isNamedRoot(component: Component): boolean {
  const decorators = ts.canHaveDecorators(component) ? (ts.getDecorators(component) ?? []) : [];
  return decorators.some((it) => /\bselector: ?['"]app-root['"]/.test(it.getText()));
}

/** The element that a mention makes: `<Graph />`, `createElement(Graph)`; one with a key is made anew with each key. */
export function placeOf(token: ts.Node): ts.Node | undefined {
  const { parent } = token;
  if (ts.isJsxOpeningElement(parent) || ts.isJsxSelfClosingElement(parent)) {
    const isKeyed = parent.attributes.properties.some((it) => it.name?.getText() === 'key');
    return isKeyed ? undefined : ts.isJsxOpeningElement(parent) ? parent.parent : parent;
  }
  const isMade = ts.isCallExpression(parent) && calleeName(parent)?.text === 'createElement';
  return isMade && parent.arguments[0] === token ? parent : undefined;
}

/** The text of the condition under which `child` is evaluated, if it is one of the ways of `parent`. */
export function conditionOf(parent: ts.Node, child: ts.Node): string | undefined {
  if (ts.isConditionalExpression(parent) && child !== parent.condition) return parent.condition.getText();
  if (ts.isIfStatement(parent) && child !== parent.expression) return parent.expression.getText();
  const isChoice =
    ts.isBinaryExpression(parent) &&
    child === parent.right &&
    /^(?:&&|\|\||\?\?)$/.test(parent.operatorToken.getText());
  return isChoice ? parent.left.getText() : undefined;
}

/** The hook that a node belongs to: the outermost function that is called like one. */
export function hookAround(node: ts.Node): Component | undefined {
  let found: Component | undefined;
  for (let current = node; current && !ts.isSourceFile(current); current = current.parent) {
    if (!ts.isFunctionDeclaration(current) && !isFunctionLiteral(current)) continue;
    if (/^use[A-Z]/.test(functionName(current) ?? '')) found = current;
  }
  return found;
}

/** The component that a node belongs to: a class, or the function with a capital around all others. */
export function componentAround(node: ts.Node): Component | undefined {
  const owner = enclosingClass(node);
  if (owner) return owner;
  let found: Component | undefined;
  for (let current = node; current && !ts.isSourceFile(current); current = current.parent) {
    if (ts.isFunctionDeclaration(current) || isFunctionLiteral(current)) {
      if (/^[A-Z]/.test(functionName(current) ?? '')) found = current;
    }
  }
  return found;
}
