import ts from 'typescript';
import { libraryType } from '../inference/known.ts';
import type { LibraryModel } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { binaryKinds, walkKinds } from '../syntax/nodes.ts';
import { contains, some, strip, unstrip, walk } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** A question whether a limit can be set, of something that never has it: what it guards is never reached. */
export interface DeadGuard {
  readonly node: ts.Expression;
  readonly name: string;
  readonly model: LibraryModel;
  /** The code that never runs. */
  readonly guarded: ts.Node;
}

/** `if ('timeout' in client) client.timeout = …`, `if (client.setTimeout) client.setTimeout(…)`. */
export function deadGuards({ inference, models }: Semantics, unit: SourceUnit): readonly DeadGuard[] {
  const names = new Set(models.models.flatMap(({ types }) => Object.values(types).flatMap(({ lacks = [] }) => lacks)));
  if (names.size === 0 || !new RegExp(`\\b(?:${[...names].join('|')})\\b`).test(unit.text)) return [];
  const found: DeadGuard[] = [];
  walk(unit.file, (node) => {
    const asked = ts.isExpression(node) ? questionOf(node) : undefined;
    if (!asked || !names.has(asked.name)) return;
    const guarded = guardedBy(asked.node);
    if (!guarded || !mentions(guarded, asked.name)) return;
    const type = libraryType(inference.evaluate(asked.owner));
    if (!type?.model.types[type.type]?.lacks?.includes(asked.name) || isGiven(unit, asked.name, guarded)) return;
    found.push({ node: asked.node, name: asked.name, model: type.model, guarded });
  });
  return found;
}

interface Question {
  readonly node: ts.Expression;
  readonly owner: ts.Expression;
  readonly name: string;
}

function questionOf(node: ts.Expression): Question | undefined {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
    return ts.isStringLiteralLike(node.left) ? { node, owner: strip(node.right), name: node.left.text } : undefined;
  }
  if (ts.isCallExpression(node) && /^Object\.hasOwn$/.test(node.expression.getText())) {
    const [owner, key] = node.arguments;
    return owner && key && ts.isStringLiteralLike(key) ? { node, owner, name: key.text } : undefined;
  }
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const { parent } = unstrip(node);
  const owner = node.expression;
  const name = node.name.text;
  // `typeof client.setTimeout === 'function'`
  if (ts.isTypeOfExpression(parent)) {
    const compared = parent.parent;
    const isFunction =
      ts.isBinaryExpression(compared) &&
      /^={2,3}$/.test(compared.operatorToken.getText()) &&
      ts.isStringLiteralLike(compared.right) &&
      compared.right.text === 'function';
    return isFunction ? { node: compared, owner, name } : undefined;
  }
  return { node, owner, name };
}

/** The code that runs only when the expression holds. */
function guardedBy(node: ts.Expression): ts.Node | undefined {
  const outer = unstrip(node);
  const { parent } = outer;
  if (ts.isIfStatement(parent) && parent.expression === outer) return parent.thenStatement;
  if (ts.isConditionalExpression(parent) && parent.condition === outer) return parent.whenTrue;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken)
    return undefined;
  return parent.left === outer ? parent.right : guardedBy(parent);
}

/** Whether the guarded code goes on to use what was asked for. */
function mentions(guarded: ts.Node, name: string): boolean {
  return some(guarded, (node) => ts.isPropertyAccessExpression(node) && node.name.text === name);
}

/** Whether the file itself gives the property to something outside the guard. */
function isGiven({ file }: SourceUnit, name: string, guarded: ts.Node): boolean {
  let given = false;
  walkKinds(file, binaryKinds, (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    if (ts.isPropertyAccessExpression(node.left) && node.left.name.text === name && !contains(guarded, node))
      given = true;
  });
  return given;
}
