import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { Binding } from '../syntax/scopes.ts';
import {
  contains,
  enclosingClass,
  enclosingRoot,
  isNothing,
  isRoot,
  memberName,
  receiver,
  strip,
} from '../syntax/tree.ts';
import { withOwnCalls } from './ownCalls.ts';
import type { Hop, Repetition } from './repeated.ts';

/** Why a value outlives the run of some code. */
export interface Lifetime {
  readonly holder: 'process' | 'global' | 'module' | 'outer' | 'field';
  /** The value's own name where it is kept, for steps; absent for globals. */
  readonly declared: ts.Node | undefined;
  /** Ends a sentence that starts with the value's name. */
  readonly why: string;
}

/** What repeats, and the calls by which it leads to the code that asks. */
interface Scene {
  readonly region: ts.Node;
  readonly hops: readonly Hop[];
  readonly entered: readonly ts.Node[];
  /** The function that asks. */
  readonly root: ts.Node;
  /** The object whose method repeats is another one each time. */
  readonly renewed: boolean;
}

const globals = new Set(['window', 'document', 'globalThis', 'self', 'global', 'navigator', 'visualViewport']);

/** Properties of an object of the page that hold another object after each event. */
const changing = new Set(['contentWindow', 'contentDocument', 'installing', 'waiting', 'active']);

/** Tells what outlives what. */
export class Lifetimes {
  readonly #semantics: Semantics;

  constructor(semantics: Semantics) {
    this.#semantics = semantics;
  }

  /** Why the value of an expression outlives each single run of a repeated region; `undefined` when it may not. */
  outlives(value: ts.Expression, { region, hops, entered, times }: Repetition): Lifetime | undefined {
    const scene: Scene = { region, hops, entered, root: enclosingRoot(value), renewed: times === 'component' };
    return this.#resolve(value, scene, 0);
  }

  /** What lives as long as the program: `process`, the page, their parts. */
  ofProgram(value: ts.Expression): Lifetime | undefined {
    const node = strip(value);
    if (ts.isIdentifier(node)) {
      const binding = this.#bindingOf(node);
      if (node.text === 'process' && (!binding || isNodeProcess(binding)))
        return { holder: 'process', declared: undefined, why: 'lives as long as the program' };
      if (!binding && globals.has(node.text))
        return { holder: 'global', declared: undefined, why: 'lives as long as the program' };
      return undefined;
    }
    if (!ts.isPropertyAccessExpression(node)) return undefined;
    const base = this.ofProgram(node.expression);
    if (!base) return undefined;
    return node.name.text === 'process' ? { ...base, holder: 'process' } : { ...base, holder: 'global' };
  }

  /** Whether a value can outlive the call of the function that uses it: a look that costs nothing. */
  mayOutliveCalls(value: ts.Expression): boolean {
    let base = strip(value);
    while (ts.isPropertyAccessExpression(base)) base = strip(base.expression);
    if (base.kind === ts.SyntaxKind.ThisKeyword) return true;
    if (!ts.isIdentifier(base)) return false;
    const binding = this.#bindingOf(base);
    return !binding || binding.kind === 'import' || binding.kind === 'parameter' || ts.isSourceFile(binding.scope.node);
  }

  #bindingOf(node: ts.Identifier): Binding | undefined {
    return this.#semantics.program.unitOf(node).scopes.bindingOf(node);
  }

  #resolve(value: ts.Expression, scene: Scene, depth: number): Lifetime | undefined {
    if (depth > 12) return undefined;
    const node = strip(value);
    const program = this.ofProgram(node);
    if (program) return program;
    if (ts.isIdentifier(node)) return this.#named(node, scene, depth);
    if (node.kind === ts.SyntaxKind.ThisKeyword) return this.#self(node, scene, depth);
    if (ts.isPropertyAccessExpression(node)) return this.#member(node, scene, depth);
    if (ts.isAwaitExpression(node)) return this.#resolve(node.expression, scene, depth + 1);
    // The page keeps what it asked a media query with as long as that has listeners.
    if (ts.isCallExpression(node) && /^(?:window\.|globalThis\.)?matchMedia$/.test(node.expression.getText()))
      return { holder: 'global', declared: undefined, why: 'is kept by the page as long as it has listeners' };
    return undefined;
  }

  #named(node: ts.Identifier, scene: Scene, depth: number): Lifetime | undefined {
    const binding = this.#bindingOf(node);
    const [declared] = binding?.declarations ?? [];
    if (!binding || !declared) return undefined;
    if (binding.kind === 'import') return { holder: 'module', declared, why: 'is imported: there is one for all' };
    if (ts.isSourceFile(binding.scope.node)) {
      const fresh = binding.writes.some((write) => !ts.isSourceFile(enclosingRoot(write)) && !clears(write));
      return fresh ? undefined : { holder: 'module', declared, why: 'is kept by the module' };
    }
    const inner = contains(scene.region, declared);
    const around = contains(binding.scope.node, scene.region);
    if (!inner && around && !scene.entered.some((it) => contains(it, declared))) {
      if (binding.writes.some((write) => isWithin(scene, write) && !clears(write))) return undefined;
      const where = isLoop(scene.region) ? 'the loop' : 'this function';
      return { holder: 'outer', declared, why: `is made outside of ${where}` };
    }
    if (binding.writes.length > 0) return undefined;
    return this.#through(declared, scene, depth);
  }

  /** A local name: what its initialiser or argument tells. */
  #through(declared: ts.Identifier, scene: Scene, depth: number): Lifetime | undefined {
    const { parent } = declared;
    if (ts.isVariableDeclaration(parent))
      return parent.initializer && this.#resolve(parent.initializer, scene, depth + 1);
    if (ts.isParameter(parent)) return this.#argument(parent, scene, depth);
    if (!ts.isBindingElement(parent) || !ts.isObjectBindingPattern(parent.parent)) return undefined;
    const holder = parent.parent.parent;
    if (ts.isVariableDeclaration(holder))
      return holder.initializer && this.#resolve(holder.initializer, scene, depth + 1);
    if (!ts.isParameter(holder)) return undefined;
    const given = argumentFor(holder, scene.hops);
    if (!given) return undefined;
    const object = strip(given.value);
    const name = (parent.propertyName ?? parent.name).getText();
    if (ts.isObjectLiteralExpression(object)) {
      for (const property of object.properties) {
        if (property.name?.getText() !== name) continue;
        if (ts.isPropertyAssignment(property))
          return this.#resolve(property.initializer, given.scene(scene), depth + 1);
        if (ts.isShorthandPropertyAssignment(property))
          return this.#resolve(property.name, given.scene(scene), depth + 1);
      }
      return undefined;
    }
    return this.#resolve(object, given.scene(scene), depth + 1);
  }

  #argument(parameter: ts.ParameterDeclaration, scene: Scene, depth: number): Lifetime | undefined {
    const given = argumentFor(parameter, scene.hops);
    return given && this.#resolve(given.value, given.scene(scene), depth + 1);
  }

  /** `this`: the same object for all runs, or a new one each time. */
  #self(node: ts.Node, scene: Scene, depth: number): Lifetime | undefined {
    const owner = enclosingClass(node);
    if (!owner) return undefined;
    const field: Lifetime = { holder: 'field', declared: undefined, why: 'is the same object every time' };
    if (scene.hops.length === 0 || !scene.hops.some(({ callee }) => isOf(callee, owner))) {
      if (scene.renewed && (scene.region === owner || scene.region.parent === owner)) return undefined;
      return contains(owner, scene.region) && owner !== scene.region ? field : undefined;
    }
    const index = scene.hops.findIndex(({ callee }) => isOf(callee, owner));
    const hop = scene.hops[index] as Hop;
    if (ts.isNewExpression(hop.call)) return undefined;
    const called = receiver(hop.call);
    const rest: Scene = { ...scene, hops: scene.hops.slice(index + 1), root: enclosingRoot(hop.call) };
    return called && this.#resolve(called, rest, depth + 1);
  }

  #member(node: ts.PropertyAccessExpression, scene: Scene, depth: number): Lifetime | undefined {
    const base = strip(node.expression);
    const name = node.name.text;
    if (base.kind === ts.SyntaxKind.ThisKeyword) {
      const owner = enclosingClass(node);
      if (!owner) return undefined;
      const assignments = fieldAssignments(owner, name);
      const constructed = scene.hops.find(({ callee }) => isConstruction(callee, owner));
      if (constructed) return this.#fieldFromConstructor(owner, name, constructed, scene, depth);
      if (assignments.some((it) => this.#isFresh(it, scene))) return undefined;
      const self = this.#self(base, scene, depth);
      return self && { ...self, declared: node.name, why: 'belongs to an object that lives on' };
    }
    // A frame gets other contents with each page that it loads, a service worker's registration with each version.
    if (changing.has(name)) return undefined;
    const whole = this.#resolve(base, scene, depth + 1);
    if (!whole) return undefined;
    const unit = this.#semantics.program.unitOf(node);
    return writesProperty(unit.file, node.getText()) ? undefined : whole;
  }

  /** Whether a field gets another value in the course of what repeats. */
  #isFresh({ right, left }: ts.BinaryExpression, { root, region, hops }: Scene): boolean {
    const value = strip(right);
    if (isNothing(value)) return false;
    const within = enclosingMethod(left);
    if (within && ts.isConstructorDeclaration(within)) return false;
    const owner = enclosingClass(left);
    const run = [region, enclosingMethod(root) ?? root, ...hops.map(({ callee }) => callee)];
    // What these call of the same object, too: `await this.reconnect()`.
    const parts = owner
      ? withOwnCalls(
          owner,
          run.filter((it) => it !== owner && !ts.isConstructorDeclaration(it)),
        )
      : [];
    return run.some((it) => contains(it, left)) || parts.some((it) => contains(it, left));
  }

  /** `this.bus` of an object that is made anew each time: what the constructor is given. */
  #fieldFromConstructor(
    owner: ts.ClassLikeDeclaration,
    name: string,
    { call }: Hop,
    scene: Scene,
    depth: number,
  ): Lifetime | undefined {
    const maker = owner.members.find((it): it is ts.ConstructorDeclaration => ts.isConstructorDeclaration(it));
    if (!maker) return undefined;
    const property = maker.parameters.find(
      (it) => ts.isParameterPropertyDeclaration(it, maker) && it.name.getText() === name,
    );
    const [assigned] = fieldAssignments(owner, name).filter(({ left }) => contains(maker, left));
    const source = property ?? (assigned && this.#parameterOf(assigned.right));
    const index = source ? maker.parameters.indexOf(source) : -1;
    const argument = call.arguments?.[index];
    if (!argument) return undefined;
    const rest: Scene = { ...scene, hops: after(scene.hops, call), root: enclosingRoot(call) };
    return this.#resolve(argument, rest, depth + 1);
  }

  #parameterOf(value: ts.Expression): ts.ParameterDeclaration | undefined {
    const node = strip(value);
    const declared = ts.isIdentifier(node) ? this.#bindingOf(node)?.declarations[0]?.parent : undefined;
    return declared && ts.isParameter(declared) ? declared : undefined;
  }
}

/** The argument that a call on the way passes for a parameter. */
function argumentFor(
  parameter: ts.ParameterDeclaration,
  hops: readonly Hop[],
): { readonly value: ts.Expression; readonly scene: (scene: Scene) => Scene } | undefined {
  const fn = parameter.parent;
  const hop = hops.find(({ callee }) => callee === fn || (ts.isConstructorDeclaration(fn) && callee === fn.parent));
  const value = hop?.call.arguments?.[fn.parameters.indexOf(parameter)];
  if (!hop || !value || ts.isSpreadElement(value)) return undefined;
  return {
    value,
    scene: (scene) => ({ ...scene, hops: after(hops, hop.call), root: enclosingRoot(hop.call) }),
  };
}

function after(hops: readonly Hop[], call: ts.Node): readonly Hop[] {
  return hops.slice(hops.findIndex((hop) => hop.call === call) + 1);
}

/** Whether a function is a method or constructor of the class, or the class itself. */
function isOf(callee: ts.Node, owner: ts.ClassLikeDeclaration): boolean {
  return (
    callee === owner ||
    (enclosingClass(callee) === owner && enclosingMethod(callee) === callee) ||
    isFieldOf(callee, owner)
  );
}

function isFieldOf(callee: ts.Node, owner: ts.ClassLikeDeclaration): boolean {
  return ts.isPropertyDeclaration(callee.parent) && callee.parent.parent === owner;
}

function isConstruction(callee: ts.Node, owner: ts.ClassLikeDeclaration): boolean {
  return callee === owner || (ts.isConstructorDeclaration(callee) && callee.parent === owner);
}

/** The method, accessor or constructor around a node: the outermost function inside of the class. */
function enclosingMethod(node: ts.Node): ts.Node | undefined {
  for (let current: ts.Node = node; current && !ts.isSourceFile(current); current = current.parent) {
    if (isRoot(current) && ts.isClassLike(current.parent)) return current;
  }
  return undefined;
}

function isWithin({ region, entered }: Scene, node: ts.Node): boolean {
  return contains(region, node) || entered.some((it) => contains(it, node));
}

function isLoop(node: ts.Node): boolean {
  return ts.isIterationStatement(node, false);
}

/** `socket = null` gives up a value and makes no new one. */
function clears(write: ts.Identifier): boolean {
  const { parent } = write;
  return ts.isBinaryExpression(parent) && parent.left === write && isNothing(parent.right);
}

function writesProperty(file: ts.SourceFile, text: string): boolean {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w$.])${escaped}\\s*(?:\\?\\?|\\|\\|)?=(?!=)`).test(file.text);
}

function isNodeProcess({ kind, declarations }: Binding): boolean {
  const parent = declarations[0]?.parent;
  if (kind === 'import' && parent) {
    const statement = ts.findAncestor(parent, ts.isImportDeclaration);
    return statement !== undefined && /^['"](?:node:)?process['"]$/.test(statement.moduleSpecifier.getText());
  }
  return (
    parent !== undefined &&
    ts.isVariableDeclaration(parent) &&
    /^require\(['"](?:node:)?process['"]\)$/.test(parent.initializer?.getText() ?? '')
  );
}

/** The last name of an expression: `bus` of `this.bus`. */
export function lastNameOf(node: ts.Expression): string | undefined {
  const inner = strip(node);
  return ts.isIdentifier(inner) ? inner.text : memberName(inner);
}
