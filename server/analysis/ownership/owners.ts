import ts from 'typescript';
import { strip, walk } from '../syntax/tree.ts';
import { methodNames } from './discharges.ts';
import type { Release } from './obligation.ts';

/** The members of a class that give back what a field holds, by themselves or by calling each other. */
export function releasersOf(owner: ts.ClassLikeDeclaration, release: Release): readonly string[] {
  const found = new Map<ts.ClassElement, string>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    const known = new Set(found.values());
    for (const member of owner.members) {
      if (!found.has(member) && releasesField(member, known, release)) found.set(member, nameOf(member));
    }
  }
  return [...found.values()];
}

function nameOf(member: ts.ClassElement): string {
  if (ts.isConstructorDeclaration(member)) return 'constructor';
  return member.name?.getText() ?? '';
}

function releasesField(member: ts.ClassElement, known: ReadonlySet<string>, release: Release): boolean {
  const names = methodNames(release);
  let found = false;
  walk(member, (inner) => {
    if (!ts.isCallExpression(inner)) return;
    const callee = strip(inner.expression);
    if (!ts.isPropertyAccessExpression(callee)) return;
    const { text } = callee.name;
    const owner = strip(callee.expression);
    const onField = ts.isPropertyAccessExpression(owner);
    const given = inner.arguments.some((a) => ts.isPropertyAccessExpression(strip(a)));
    found ||= onField && names.has(text);
    found ||= given && release.discharges.some((d) => d.by === 'acquirer' && d.name === text);
    found ||= owner.kind === ts.SyntaxKind.ThisKeyword && known.has(text);
  });
  return found;
}
