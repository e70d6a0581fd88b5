import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import { type GaugeModel, gaugeModels } from '../resources/gauges.ts';
import { calleeName, enclosingClass, memberName, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** How far a name is followed to where its value is made. */
const maxSteps = 6;

/** The library's instrument that an expression is, told by what makes it or by its annotation. */
export function gaugeOf(inference: Inference, expression: ts.Expression): GaugeModel | undefined {
  return search(inference, strip(expression), maxSteps);
}

function search(inference: Inference, node: ts.Expression, steps: number): GaugeModel | undefined {
  if (steps === 0) return undefined;
  const unit = inference.program.unitOf(node);
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) return madeBy(unit, node);
  if (ts.isIdentifier(node)) return ofBinding(inference, node, steps);
  const name = memberName(node);
  if (name === undefined || !ts.isPropertyAccessExpression(node)) return undefined;
  const object = strip(node.expression);
  if (object.kind === ts.SyntaxKind.ThisKeyword) return ofField(inference, node, name, steps);
  const known = inference.evaluate(object);
  if (known?.kind === 'module') return ofExport(inference, known.unit, name, steps);
  if (known?.kind === 'instance') return ofMember(inference, known.class, name, steps);
  if (known?.kind !== 'object') return undefined;
  for (const property of known.object.properties) {
    if (property.name?.getText() !== name) continue;
    if (ts.isPropertyAssignment(property)) return search(inference, strip(property.initializer), steps - 1);
    if (ts.isShorthandPropertyAssignment(property)) return search(inference, property.name, steps - 1);
  }
  return undefined;
}

function madeBy(unit: SourceUnit, node: ts.NewExpression | ts.CallExpression): GaugeModel | undefined {
  const name = calleeName(node)?.text;
  return gaugeModels.find(
    ({ construct, made, modules }) =>
      name !== undefined &&
      (ts.isNewExpression(node) ? name === construct && importsOneOf(unit, modules) : name === made),
  );
}

function typed(unit: SourceUnit, type: ts.TypeNode | undefined): GaugeModel | undefined {
  if (!type || !ts.isTypeReferenceNode(type)) return undefined;
  const name = ts.isIdentifier(type.typeName) ? type.typeName.text : type.typeName.right.text;
  return gaugeModels.find(
    (model) => (name === model.construct || name === model.type) && importsOneOf(unit, model.modules),
  );
}

function importsOneOf(unit: SourceUnit, modules: readonly string[]): boolean {
  return modules.some((module) => unit.text.includes(`'${module}'`) || unit.text.includes(`"${module}"`));
}

function ofBinding(inference: Inference, name: ts.Identifier, steps: number): GaugeModel | undefined {
  const unit = inference.program.unitOf(name);
  const declaration = unit.scopes.lookup(name.text, name)?.declarations[0]?.parent;
  if (!declaration) return undefined;
  if (ts.isParameter(declaration)) return typed(unit, declaration.type);
  if (ts.isVariableDeclaration(declaration)) {
    const { initializer, type } = declaration;
    return typed(unit, type) ?? (initializer && search(inference, strip(initializer), steps - 1));
  }
  if (!ts.isImportSpecifier(declaration)) return undefined;
  const { moduleSpecifier } = declaration.parent.parent.parent;
  const from = ts.isStringLiteral(moduleSpecifier) ? inference.program.imported(unit, moduleSpecifier.text) : undefined;
  return from && ofExport(inference, from, (declaration.propertyName ?? declaration.name).text, steps);
}

function ofExport(inference: Inference, unit: SourceUnit, name: string, steps: number): GaugeModel | undefined {
  if (steps === 0) return undefined;
  const exported = unit.exports.named.get(name);
  if (exported && 'node' in exported) {
    return ts.isExpression(exported.node) ? search(inference, strip(exported.node), steps - 1) : undefined;
  }
  const specifiers = exported ? [exported.from] : unit.exports.stars;
  for (const specifier of specifiers) {
    const from = inference.program.imported(unit, specifier);
    const found = from && ofExport(inference, from, exported ? exported.name : name, steps - 1);
    if (found) return found;
  }
  return undefined;
}

function ofField(inference: Inference, node: ts.Node, name: string, steps: number): GaugeModel | undefined {
  const owner = enclosingClass(node);
  return owner && ofMember(inference, owner, name, steps);
}

function ofMember(
  inference: Inference,
  owner: ts.ClassLikeDeclaration,
  name: string,
  steps: number,
): GaugeModel | undefined {
  const unit = inference.program.unitOf(owner);
  for (const member of owner.members) {
    if (ts.isPropertyDeclaration(member) && member.name.getText() === name) {
      const { initializer, type } = member;
      const found = typed(unit, type) ?? (initializer && search(inference, strip(initializer), steps - 1));
      if (found) return found;
    }
    if (!ts.isConstructorDeclaration(member)) continue;
    const parameter = member.parameters.find((each) => ts.isIdentifier(each.name) && each.name.text === name);
    const found = typed(unit, parameter?.type);
    if (found) return found;
    for (const statement of member.body?.statements ?? []) {
      const assigned = ts.isExpressionStatement(statement) ? statement.expression : undefined;
      if (!assigned || !ts.isBinaryExpression(assigned) || assigned.left.getText() !== `this.${name}`) continue;
      const value = search(inference, strip(assigned.right), steps - 1);
      if (value) return value;
    }
  }
  return undefined;
}
