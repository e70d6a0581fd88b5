import ts from 'typescript';
import { executorOf } from '../contexts/workEnds.ts';
import type { WaitValue } from '../resources/model.ts';
import { callersOf } from '../semantics/callers.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { memberKinds, walkKinds } from '../syntax/nodes.ts';
import type { Binding } from '../syntax/scopes.ts';
import {
  calleeName,
  enclosingRoot,
  isAssignment,
  isAsync,
  isFunctionLiteral,
  isReturned,
  memberName,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';

/** What the code does with the object that stands for a wait. */
export interface ValueUses {
  /** Methods called on it, and methods taken from it as values. */
  readonly methods: readonly MethodUse[];
  /** Where it goes to code that cannot be looked into. */
  readonly escapes: readonly ts.Node[];
  /** Whether something is piped into it, which ends it in the end. */
  readonly receives: boolean;
}

export interface MethodUse {
  readonly name: string;
  readonly node: ts.PropertyAccessExpression;
  /** Absent where the method is passed on as a value. */
  readonly call: ts.CallExpression | undefined;
}

/** Calls that take the object and change nothing about how long it is waited for. */
const harmless = new Set([
  'pipe',
  'pipeline',
  'finished',
  'lastValueFrom',
  'firstValueFrom',
  'once',
  'on',
  'log',
  'debug',
  'info',
  'warn',
  'error',
  'String',
]);

const maxAliases = 12;

/** Follows the value of a wait through names, fields and functions of the project. */
export function usesOf(semantics: Semantics, start: ts.Expression | ts.BindingName, value: WaitValue): ValueUses {
  return new Follower(semantics, value).follow(start, value.accepted !== undefined || value.receiver === true);
}

class Follower {
  readonly #semantics: Semantics;
  readonly #value: WaitValue;
  readonly #methods: MethodUse[] = [];
  readonly #escapes: ts.Node[] = [];
  readonly #names = new Set<unknown>();
  #root: ts.Node | undefined;
  #receives = false;

  constructor(semantics: Semantics, value: WaitValue) {
    this.#semantics = semantics;
    this.#value = value;
  }

  follow(start: ts.Expression | ts.BindingName, isName: boolean): ValueUses {
    this.#root = enclosingRoot(start);
    if (!isName) this.#use(start as ts.Expression);
    else if (ts.isPropertyAccessExpression(start)) this.#field(start.name.text, start);
    else {
      this.#name(start as ts.BindingName);
      if (ts.isIdentifier(start)) this.#origin(start);
    }
    return { methods: this.#methods, escapes: this.#escapes, receives: this.#receives };
  }

  /** One expression whose value is the object. */
  #use(expression: ts.Expression): void {
    const node = unstrip(expression);
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === node) this.#member(parent);
    else if (ts.isVariableDeclaration(parent)) this.#name(parent.name);
    else if (ts.isBinaryExpression(parent)) this.#binary(parent, node);
    else if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) this.#passed(parent, node);
    else if (ts.isConditionalExpression(parent) && parent.condition !== node) this.#use(parent);
    else if (ts.isPropertyDeclaration(parent) && ts.isIdentifier(parent.name)) this.#field(parent.name.text, parent);
    else if (isReturned(node)) this.#returned(node);
    else if (!isIdle(parent, node)) this.#escapes.push(node);
  }

  /** What a function returns goes on with those who call it, where all of them are known. */
  #returned(node: ts.Expression): void {
    const fn = enclosingRoot(node);
    // Who awaits it has the answer, and neither an executor nor a listener returns to anybody.
    if (this.#value.awaited || executorOf(fn) || isListener(fn)) return;
    const callers = ts.isFunctionLike(fn) && !isAsync(fn) ? callersOf(this.#semantics, fn) : undefined;
    if (!callers?.length) this.#escapes.push(node);
    else if (this.#isNew(fn, node)) for (const call of callers) this.#use(call);
  }

  #member(access: ts.PropertyAccessExpression): void {
    const whole = unstrip(access);
    const { parent } = whole;
    const name = access.name.text;
    if (this.#value.parts?.includes(name)) {
      this.#use(access);
      return;
    }
    if (!ts.isCallExpression(parent) || parent.expression !== whole) {
      this.#methods.push({ name, node: access, call: undefined });
      return;
    }
    this.#methods.push({ name, node: access, call: parent });
    if (listening.test(name)) for (const argument of parent.arguments) this.#ownThis(argument);
    const [first, handler] = parent.arguments;
    if (first && handler && ts.isStringLiteralLike(first) && this.#value.sockets?.includes(first.text))
      this.#parameter(handler, 0);
    // `http.get(url).on('error', fail)` returns the request.
    // The body of a handler, `() => socket.destroy()`, gives it to nobody.
    // `return req.end()` leaves the function.
    const isLast = (name === 'end' || name === 'destroy') && ts.isReturnStatement(unstrip(parent).parent);
    const isFluent = (fluent.test(name) && !isLast) || name === this.#value.operators?.method;
    if (isFluent && !(isReturned(parent) && enclosingRoot(parent) !== this.#root)) this.#use(parent);
  }

  /** `socket.on('timeout', function () { this.destroy(); })` */
  #ownThis(listener: ts.Expression): void {
    const fn = strip(listener);
    if (!ts.isFunctionExpression(fn)) return;
    walk(fn.body, (node) => {
      if (node.kind === ts.SyntaxKind.ThisKeyword && ownerOfThis(node) === fn) this.#use(node as ts.ThisExpression);
    });
  }

  #binary(parent: ts.BinaryExpression, node: ts.Expression): void {
    switch (parent.operatorToken.kind) {
      case ts.SyntaxKind.EqualsToken:
      case ts.SyntaxKind.QuestionQuestionEqualsToken:
      case ts.SyntaxKind.BarBarEqualsToken:
        if (parent.left === node) return;
        if (ts.isIdentifier(parent.left)) this.#identifier(parent.left);
        else if (ts.isPropertyAccessExpression(parent.left)) {
          this.#field(parent.left.name.text, parent);
          if (this.#isElsewhere(parent.left.expression)) this.#escapes.push(node);
        } else this.#escapes.push(node);
        // `return (this.socket = connect())`
        if (!ts.isExpressionStatement(unstrip(parent).parent)) this.#use(parent);
        return;
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarToken:
        this.#use(parent);
        return;
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.CommaToken:
        if (parent.right === node) this.#use(parent);
        return;
      default:
    }
  }

  /** `const socket = this.socket`, `const { socket } = this`, `const socket = (this.socket = new Socket())`: the field, too. */
  #origin(name: ts.Identifier): void {
    const binding = this.#semantics.program.unitOf(name).scopes.bindingOf(name);
    for (const { parent } of binding?.declarations ?? []) {
      const holder = ts.isBindingElement(parent) ? parent.parent.parent : parent;
      if (!ts.isVariableDeclaration(holder) || !holder.initializer) continue;
      const made = strip(holder.initializer);
      const field = ts.isBinaryExpression(made) && isAssignment(made.operatorToken.kind) ? strip(made.left) : made;
      if (holder !== parent) {
        const key = ts.isBindingElement(parent) ? (parent.propertyName ?? parent.name) : undefined;
        if (made.kind === ts.SyntaxKind.ThisKeyword && key && ts.isIdentifier(key)) this.#field(key.text, name);
      } else if (ts.isPropertyAccessExpression(field) && field.expression.kind === ts.SyntaxKind.ThisKeyword)
        this.#field(field.name.text, name);
    }
  }

  #name(name: ts.BindingName): void {
    if (ts.isIdentifier(name)) this.#identifier(name);
    else this.#escapes.push(name);
  }

  #identifier(identifier: ts.Identifier): void {
    const binding = this.#semantics.program.unitOf(identifier).scopes.bindingOf(identifier);
    if (binding) this.#binding(binding);
    else this.#escapes.push(identifier);
  }

  #binding(binding: Binding): void {
    if (!this.#isNew(binding, binding.declarations[0])) return;
    const exported = binding.declarations.some(({ parent }) => isExportedDeclaration(parent));
    if (exported) this.#escapes.push(binding.declarations[0] as ts.Node);
    for (const reference of binding.references) if (!binding.writes.includes(reference)) this.#use(reference);
  }

  /** A property of some object of the file: `this.socket`. Whose object it is does not matter much. */
  #field(name: string, node: ts.Node): void {
    const file = node.getSourceFile();
    if (!this.#isNew(`${file.fileName}#${name}`, node)) return;
    walkKinds(file, memberKinds, (inner) => {
      if (!ts.isPropertyAccessExpression(inner) || memberName(inner) !== name) return;
      const { parent } = unstrip(inner);
      const isTarget = ts.isBinaryExpression(parent) && parent.left === unstrip(inner);
      if (!isTarget) this.#use(inner);
    });
  }

  /** Whether an object is one of another file, or of whoever calls: what that does with its fields is not seen here. */
  #isElsewhere(owner: ts.Expression): boolean {
    const known = this.#semantics.inference.evaluate(owner);
    if (known?.kind === 'instance') return known.class.getSourceFile() !== owner.getSourceFile();
    if (!ts.isIdentifier(owner)) return false;
    const kind = this.#semantics.program.unitOf(owner).scopes.bindingOf(owner)?.kind;
    return kind === 'parameter' || kind === 'import';
  }

  #isNew(key: unknown, node: ts.Node | undefined): boolean {
    if (this.#names.has(key)) return false;
    this.#names.add(key);
    if (this.#names.size <= maxAliases) return true;
    if (node) this.#escapes.push(node);
    return false;
  }

  #passed(call: ts.CallExpression | ts.NewExpression, node: ts.Expression): void {
    const index = call.arguments?.indexOf(node) ?? -1;
    if (index < 0) return;
    const name = calleeName(call)?.text ?? '';
    if (name === 'pipe' || name === 'pipeline') this.#receives = true;
    if (ts.isCallExpression(call) && harmless.has(name)) return;
    const parameter = this.#semantics.targets.resolve(call)?.function?.parameters[index];
    if (parameter && !parameter.dotDotDotToken) this.#name(parameter.name);
    else this.#escapes.push(node);
  }

  #parameter(handler: ts.Expression, index: number): void {
    const parameter = this.#semantics.targets.functionOf(handler)?.parameters[index];
    if (parameter) this.#name(parameter.name);
    else this.#escapes.push(handler);
  }
}

/** The function or class whose `this` is meant. */
const ownerOfThis = (node: ts.Node): ts.Node | undefined =>
  ts.findAncestor(node, (it) => ts.isClassLike(it) || (ts.isFunctionLike(it) && !ts.isArrowFunction(it)));

/** Methods whose listeners run with the object as `this`. */
const listening = /^(?:on|once|addListener|prepend(?:Once)?Listener|setTimeout)$/;

/** `emitter.on('ready', () => …)`: nobody takes what a listener returns. */
function isListener(fn: ts.Node): boolean {
  if (!isFunctionLiteral(fn)) return false;
  const { parent } = unstrip(fn);
  const [event] = ts.isCallExpression(parent) ? parent.arguments : [];
  return (
    ts.isCallExpression(parent) &&
    listening.test(calleeName(parent)?.text ?? '') &&
    event !== undefined &&
    ts.isStringLiteralLike(event)
  );
}

/** Methods that return the object they are called on. */
const fluent =
  /^(?:on|once|off|addListener|prependListener|removeListener|set[A-Z]\w*|ref|unref|end|destroy|set|query|send|type|accept|auth|field|attach|timeout|retry|redirects|withCredentials|use|ok|buffer|parse|responseType)$/;

/** The value is looked at, or dropped, and goes nowhere. */
function isIdle(parent: ts.Node, node: ts.Node): boolean {
  return (
    ts.isExpressionStatement(parent) ||
    ts.isIfStatement(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isTypeOfExpression(parent) ||
    ts.isVoidExpression(parent) ||
    ts.isAwaitExpression(parent) ||
    ts.isElementAccessExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition === node)
  );
}

function isExportedDeclaration(node: ts.Node): boolean {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}
