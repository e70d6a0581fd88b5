import ts from 'typescript';
import { isPlainAssignment } from '../semantics/referenceSubject.ts';
import { extended } from '../semantics/related.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { contains, functionName, memberName, some, strip, walk } from '../syntax/tree.ts';
import { bodyOf, withOwnCalls } from './ownCalls.ts';

/** A class, or a function with a prototype, as the code within it sees it. */
export interface ObjectKind {
  readonly declaration: ts.ClassLikeDeclaration | ts.FunctionLikeDeclaration;
  readonly token: ts.Node;
  readonly name: string;
  readonly isExported: boolean;
  readonly isStatic: boolean;
  /** Others make one for each piece of work, and a base class ends it. */
  readonly isStream: boolean;
  /** Whether the code runs while the object is made. */
  readonly isConstructing: boolean;
  /** Its methods, with what they call of the same object. */
  readonly methods: readonly Method[];
}

interface Method {
  readonly name: ts.Node;
  readonly text: string;
  readonly parts: readonly ts.Node[];
}

const streams = /(?:^|\.)(?:Transform|Readable|Writable|Duplex|PassThrough|Stream)$/;
const ends =
  /^_?(?:close|destroy|dispose|asyncDispose|stop|teardown|tearDown|shutdown|shutDown|terminate|disconnect|end|finish|cleanup|cleanUp|release|uninstall|deactivate|stopCallback|\[Symbol\.(?:asyncDispose|dispose)\])$/;
/** Methods after which these begin again: what the constructor registered serves all rounds. */
const reopens: Readonly<Record<string, string>> = {
  close: 'open',
  stop: 'start',
  disconnect: 'connect',
  deactivate: 'activate',
  uninstall: 'install',
};

/** The class whose constructor or method a function is. */
export function objectKindOf(semantics: Semantics, root: ts.FunctionLikeDeclaration): ObjectKind | undefined {
  const member = ts.isPropertyDeclaration(root.parent) ? root.parent : root;
  if (ts.isClassLike(member.parent)) return ofClass(semantics, member.parent, member as ts.ClassElement);
  return ofPrototype(semantics, root);
}

function ofClass(semantics: Semantics, owner: ts.ClassLikeDeclaration, member: ts.ClassElement): ObjectKind {
  const uses = semantics.references.usesOf(owner);
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  const base = extended(owner)?.getText();
  return {
    declaration: owner,
    token: owner.name ?? owner.getFirstToken() ?? owner,
    name: owner.name?.text ?? 'the class',
    isExported: uses !== 'unknown' && uses.exposed,
    isStatic: modifiers.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword),
    isStream: base !== undefined && streams.test(base),
    isConstructing: ts.isConstructorDeclaration(member),
    methods: owner.members.flatMap((it) =>
      it.name && bodyOf(it) ? [{ name: it.name, text: it.name.getText(), parts: withOwnCalls(owner, [it]) }] : [],
    ),
  };
}

/** `function Archive() {}`, `Archive.prototype.finalize = function () {}`: the class of earlier days. */
function ofPrototype(semantics: Semantics, root: ts.FunctionLikeDeclaration): ObjectKind | undefined {
  if (!ts.isFunctionExpression(root) && !ts.isFunctionDeclaration(root)) return undefined;
  const { parent } = root;
  const left = ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left) ? parent.left : undefined;
  const object = left && prototypeOf(left);
  const file = root.getSourceFile();
  const name = object ?? constructorName(root);
  if (name === undefined || !/^[A-Z]/.test(name)) return undefined;
  const declaration = object === undefined ? root : declarationOf(file, name);
  if (!declaration) return undefined;
  const methods: Method[] = [];
  let isStream = false;
  let isMade = false;
  walk(file, (node) => {
    if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left) && prototypeOf(node.left) === name)
      methods.push({ name: node.left.name, text: node.left.name.text, parts: [node.right] });
    else if (ts.isNewExpression(node)) isMade ||= node.expression.getText() === name;
    else if (ts.isCallExpression(node) && /(?:^|\.)inherits$/.test(node.expression.getText()))
      isStream ||= node.arguments[0]?.getText() === name && streams.test(node.arguments[1]?.getText() ?? '');
  });
  if (isMade || (methods.length === 0 && !isStream)) return undefined;
  const uses = semantics.references.usesOf(declaration);
  return {
    declaration,
    token: declaration.name ?? declaration,
    name,
    isExported: uses !== 'unknown' && uses.exposed,
    isStatic: false,
    isStream,
    isConstructing: declaration === root,
    methods,
  };
}

/** `Archive` of `Archive.prototype.finalize` */
function prototypeOf({ expression }: ts.PropertyAccessExpression): string | undefined {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'prototype') return undefined;
  return ts.isIdentifier(expression.expression) ? expression.expression.text : undefined;
}

/** `var Archive = module.exports = function () {}` */
function constructorName(root: ts.FunctionExpression | ts.FunctionDeclaration): string | undefined {
  if (root.name) return root.name.text;
  let outer: ts.Node = root.parent;
  while (ts.isParenthesizedExpression(outer) || isPlainAssignment(outer)) outer = outer.parent;
  if (ts.isVariableDeclaration(outer) && ts.isIdentifier(outer.name)) return outer.name.text;
  return functionName(root);
}

function declarationOf(file: ts.SourceFile, name: string): ts.FunctionLikeDeclaration | undefined {
  let found: ts.FunctionLikeDeclaration | undefined;
  walk(file, (node) => {
    if (!found && (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) && constructorName(node) === name)
      found = node;
  });
  return found;
}

/** The method in which the life of the object ends while the program goes on; the code in question is no part of it. */
export function endingOf({ methods, isConstructing }: ObjectKind, origin: ts.Node): ts.Node | undefined {
  const found = methods.find(({ text, parts }) => {
    if (!ends.test(text) || parts.some((it) => contains(it, origin))) return false;
    const opening = Object.hasOwn(reopens, text) ? reopens[text] : undefined;
    if (isConstructing && methods.some((it) => it.text === opening)) return false;
    return !parts.some(endsProcess) && !parts.some(tellsProcess);
  });
  return found?.name;
}

function endsProcess(part: ts.Node): boolean {
  return some(
    part,
    (it) => ts.isCallExpression(it) && /^(?:process\.(?:exit|kill|abort)|exit)$/.test(it.expression.getText()),
  );
}

/** It hands the process to somebody, who may take listeners away, or asks a base class to. */
function tellsProcess(part: ts.Node): boolean {
  return some(
    part,
    (it) =>
      ts.isCallExpression(it) &&
      (it.arguments.some((argument) => strip(argument).getText() === 'process') ||
        /^super\./.test(it.expression.getText()) ||
        /^process\.(?:off|remove)/.test(it.expression.getText())),
  );
}

/** A call of a member of `process`. */
export function isOfProcess(call: ts.CallExpression): boolean {
  const callee = strip(call.expression);
  return (
    ts.isPropertyAccessExpression(callee) && callee.expression.getText() === 'process' && memberName(callee) !== 'exit'
  );
}
