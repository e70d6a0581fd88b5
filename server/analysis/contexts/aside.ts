import ts from 'typescript';
import { isOffered } from '../semantics/exposure.ts';
import { occurrences } from '../semantics/occurrences.ts';
import type { Callable } from '../semantics/referenceSubject.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { functionName, isFunctionLiteral } from '../syntax/tree.ts';
import { isRunByHand } from './handRun.ts';
import { namedCode } from './namedCode.ts';
import { isTestFile } from './places.ts';

/** One engine's answers: they are void when another file changes. */
const known = new WeakMap<Semantics, Map<ts.Node, boolean>>();

/**
 * Whether only tests and what developers run by hand reach the code at a node: it lies in a function or method whose name
 * stands nowhere else in the program, except where functions of the same name pass the call on.
 */
export function isReachedByHand(semantics: Semantics, node: ts.Node): boolean {
  const answers = known.get(semantics) ?? new Map<ts.Node, boolean>();
  known.set(semantics, answers);
  for (let current = node; !ts.isSourceFile(current); current = current.parent) {
    if (!ts.isFunctionDeclaration(current) && !ts.isMethodDeclaration(current) && !isFunctionLiteral(current)) continue;
    let answer = answers.get(current);
    if (answer === undefined) {
      answer = isOnlyAside(semantics, current);
      answers.set(current, answer);
    }
    if (answer) return true;
  }
  return false;
}

function isOnlyAside({ program }: Semantics, node: Callable): boolean {
  const named = namedCode(program, node);
  const [name, another] = named?.kind === 'local' || named?.isPrivate ? [] : (named?.names ?? []);
  const unit = program.unitOf(node);
  // What is one word is asked for under others, too: by frameworks, through objects of any kind.
  if (name === undefined || another !== undefined || !/[a-z][A-Z]/.test(name)) return false;
  const mentioning = program.host.mentioning(unit.path, name);
  const others = mentioning?.filter((path) => !isTestFile(program.host, path));
  if (!others || isOffered(program, unit)) return false;
  const parts = others.filter((path) => !isRunByHand(program.host, path));
  return (
    parts.length < others.length &&
    parts.every((path) => {
      const other = program.unit(path);
      const isQuoted = new RegExp(`['"\`]${name.replace(/\$/g, '\\$&')}['"\`]`);
      return other !== undefined && !isQuoted.test(other.text) && occurrences(other, name).every(isOfSameName);
    })
  );
}

/** The name of a function, or a mention of it in a function that is called the same. */
function isOfSameName(token: ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike): boolean {
  for (let node: ts.Node = token; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isFunctionLike(node) && functionName(node) === token.text) return true;
  }
  const { parent } = token;
  return ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent);
}
