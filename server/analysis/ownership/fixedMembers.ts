import ts from 'typescript';
import { propertyOf } from '../inference/literals.ts';
import { fixedMembers } from '../resources/fixedMembers.ts';
import type { Program } from '../syntax/program.ts';
import { strip } from '../syntax/tree.ts';
import { literalTruth } from './predicates.ts';

/** The truth of a member that the options of a constructor fix for good: `decoder.fatal` of `new TextDecoder()`. */
export function fixedTruth(program: Program, node: ts.Expression): boolean | undefined {
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const owner = strip(node.expression);
  const binding = ts.isIdentifier(owner) ? program.unitOf(owner).scopes.bindingOf(owner) : undefined;
  const declaration = binding?.kind === 'const' ? binding.declarations[0]?.parent : undefined;
  const made = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  if (!made || !ts.isNewExpression(made) || !ts.isIdentifier(made.expression)) return undefined;
  const option = fixedMembers[made.expression.text]?.find(({ member }) => member === node.name.text);
  if (!option || program.unitOf(made).scopes.bindingOf(made.expression)) return undefined;
  const options = made.arguments?.[option.argument];
  if (!options) return false;
  const given = strip(options);
  if (!ts.isObjectLiteralExpression(given)) return undefined;
  const property = propertyOf(given, option.member);
  return property ? literalTruth(strip(property)) : given.properties.some(ts.isSpreadAssignment) ? undefined : false;
}
