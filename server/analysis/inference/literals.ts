import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { memberName, strip } from '../syntax/tree.ts';

/** How many definitions are followed from a name to what it stands for. */
const maxDepth = 6;

/** The expressions that a value may come from: constants are followed to their definitions, choices give all their ways. */
export function sourcesOf(program: Program, node: ts.Expression, depth = 0): readonly ts.Expression[] {
  const expression = strip(node);
  if (depth > maxDepth) return [expression];
  const go = (...next: readonly ts.Expression[]): readonly ts.Expression[] =>
    next.flatMap((each) => sourcesOf(program, each, depth + 1));
  if (ts.isConditionalExpression(expression)) return go(expression.whenTrue, expression.whenFalse);
  if (ts.isBinaryExpression(expression) && isChoice(expression)) return go(expression.left, expression.right);
  const definition = definitionOf(program, expression, depth);
  return definition ? go(definition) : [expression];
}

function isChoice({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken;
}

/** What a constant, or a property of a constant object, was defined as; `undefined` for everything that may change. */
function definitionOf(program: Program, node: ts.Expression, depth: number): ts.Expression | undefined {
  if (ts.isIdentifier(node)) return constant(program, node);
  const name = memberName(node);
  if (name === undefined) return undefined;
  const owners = sourcesOf(program, (node as ts.PropertyAccessExpression).expression, depth + 1);
  const [owner] = owners;
  return owner && owners.length === 1 && ts.isObjectLiteralExpression(owner) ? propertyOf(owner, name) : undefined;
}

function constant(program: Program, name: ts.Identifier): ts.Expression | undefined {
  const unit = program.unitOf(name);
  const binding = unit.scopes.bindingOf(name);
  const [identifier] = binding?.declarations ?? [];
  const declaration = identifier?.parent;
  if (!binding || !declaration || binding.declarations.length > 1 || binding.writes.length > 0) return undefined;
  if (ts.isVariableDeclaration(declaration) && declaration.name === identifier) return declaration.initializer;
  if (!ts.isImportSpecifier(declaration)) return undefined;
  const { moduleSpecifier } = declaration.parent.parent.parent;
  const source = ts.isStringLiteral(moduleSpecifier) ? program.imported(unit, moduleSpecifier.text) : undefined;
  const exported = source?.exports.named.get((declaration.propertyName ?? declaration.name).text);
  if (!exported || !('node' in exported)) return undefined;
  const { node } = exported;
  if (ts.isVariableDeclaration(node)) return node.initializer;
  return ts.isIdentifier(node) ? constant(program, node) : undefined;
}

/** The value that an object literal gives a property; `undefined` where it does not say. */
export function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = object.properties.findLast(
    (p) => p.name !== undefined && (ts.isIdentifier(p.name) || ts.isStringLiteralLike(p.name)) && p.name.text === name,
  );
  if (!property) return undefined;
  if (ts.isPropertyAssignment(property)) return property.initializer;
  return ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
}
