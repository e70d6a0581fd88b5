import ts from 'typescript';
import { tokenAt } from '../semantics/occurrences.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** Where a text holds a name as a whole word. */
export function wordsIn({ text }: SourceUnit, name: string): readonly number[] {
  const found: number[] = [];
  // Of a broken text, a name may be missing.
  if (name === '') return found;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
    if (!/[\w$]/.test((text[at - 1] ?? ' ') + (text[at + name.length] ?? ' '))) found.push(at);
  }
  return found;
}

/** The token that holds a word; `undefined` where the word stands in a comment. */
export function spokenAt({ file }: SourceUnit, at: number): ts.Node | undefined {
  const token = tokenAt(file, at);
  // The parser skips what it cannot make sense of: nobody knows what it says.
  if (ts.isSourceFile(token)) return token;
  const isWord = ts.isIdentifier(token) || ts.isPrivateIdentifier(token) || ts.isLiteralExpression(token);
  const isText = ts.isTemplateHead(token) || ts.isTemplateMiddleOrTemplateTail(token) || ts.isJsxText(token);
  return (isWord || isText) && token.getStart(file) <= at ? token : undefined;
}

/**
 * Whether a file may call a member by its name. What only says that something has such a member does not: an interface,
 * or another class of the kind; nor does the path of an address.
 */
export function mayCall(unit: SourceUnit, name: string): boolean {
  return wordsIn(unit, name).some((at) => {
    const token = spokenAt(unit, at);
    if (!token || isMemberName(token)) return false;
    return !ts.isStringLiteralLike(token) || unit.text[at - 1] !== '/';
  });
}

function isMemberName(token: ts.Node): boolean {
  const { parent } = token;
  const isMember = ts.isMethodSignature(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent);
  return isMember && parent.name === token && !ts.isObjectLiteralExpression(parent.parent);
}
