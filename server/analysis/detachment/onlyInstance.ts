import ts from 'typescript';
import { constructionsOf } from '../contexts/callSites.ts';
import { runsOnLoad } from '../contexts/script.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { isOffered } from '../semantics/exposure.ts';
import { enclosingRoot, memberName, strip, unstrip, walk } from '../syntax/tree.ts';
import { isInTest } from './processEnds.ts';

/**
 * Whether there is one object of a class for the whole process, as far as the project shows: it makes one, or each of its
 * programs does while it is loaded. What is let go and made anew counts as many.
 */
export function isMadeOnce(owner: ts.ClassLikeDeclaration, start: ts.Node, file: FileAnalysis): boolean {
  const sites = constructionsOf(file.semantics, owner, true).uses.flatMap((use) =>
    use.kind === 'call' && !isInTest(use.call, file.semantics) ? [use.call] : [],
  );
  const [only, another] = sites;
  // Whoever makes it by other means, by a framework, starts it by a method; by a list, one of each kind.
  if (!only) return isDerived(owner) && (ts.isMethodDeclaration(enclosingRoot(start)) || isListed(owner, file));
  if (another) return sites.every(runsOnLoad);
  return !file.contexts.repeated.of(only) && !isMadeAnew(only);
}

/**
 * Whether nothing in a program makes objects of a class that it has for others to make: a plug-in that a host loads by its
 * name, of which there is one. That the file is part of a program is told by another file of it that it imports.
 */
export function isMadeByHost(owner: ts.ClassLikeDeclaration, { program, semantics, unit }: FileAnalysis): boolean {
  const isPart = unit.file.statements.some(
    (it) =>
      ts.isImportDeclaration(it) &&
      ts.isStringLiteral(it.moduleSpecifier) &&
      it.moduleSpecifier.text.startsWith('.') &&
      program.host.resolve(unit.path, it.moduleSpecifier.text) !== undefined,
  );
  return isPart && !isOffered(program, unit) && constructionsOf(semantics, owner, true).uses.length === 0;
}

const isDerived = (owner: ts.ClassLikeDeclaration): boolean =>
  owner.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword) === true;

/** `const protocols = [Http, Mqtt]` at the top of a file: each of them is made when the program starts. */
function isListed(owner: ts.ClassLikeDeclaration, { semantics }: FileAnalysis): boolean {
  const uses = semantics.references.usesOf(owner);
  return (
    uses !== 'unknown' &&
    uses.values.some(({ token }) => ts.isArrayLiteralExpression(token.parent) && runsOnLoad(token))
  );
}

/** `this.call = new Call()` where other code lets go of it: `this.call = undefined`. */
export function isMadeAnew(made: ts.Node): boolean {
  const { parent } = unstrip(made as ts.Expression);
  const name = ts.isBinaryExpression(parent) ? memberName(strip(parent.left)) : undefined;
  if (name === undefined) return false;
  let isLetGo = false;
  walk(made.getSourceFile(), (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    if (memberName(strip(node.left)) === name && /^(?:null|undefined|void 0)$/.test(node.right.getText()))
      isLetGo = true;
  });
  return isLetGo;
}
