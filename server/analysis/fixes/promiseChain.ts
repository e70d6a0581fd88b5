import ts from 'typescript';
import { contains, enclosingRoot, isAsync, isFunctionLiteral, strip } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { releasesOf, releaseText } from './releases.ts';
import { doom, removeDoomed } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { usesOf } from './uses.ts';

/** `pool.connect().then((client) => client.query(…).finally(() => client.release()))` */
export function promiseChain(held: Held): FixPlan | undefined {
  const { fn, acquisition, obligation, file, style, graph } = held;
  if (acquisition || obligation.origin.via !== 'value' || !isFunctionLiteral(fn) || isAsync(fn)) return undefined;
  const releases = releasesOf(held);
  const text = releaseText(held, releases);
  const chain = resultOf(fn);
  if (!text || !chain || releases.some((r) => !r.statement || r.special || !contains(chain, r.node))) return undefined;
  const places = releases.map((r) => enclosingRoot(r.node));
  // Only handlers of the very chain: what they do is over when the chain is.
  if (
    places.some(
      (place) => !isFunctionLiteral(place) || !/^(?:then|catch|rejected|finally)$/.test(graph.inlined.get(place) ?? ''),
    )
  )
    return undefined;
  if (!usesOf(held, releases).all.every((use) => contains(chain, use))) return undefined;
  const doomed = doom(releases.flatMap((r) => r.statement ?? []));
  if (!doomed) return undefined;
  const rewriter = new Rewriter();
  removeDoomed(rewriter, file, doomed);
  const lines = new Lines(file.text);
  const dot = ts.isPropertyAccessExpression(chain.expression) ? chain.expression.name.getStart(file) - 1 : chain.end;
  const isBroken = ts.isPropertyAccessExpression(chain.expression) && lines.opens(dot);
  const gap = isBroken ? style.newline + lines.indentAt(dot) : '';
  rewriter.insert(chain.end, `${gap}.finally(() => ${text.certain.replace(/^await /, '')})`);
  const delays = [...doomed.statements].some((s) => ts.isBlock(s.parent) && s.parent.statements.some(returnsCall));
  return { title: 'Release in `.finally()`', safety: delays ? 'suggestion' : 'safe', edits: rewriter.edits() };
}

/** The promise that a handler works for: its value, what it returns at its end, or the last thing it starts. */
function resultOf(fn: ts.ArrowFunction | ts.FunctionExpression): ts.CallExpression | undefined {
  const last = ts.isBlock(fn.body) ? fn.body.statements.at(-1) : undefined;
  const isResult = last && (ts.isReturnStatement(last) || ts.isExpressionStatement(last));
  const result = ts.isBlock(fn.body) ? (isResult ? last.expression : undefined) : fn.body;
  const expression = result && strip(result);
  return expression && ts.isCallExpression(expression) ? expression : undefined;
}

const returnsCall = (statement: ts.Statement): boolean =>
  ts.isReturnStatement(statement) &&
  statement.expression !== undefined &&
  ts.isCallExpression(strip(statement.expression));
