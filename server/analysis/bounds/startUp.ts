import ts from 'typescript';
import { isReachedByHand } from '../contexts/aside.ts';
import { isMadeOnce } from '../detachment/onlyInstance.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { isOffered } from '../semantics/exposure.ts';
import { occurrences } from '../semantics/occurrences.ts';
import { ancestry } from '../semantics/related.ts';
import { calleeName, enclosingRoot, isFunctionLiteral, unstrip } from '../syntax/tree.ts';
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
  const calls = ownCalls(file, root, name);
  return calls?.every((call) => isPreparation(file, call, depth + 1)) ?? false;
}

/**
 * The calls of a method within its class, without those that only developers reach; `undefined` where others may call it:
 * somebody else than a class of its own says the name.
 */
function ownCalls(
  { program, semantics, unit }: FileAnalysis,
  method: ts.MethodDeclaration,
  name: string,
): readonly ts.CallExpression[] | undefined {
  const { inference } = semantics;
  const owner = method.parent as ts.ClassLikeDeclaration;
  const calls: ts.CallExpression[] = [];
  for (const path of program.host.mentioning(unit.path, name) ?? [undefined]) {
    const other = path === undefined ? undefined : program.unit(path);
    if (!other) return undefined;
    for (const token of occurrences(other, name)) {
      const { parent } = token;
      if (ts.isMethodDeclaration(parent) && parent.name === token) continue;
      const call = unstrip(parent as ts.Expression).parent;
      const isOwn =
        ts.isPropertyAccessExpression(parent) &&
        parent.expression.kind === ts.SyntaxKind.ThisKeyword &&
        ts.isCallExpression(call) &&
        calleeName(call) === token;
      const caller = isOwn ? ts.findAncestor(call, ts.isClassLike) : undefined;
      if (!isOwn || !caller) return undefined;
      if (caller === owner) {
        if (!isReachedByHand(semantics, call)) calls.push(call);
      } else if (ancestry(inference, owner).includes(caller) || ancestry(inference, caller).includes(owner)) {
        return undefined;
      }
    }
  }
  return calls.length > 0 ? calls : undefined;
}
