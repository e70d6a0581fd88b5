import ts from 'typescript';
import { Answers } from '../semantics/answers.ts';
import { isOffered } from '../semantics/exposure.ts';
import { occurrences } from '../semantics/occurrences.ts';
import type { Callable } from '../semantics/referenceSubject.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { functionName, isFunctionLiteral } from '../syntax/tree.ts';
import { isRunByHand } from './handRun.ts';
import { isExporting, namedCode } from './namedCode.ts';
import { isTestFile } from './places.ts';

const answers = new Answers<ts.Node, boolean>();

/**
 * Whether only tests and what developers run by hand reach the code at a node: it lies in a function or method whose name
 * stands nowhere else in the program, except where functions of the same name pass the call on.
 */
export function isReachedByHand(semantics: Semantics, node: ts.Node): boolean {
  for (let current = node; !ts.isSourceFile(current); current = current.parent) {
    if (!ts.isFunctionDeclaration(current) && !ts.isMethodDeclaration(current) && !isFunctionLiteral(current)) continue;
    const callable = current;
    if (answers.of(semantics, callable, () => isOnlyAside(semantics, callable))) return true;
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
  const isDeclared = ts.isVariableDeclaration(parent) && parent.name === token;
  return isDeclared || ts.isImportSpecifier(parent) || isExporting(token);
}
