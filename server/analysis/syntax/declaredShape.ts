import ts from 'typescript';

/** A change of a text, in offsets of the text before it. */
export interface TextChange {
  readonly start: number;
  /** Where the replaced stretch ends. */
  readonly end: number;
  /** How much longer the text becomes. */
  readonly delta: number;
}

/** The body that a change lies in, as far as it can be found again in the next tree. */
interface ChangedBody {
  readonly kind: ts.SyntaxKind;
  readonly pos: number;
  readonly bodyPos: number;
  readonly end: number;
}

/**
 * Compares what a file declares before and after a change. A change within the body of a function of which the result
 * is declared is seen by no other file: no type outside of the body depends on it.
 * @returns To be asked with the next tree; the one before may be void by then.
 */
export function keepsDeclarations(before: ts.SourceFile, change: TextChange): (after: ts.SourceFile) => boolean {
  const body = /\.[cm]?tsx?$/.test(before.fileName) ? bodyAround(before, change) : undefined;
  return (after) => {
    if (!body) return false;
    const same = find(
      after,
      (node) => node.pos <= body.pos && body.end + change.delta <= node.end,
      (node) =>
        node.kind === body.kind &&
        node.pos === body.pos &&
        node.end === body.end + change.delta &&
        bodyOf(node)?.pos === body.bodyPos,
    );
    return same !== undefined && isDeclared(same);
  };
}

function bodyAround(file: ts.SourceFile, { start, end }: TextChange): ChangedBody | undefined {
  const holds = (node: ts.Node): boolean => node.pos <= start && end <= node.end;
  const found = find(file, holds, (node) => {
    const body = bodyOf(node);
    // Both braces stay.
    return body !== undefined && isDeclared(node) && body.getStart(file) < start && end < body.end;
  });
  const body = found && bodyOf(found);
  return found && body && { kind: found.kind, pos: found.pos, bodyPos: body.pos, end: found.end };
}

/** The outermost node that is meant, among those that hold something. */
function find(
  root: ts.Node,
  holds: (node: ts.Node) => boolean,
  isMeant: (node: ts.Node) => boolean,
): ts.Node | undefined {
  return ts.forEachChild(root, (node) => {
    if (!holds(node)) return undefined;
    return isMeant(node) ? node : find(node, holds, isMeant);
  });
}

function bodyOf(node: ts.Node): ts.Block | undefined {
  const body = ts.isFunctionLike(node) ? (node as { readonly body?: ts.Node }).body : undefined;
  return body && ts.isBlock(body) ? body : undefined;
}

/** Whether nothing outside of a function's body is inferred from the body: neither its result nor the type of a field. */
function isDeclared(node: ts.Node): boolean {
  if (!ts.isConstructorDeclaration(node)) return (node as ts.SignatureDeclaration).type !== undefined;
  return node.parent.members.every(
    (member) => !ts.isPropertyDeclaration(member) || member.type !== undefined || member.initializer !== undefined,
  );
}
