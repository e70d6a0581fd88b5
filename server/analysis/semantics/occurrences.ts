import ts from 'typescript';
import type { SourceUnit } from '../syntax/unit.ts';

/** A token that is, or spells, a name. */
export type NameToken = ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike;

/** The tokens of a file that are spelt like a name, in source order: identifiers, and strings that name a member. */
export function occurrences(unit: SourceUnit, name: string): readonly NameToken[] {
  const found: NameToken[] = [];
  for (let at = unit.text.indexOf(name); at !== -1; at = unit.text.indexOf(name, at + name.length)) {
    if (isInWord(unit.text, at, name.length)) continue;
    const token = tokenAt(unit.file, at);
    if (ts.isIdentifier(token) || ts.isPrivateIdentifier(token)) {
      if (token.text === name && token.getStart(unit.file) === at) found.push(token);
    } else if (ts.isStringLiteralLike(token) && token.text === name && ts.isElementAccessExpression(token.parent)) {
      found.push(token);
    }
  }
  return found;
}

/** Whether what is spelt there is a part of a longer word. */
function isInWord(text: string, at: number, length: number): boolean {
  const isPart = (index: number): boolean =>
    index < text.length && ts.isIdentifierPart(text.charCodeAt(index), ts.ScriptTarget.Latest);
  return (at > 0 && isPart(at - 1) && text[at] !== '#') || isPart(at + length);
}

/** The smallest node around a position. */
export function tokenAt(file: ts.SourceFile, position: number): ts.Node {
  let node: ts.Node = file;
  for (;;) {
    const child: ts.Node | undefined = ts.forEachChild(node, (each) =>
      each.pos <= position && position < each.end ? each : undefined,
    );
    if (child === undefined) return node;
    node = child;
  }
}
