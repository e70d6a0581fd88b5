import ts from 'typescript';
import { enclosingRoot } from '../syntax/tree.ts';
import type { Call } from './sites.ts';

const pipe = /([\w$.#]+)\s*\.pipe\(\s*([\w$.#]+)\s*[,)]/g;
const bothWays = /([\w$.#]+)\s*\.pipe\(\s*[\w$.#]+\s*\)\s*\.pipe\(\s*\1\s*\)/;
const stopping = '(?:close|end|destroy|destroySoon|terminate)';
/** `client.on('close', () => target.destroy())`, `ws.onclose = () => socket.end()` */
const ended = new RegExp(
  `([\\w$.#]+)\\s*(?:\\.\\s*(?:on|once|addEventListener)\\(\\s*['"](?:close|end|error)['"]\\s*,|\\.on(?:close|error|end)\\s*=)` +
    `[^;]{0,120}?([\\w$.#]+)\\s*\\??\\.\\s*${stopping}\\(`,
  'g',
);

/**
 * Whether the socket carries on what another connection sends, and lives as long as that one: piped both ways, or each
 * ended when the other ends. How long they are silent is the business of those at the two ends.
 */
export function isForwarded(call: Call): boolean {
  const root = enclosingRoot(call);
  const text = (ts.isSourceFile(root) ? call : root).getText();
  if (bothWays.test(text)) return true;
  return isMutual(text, pipe) || isMutual(text, ended);
}

function isMutual(text: string, pattern: RegExp): boolean {
  const pairs = [...text.matchAll(pattern)].map(([, from = '', to = '']) => [from, to] as const);
  return pairs.some(([from, to]) => from !== to && pairs.some(([other, back]) => other === to && back === from));
}

/** Whether an accepted socket goes, in whatever it is wrapped, to whoever listens for connections. */
export function isHandedOver(call: Call): boolean {
  const root = enclosingRoot(call);
  const text = (ts.isSourceFile(root) ? call : root).getText();
  return /\.emit\(\s*['"](?:\w*connect\w*|client|socket|session|peer|accept)['"]/i.test(text);
}

/** Whether a stream that goes on and on is piped into a request that an object keeps. */
export function isKeptOpen(call: Call): boolean {
  const { parent } = call;
  if (!ts.isBinaryExpression(parent) || parent.right !== call || !ts.isPropertyAccessExpression(parent.left))
    return false;
  const kept = parent.left.getText();
  const owner = ts.findAncestor(call, ts.isClassLike);
  return kept.startsWith('this.') && (owner?.getText().includes(`.pipe(${kept})`) ?? false);
}
