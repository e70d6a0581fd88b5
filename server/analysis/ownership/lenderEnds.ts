import ts from 'typescript';
import { constructionsOf } from '../contexts/callSites.ts';
import { isTestFile } from '../contexts/places.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { calledMethod, enclosingClass, receiver, strip, walk } from '../syntax/tree.ts';
import { endings } from './lending.ts';
import type { Obligation } from './obligation.ts';

/**
 * Whether what lends the resource is a field whose value the makers of the object end themselves, in a `finally` around
 * its work: a connection that an exception leaves behind is closed with all the others.
 */
export function endsWithLender(semantics: Semantics, { acquirer, acquisition, site }: Obligation): boolean {
  const owner = acquisition.duty === 'pooled' && acquirer ? strip(acquirer) : undefined;
  const isField = owner && ts.isPropertyAccessExpression(owner) && owner.expression.kind === ts.SyntaxKind.ThisKeyword;
  const holder = isField ? enclosingClass(site) : undefined;
  if (!holder) return false;
  const makers = constructionsOf(semantics, holder, true).uses.flatMap((use) =>
    use.kind === 'call' && !isTestFile(semantics.program.host, use.call.getSourceFile().fileName) ? [use.call] : [],
  );
  return makers.length > 0 && makers.every(endsWhatItGives);
}

/** `try { await new Stream({ connections }).run() } finally { await connections.end() }` */
function endsWhatItGives(making: ts.CallExpression | ts.NewExpression): boolean {
  const given = new Set<string>();
  for (const argument of making.arguments ?? [])
    walk(argument, (node) => {
      if (ts.isIdentifier(node)) given.add(node.text);
    });
  for (let node: ts.Node = making; node.parent && !ts.isFunctionLike(node); node = node.parent) {
    const { parent } = node;
    if (!ts.isTryStatement(parent) || parent.tryBlock !== node || !parent.finallyBlock) continue;
    let ends = false;
    walk(parent.finallyBlock, (inner) => {
      if (!ts.isCallExpression(inner) || !endings.test(calledMethod(inner) ?? '')) return;
      const ended = receiver(inner);
      ends ||= ended !== undefined && given.has(strip(ended).getText());
    });
    if (ends) return true;
  }
  return false;
}
