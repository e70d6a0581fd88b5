import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingRoot, receiver, some, strip, unstrip } from '../syntax/tree.ts';
import type { SolvedObligation } from './ownership.ts';

/**
 * Whether the code around ends such resources through what was made in them, as the function makes something:
 * `page.browserContext().close()`, also by a name: `const context = page.context(); … await context.close()`.
 */
export function endsThroughWorks(file: FileAnalysis, { obligation }: SolvedObligation): boolean {
  const { acquisition, site } = obligation;
  const { reachedBy = [], preferred } = acquisition;
  if (reachedBy.length === 0 || !('name' in preferred)) return false;
  const name = nameOf(site);
  const makes = some(enclosingRoot(site), (node) => {
    const owner = ts.isCallExpression(node) ? receiver(node) : undefined;
    return (
      owner !== undefined &&
      strip(owner).getText() === name &&
      ts.isAwaitExpression(unstrip(node as ts.Expression).parent)
    );
  });
  if (name === undefined || !makes) return false;
  const { host } = file.program;
  const { path, text } = file.unit;
  return reachedBy.some((member) => {
    const ends = endingBy(member, preferred.name);
    if (ends(text)) return true;
    // A file that closes what it makes shows how it does so.
    if (text.includes(`.${preferred.name}(`)) return false;
    return (host.mentioning(path, member) ?? []).some((other) => ends(host.read(other) ?? ''));
  });
}

/** Tests whether a text calls the release on what the member gives, at once or by a name. */
function endingBy(member: string, release: string): (text: string) => boolean {
  const direct = new RegExp(`\\w[!?]?\\.${member}\\(\\)[!?]?\\.${release}\\(`);
  const naming = new RegExp(`(?:const|let|var)\\s+(\\w+)\\s*=\\s*[\\w$.!?]+\\.${member}\\(\\)`, 'g');
  return (text) =>
    direct.test(text) ||
    [...text.matchAll(naming)].some(([, name]) => new RegExp(`\\b${name}[!?]?\\.${release}\\(`).test(text));
}

/** The variable that the resource is put into. */
function nameOf(site: ts.Expression): string | undefined {
  const call = unstrip(site);
  const value = ts.isAwaitExpression(call.parent) ? unstrip(call.parent) : call;
  const { parent } = value;
  if (ts.isVariableDeclaration(parent)) return parent.name.getText();
  if (!ts.isBinaryExpression(parent) || parent.right !== value) return undefined;
  return strip(parent.left).getText();
}
