import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { enclosingRoot } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** What only code of a worker at the edge, or of a service worker, says: their runtime ends timers with the request. */
const markers =
  /from\s+['"]cloudflare:|\b(?:ExecutionContext|DurableObjectState|WebSocketPair|ServiceWorkerGlobalScope|FetchEvent)\b|\bself\s*\.\s*skipWaiting\s*\(|\bclients\s*\.\s*claim\s*\(|\bruntime\s*[:=]\s*['"]edge['"]|\bcaches\s*\.\s*default\b/;
const named =
  /workerd|edge-(?:light|runtime|routine)|\bEdgeRuntime\b|\bis(?:Edge|Workerd?|CloudflareWorkers?)\b|\bfastly\b/i;

const known = new WeakMap<SourceUnit, boolean>();

/** Whether code runs where there is no process that a timer keeps alive: by its file, or because all who call it ask. */
export function runsWithoutProcess({ unit, semantics }: FileAnalysis, node: ts.Node): boolean {
  let answer = known.get(unit);
  if (answer === undefined) {
    answer = markers.test(unit.text);
    known.set(unit, answer);
  }
  if (answer || asksForOther(node)) return true;
  const root = enclosingRoot(node);
  const uses =
    ts.isFunctionLike(root) && !ts.isConstructorDeclaration(root) ? semantics.references.usesOf(root) : 'unknown';
  if (uses === 'unknown' || uses.exposed || uses.values.length > 0 || uses.calls.length === 0) return false;
  return uses.calls.every(({ call }) => asksForOther(call));
}

/** `if (getRuntimeKey() === 'workerd') …` around a node. */
function asksForOther(node: ts.Node): boolean {
  for (let current = node; current.parent && !ts.isFunctionLike(current); current = current.parent) {
    const { parent } = current;
    const condition = ts.isIfStatement(parent)
      ? parent.thenStatement === current && parent.expression
      : ts.isConditionalExpression(parent) && parent.whenTrue === current && parent.condition;
    if (condition && named.test(condition.getText()) && !/!/.test(condition.getText())) return true;
  }
  return false;
}
