import ts from 'typescript';
import { isReachedByHand } from '../contexts/aside.ts';
import { callsInClass } from '../contexts/ownCalls.ts';
import { isMadeOnce } from '../detachment/onlyInstance.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { isOffered } from '../semantics/exposure.ts';
import { enclosingRoot, isFunctionLiteral, unstrip } from '../syntax/tree.ts';
import { repeats, takesAtOnce } from './occasion.ts';

/** What frameworks and owners call once, before an object does anything. */
const preparing = /^(?:initiali[sz]e|init|setup|bootstrap|onModuleInit|onApplicationBootstrap)$/;
const maxDepth = 3;

/**
 * Whether the code prepares the one object of its class, and nothing else brings it about: it lies in a method that is
 * called for that, or in one that only such methods call, and only once.
 */
export function isPreparation(file: FileAnalysis, node: ts.Node, depth = 0): boolean {
  const root = enclosingRoot(node);
  if (ts.isSourceFile(root) || depth > maxDepth || repeats(node, root)) return false;
  if (isFunctionLiteral(root)) {
    const outer = unstrip(root);
    const { parent } = outer;
    const isArgument = ts.isCallExpression(parent) && parent.arguments.includes(outer);
    return isArgument && takesAtOnce(parent) && isPreparation(file, parent, depth);
  }
  if (!ts.isMethodDeclaration(root) || !ts.isClassLike(root.parent)) return false;
  const name = root.name.getText();
  if (preparing.test(name)) return !isOffered(file.program, file.unit) && isMadeOnce(root.parent, root.name, file);
  const calls = callsInClass(file.semantics, root)?.filter((call) => !isReachedByHand(file.semantics, call));
  return calls !== undefined && calls.length > 0 && calls.every((call) => isPreparation(file, call, depth + 1));
}
