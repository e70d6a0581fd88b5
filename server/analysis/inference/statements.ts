import ts from 'typescript';
import type { Program } from '../syntax/program.ts';
import { strip } from '../syntax/tree.ts';
import { propertyOf, sourcesOf } from './literals.ts';

/** Properties under which drivers take a statement's text in an object. */
const textProperties = ['text', 'sql'];

/**
 * Whether the first argument of a call may be a statement that starts with one of `heads` (in lower case).
 * A text that nobody can see starts with none of them.
 */
export function startsStatement(
  program: Program,
  call: ts.CallExpression | ts.NewExpression,
  heads: readonly string[],
): boolean {
  const [first] = call.arguments ?? [];
  return first !== undefined && textsOf(program, first).some((text) => heads.some((head) => startsWith(text, head)));
}

function textsOf(program: Program, node: ts.Expression): readonly string[] {
  return sourcesOf(program, node).flatMap((source) => {
    if (ts.isStringLiteralLike(source)) return [source.text];
    if (ts.isTemplateExpression(source)) return [source.head.text];
    if (ts.isTaggedTemplateExpression(source)) {
      const { template } = source;
      return [ts.isNoSubstitutionTemplateLiteral(template) ? template.text : template.head.text];
    }
    if (ts.isBinaryExpression(source) && source.operatorToken.kind === ts.SyntaxKind.PlusToken)
      return textsOf(program, strip(source.left));
    if (!ts.isObjectLiteralExpression(source)) return [];
    return textProperties.flatMap((name) => {
      const text = propertyOf(source, name);
      return text ? textsOf(program, text) : [];
    });
  });
}

const comments = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

function startsWith(statement: string, head: string): boolean {
  const text = statement.replace(comments, '').toLowerCase().replace(/\s+/g, ' ');
  return text.startsWith(head) && !/^\w/.test(text.slice(head.length));
}
