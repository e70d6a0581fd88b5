import ts from 'typescript';
import type { Repetition } from '../contexts/repeated.ts';
import { isScriptMain } from '../contexts/script.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { singletonDecorators } from '../resources/callbacks.ts';
import type { Binding } from '../syntax/scopes.ts';
import {
  calleeName,
  contains,
  enclosingClass,
  isFunctionLiteral,
  isRoot,
  receiver,
  some,
  strip,
  unstrip,
} from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { endsAnother } from './processEnds.ts';

/**
 * How often code runs in the life of the process. An exported function or a method whose callers cannot be seen is
 * `unknown`: it may be called once by a file that nobody showed.
 */
export type Frequency = 'once' | 'unknown' | Repetition;

/** How many calls are followed outward. */
const maxDepth = 4;

export function frequencyOf({ unit, contexts }: FileAnalysis, node: ts.Node): Frequency {
  const repetition = contexts.repeated.of(node);
  // Elements are as many as there are, and what calls itself again is one and the same chain.
  const isBounded =
    repetition?.times === 'element' ||
    repetition?.times === 'recursion' ||
    (repetition?.times === 'component' && enclosingClass(node) && contexts.rootComponents.contains(node)) ||
    (repetition && isDraining(repetition));
  if (repetition && !isBounded) return repetition;
  return runsOnce(node, unit, maxDepth) ? 'once' : 'unknown';
}

/** `while (jobs.length > 0) { const job = jobs.pop(); … }`: as often as there are elements. */
function isDraining({ times, region }: Repetition): boolean {
  if (times !== 'loop' || !(ts.isWhileStatement(region) || ts.isDoStatement(region))) return false;
  const [, list] = /^([\w$.]+)\.length\b/.exec(region.expression.getText()) ?? [];
  return (
    list !== undefined &&
    some(
      region.statement,
      (node) =>
        ts.isCallExpression(node) &&
        /^(?:pop|shift)$/.test(calleeName(node)?.text ?? '') &&
        receiver(node)?.getText() === list,
    )
  );
}

export const isRepeated = (frequency: Frequency): frequency is Repetition => typeof frequency === 'object';

/** Whether the file itself shows that the code runs one time. */
function runsOnce(node: ts.Node, unit: SourceUnit, depth: number): boolean {
  for (let current = node.parent; current; current = current.parent) {
    if (ts.isSourceFile(current) || ts.isClassStaticBlockDeclaration(current)) return true;
    if (isRoot(current)) return isRunOnce(current as ts.FunctionLikeDeclaration, unit, depth);
  }
  return true;
}

function isRunOnce(root: ts.FunctionLikeDeclaration, unit: SourceUnit, depth: number): boolean {
  if (depth === 0) return false;
  if (isScriptMain(unit, root)) return true;
  if (isFunctionLiteral(root)) {
    const { parent } = unstrip(root);
    const isArgument = ts.isCallExpression(parent) || ts.isNewExpression(parent);
    if (isArgument) return isRunInPlace(root, parent) && runsOnce(parent, unit, depth);
    const name = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
    return isNameUsedOnce(name && unit.scopes.bindingOf(name), root, unit, depth);
  }
  if (ts.isFunctionDeclaration(root)) {
    return isNameUsedOnce(root.name && unit.scopes.bindingOf(root.name), root, unit, depth);
  }
  return ts.isClassLike(root.parent) && isSingleton(root.parent, unit, depth);
}

const inPlace: ReadonlySet<string> = new Set([
  ...['then', 'catch', 'finally', 'setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'once', 'Promise'],
  ...['call', 'apply', 'forEach', 'map', 'whenReady'],
]);

function isRunInPlace(literal: ts.Expression, call: ts.CallExpression | ts.NewExpression): boolean {
  return strip(call.expression) === literal || inPlace.has(calleeName(call)?.text ?? '');
}

function isNameUsedOnce(binding: Binding | undefined, root: ts.Node, unit: SourceUnit, depth: number): boolean {
  const [declaration] = binding?.declarations ?? [];
  if (!binding || !declaration || isExported(declaration.parent)) return false;
  const [use, another] = binding.references.filter((reference) => !contains(root, reference));
  if (!use || another) return false;
  const { parent } = unstrip(use);
  const isUse = ts.isCallExpression(parent) || ts.isNewExpression(parent);
  return (
    isUse &&
    (parent.expression === use || inPlace.has(calleeName(parent)?.text ?? '')) &&
    runsOnce(parent, unit, depth - 1)
  );
}

/** A container makes one of them, or one is made at the top of the file that has the class. */
function isSingleton(owner: ts.ClassLikeDeclaration, unit: SourceUnit, depth: number): boolean {
  const decorators = ts.canHaveDecorators(owner) ? (ts.getDecorators(owner) ?? []) : [];
  const isInjected = decorators.some(({ expression }) => {
    const callee = ts.isCallExpression(expression) ? expression.expression : expression;
    return ts.isIdentifier(callee) && singletonDecorators.test(callee.text);
  });
  if (isInjected) return true;
  const uses = (owner.name && unit.scopes.bindingOf(owner.name)?.references) ?? [];
  const made = uses.filter(
    ({ parent }) => ts.isNewExpression(parent) && uses.includes(parent.expression as ts.Identifier),
  );
  const [only] = made;
  return only !== undefined && made.length === 1 && runsOnce(only.parent, unit, depth - 1);
}

/** Whether a declaration is exported, as ES modules or CommonJS do it. */
function isExported(node: ts.Node): boolean {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return true;
  const { name } = node as { readonly name?: ts.Node };
  return !!name && ts.isIdentifier(name) && node.getSourceFile().statements.some((it) => exportsName(it, name.text));
}

function exportsName(statement: ts.Statement, name: string): boolean {
  if (ts.isExportAssignment(statement)) return statement.expression.getText() === name;
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.moduleSpecifier ? undefined : statement.exportClause;
    return (
      !!clause && ts.isNamedExports(clause) && clause.elements.some((e) => (e.propertyName ?? e.name).text === name)
    );
  }
  const assignment = ts.isExpressionStatement(statement) ? strip(statement.expression) : undefined;
  if (!assignment || !ts.isBinaryExpression(assignment)) return false;
  const target = strip(assignment.left);
  const isExports = /^(?:module\.)?exports\b/.test(target.getText());
  return (
    isExports && new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(assignment.right.getText())
  );
}

/** What ends the object itself, or its timers: `stopPolling`, but not `stopProject`, which ends something else. */
const endName =
  /^(?:_|#)?(?:close|stop|destroy|dispose|shut_?down|disconnect|end|terminate|clean_?up|tear_?down|unload|kill|quit|exit|release|unmount|deactivate|abort|cancel|halt|finalize)(?:_?(?:all|async|now|self|server|service|client|connections?|socket|session|worker|timers?|intervals?|polling|polls?|heartbeats?|watch\w*|listen\w*|monitor\w*|loop|schedul\w*|sync\w*|refresh\w*|updates?|flush\w*|cache|jobs?|gracefully|clean_?up\w*|prun\w*|gc))?$|^(?:ngOnDestroy|componentWillUnmount|disconnectedCallback|onModuleDestroy|onApplicationShutdown|beforeDestroy|beforeUnmount|destroyed|unmounted)$|^(?:on)(?:Destroy|Unload|Close)$|^\[Symbol\.(?:asyncD|d)ispose\]$/i;

/** An object with more members is a table, of commands or handlers: of these `stop` is one as any other. */
const mostMembers = 25;

/**
 * The place in the code where what runs here could be ended: a method of the class around it, or a function beside it.
 * Whoever wrote it expects the owner to end before the process does.
 */
export function endOf(node: ts.Node): ts.Node | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (ts.isClassLike(current)) {
      const method = current.members.find(isEnd);
      if (method) return method.name;
    } else if (ts.isBlock(current) && isRoot(current.parent)) {
      const end = current.statements.map(endIn).find((it) => it !== undefined);
      if (end) return end;
    } else if (ts.isObjectLiteralExpression(current) && current.properties.length <= mostMembers) {
      const method = current.properties.find(isEnd);
      if (method) return method.name;
    }
  }
  return undefined;
}

function isEnd(member: ts.ClassElement | ts.ObjectLiteralElementLike | ts.FunctionDeclaration): boolean {
  if (!member.name || !endName.test(member.name.getText()) || !isCallable(member)) return false;
  return !(ts.isMethodDeclaration(member) || ts.isFunctionDeclaration(member)) || !endsAnother(member);
}

/** Not a field that is only called like an end: `shutdownTimer?: NodeJS.Timeout`. */
function isCallable(member: ts.ClassElement | ts.ObjectLiteralElementLike | ts.FunctionDeclaration): boolean {
  if (ts.isGetAccessor(member) || ts.isSetAccessor(member)) return false;
  if (!ts.isPropertyDeclaration(member) && !ts.isPropertyAssignment(member)) return true;
  const value = member.initializer && strip(member.initializer);
  if (!value) return ts.isPropertyDeclaration(member) && !!member.type && ts.isFunctionTypeNode(member.type);
  // A function by name, or one that a call makes: `debounce(…)`, `this.close.bind(this)`.
  return !ts.isLiteralExpression(value) && !isTimerValue(value);
}

/** `0`, `null`, `false` and what starts a timer. */
function isTimerValue(value: ts.Expression): boolean {
  return /^(?:null|undefined|true|false)$|\bset(?:Timeout|Interval)\s*\(|^new\b|^[[{]/.test(value.getText());
}

function endIn(statement: ts.Statement): ts.Node | undefined {
  if (ts.isFunctionDeclaration(statement)) return isEnd(statement) ? statement.name : undefined;
  if (ts.isReturnStatement(statement) && statement.expression) {
    const object = strip(statement.expression);
    if (!ts.isObjectLiteralExpression(object)) return undefined;
    return object.properties.find(isEnd)?.name;
  }
  if (ts.isVariableStatement(statement)) {
    const found = statement.declarationList.declarations.find(
      ({ name, initializer }) => initializer && isFunctionLiteral(strip(initializer)) && endName.test(name.getText()),
    );
    return found?.name;
  }
  const assignment = ts.isExpressionStatement(statement) ? strip(statement.expression) : undefined;
  const target = assignment && ts.isBinaryExpression(assignment) ? strip(assignment.left) : undefined;
  if (!target || !ts.isPropertyAccessExpression(target) || !endName.test(target.name.text)) return undefined;
  const fn = strip((assignment as ts.BinaryExpression).right);
  return isFunctionLiteral(fn) && endsAnother(fn) ? undefined : target.name;
}
