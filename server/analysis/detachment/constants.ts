import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { memberName, strip } from '../syntax/tree.ts';

/** How many names a constant is followed through. */
const maxHops = 10;

/** The value of a numeric expression that never changes: literals, arithmetic, `const` names, imported ones too; of two, the greater. */
export function constantOf(node: ts.Expression | undefined, program: Program, hops = maxHops): number | undefined {
  if (!node || hops === 0) return undefined;
  const expression = strip(node);
  if (ts.isNumericLiteral(expression)) return Number(expression.text.replaceAll('_', ''));
  if (ts.isPrefixUnaryExpression(expression)) {
    const value = constantOf(expression.operand, program, hops);
    return value !== undefined && expression.operator === ts.SyntaxKind.MinusToken ? -value : value;
  }
  if (ts.isBinaryExpression(expression)) return arithmetic(expression, program, hops);
  if (ts.isConditionalExpression(expression)) {
    const [a, b] = [expression.whenTrue, expression.whenFalse].map((it) => constantOf(it, program, hops));
    return a === undefined || b === undefined ? undefined : Math.max(a, b);
  }
  if (ts.isIdentifier(expression)) {
    if (expression.text === 'Infinity') return Number.POSITIVE_INFINITY;
    return ofName(expression, program, hops);
  }
  const key = memberName(expression);
  return key === undefined ? undefined : ofMember(expression, key, program, hops);
}

function arithmetic(
  { left, operatorToken, right }: ts.BinaryExpression,
  program: Program,
  hops: number,
): number | undefined {
  const a = constantOf(left, program, hops);
  const b = constantOf(right, program, hops);
  switch (operatorToken.kind) {
    // The default of an option that nobody set: `options.timeout ?? 5000`; zero only says that there is none.
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return a ?? (b === 0 ? undefined : b);
    default:
  }
  if (a === undefined || b === undefined) return undefined;
  switch (operatorToken.kind) {
    case ts.SyntaxKind.PlusToken:
      return a + b;
    case ts.SyntaxKind.MinusToken:
      return a - b;
    case ts.SyntaxKind.AsteriskToken:
      return a * b;
    case ts.SyntaxKind.SlashToken:
      return a / b;
    default:
      return undefined;
  }
}

function ofName(name: ts.Identifier, program: Program, hops: number): number | undefined {
  const unit = program.unitOf(name);
  const binding = unit.scopes.bindingOf(name);
  const [declaration] = binding?.declarations ?? [];
  if (!binding || !declaration || binding.writes.length > 0) return undefined;
  const { parent } = declaration;
  if (ts.isVariableDeclaration(parent)) return constantOf(parent.initializer, program, hops - 1);
  // The default of a parameter is what most callers get; zero only says that they may leave it out.
  if (ts.isParameter(parent) || ts.isBindingElement(parent))
    return constantOf(parent.initializer, program, hops - 1) || undefined;
  if (!ts.isImportSpecifier(parent)) return undefined;
  const specifier = parent.parent.parent.parent.moduleSpecifier;
  const from = ts.isStringLiteral(specifier) ? program.imported(unit, specifier.text) : undefined;
  const exported = from?.exports.named.get((parent.propertyName ?? parent.name).text);
  if (!exported || !('node' in exported)) return undefined;
  const { node } = exported;
  return ts.isIdentifier(node) ? ofName(node, program, hops - 1) : undefined;
}

/** `TIMEOUTS.request` of a constant object literal. */
function ofMember(access: ts.Expression, key: string, program: Program, hops: number): number | undefined {
  const base = strip((access as ts.PropertyAccessExpression).expression);
  if (!ts.isIdentifier(base)) return undefined;
  const binding = program.unitOf(base).scopes.bindingOf(base);
  const declaration = binding?.writes.length === 0 ? binding.declarations[0]?.parent : undefined;
  const initial = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  const object = initial && strip(initial);
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  for (const property of object.properties) {
    if (ts.isPropertyAssignment(property) && property.name.getText() === key)
      return constantOf(property.initializer, program, hops - 1);
  }
  return undefined;
}

/** `600 s`, `2 min`, `300 ms`, as people say it. */
export function duration(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'for ever';
  if (ms < 1000) return `${ms} ms`;
  const seconds = ms / 1000;
  if (seconds < 600) return `${round(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 120) return `${round(minutes)} min`;
  return `${round(minutes / 60)} h`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
