import ts from 'typescript';
import type { GraphRoot } from '../controlFlow/graph.ts';
import { enclosingRoot, isFunctionLiteral, isRoot, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/**
 * Whether the function runs once, as a script's main function: every mention of it is a call at the top level of its
 * file. An exception that leaves it ends the process.
 */
export function isScriptMain(unit: SourceUnit, root: GraphRoot): boolean {
  if (ts.isSourceFile(root)) return true;
  if (!ts.isFunctionDeclaration(root) && !isFunctionLiteral(root)) return false;
  const name = ts.isFunctionDeclaration(root) ? root.name : declaredName(root);
  if (!name) return false;
  const binding = unit.scopes.bindingOf(name);
  if (!binding || !ts.isSourceFile(binding.scope.node) || isExported(root)) return false;
  return binding.references.length > 0 && binding.references.every((reference) => isTopLevelCall(reference));
}

function declaredName(literal: ts.Node): ts.Identifier | undefined {
  const { parent } = literal;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
}

function isExported(node: ts.Node): boolean {
  const statement = ts.isFunctionDeclaration(node) ? node : node.parent.parent.parent;
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

function isTopLevelCall(reference: ts.Identifier): boolean {
  const { parent } = reference;
  if (!ts.isCallExpression(parent) || parent.expression !== reference) return false;
  const root = enclosingRoot(parent);
  if (ts.isSourceFile(root)) return true;
  // `(async () => { await main(); })()` at top level.
  const callee = isFunctionLiteral(root) ? unstrip(root).parent : undefined;
  return (
    callee !== undefined &&
    ts.isCallExpression(callee) &&
    isRoot(enclosingRoot(callee)) &&
    ts.isSourceFile(enclosingRoot(callee))
  );
}
