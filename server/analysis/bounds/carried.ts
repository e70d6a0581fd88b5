import ts from 'typescript';
import { calleeName, memberName, strip } from '../syntax/tree.ts';
import type { Options } from './options.ts';
import type { Origin } from './origins.ts';

/** The options that what is fetched carries along: `fetch(new Request(url, { signal }))`. An address carries none. */
export function carriedBy(options: Options, fetched: ts.Expression): readonly ts.Expression[] | 'unknown' {
  const carried: ts.Expression[] = [];
  for (const origin of options.origins(fetched)) {
    const made = origin.kind === 'made' ? strip(origin.node) : undefined;
    if (made && ts.isNewExpression(made) && /Request$/.test(calleeName(made)?.text ?? '')) {
      const [, given] = made.arguments ?? [];
      if (given) carried.push(given);
    } else if (origin.kind !== 'made' && mayBeRequest(origin, fetched)) return 'unknown';
  }
  return carried;
}

function mayBeRequest(origin: Origin, fetched: ts.Expression): boolean {
  if (origin.kind === 'parameter' && origin.path.length === 0 && origin.parameter.type)
    return /\bRequest(?:Info)?\b/.test(origin.parameter.type.getText());
  const value = strip(fetched);
  return /(?:^req|request)$/i.test(ts.isIdentifier(value) ? value.text : (memberName(value) ?? ''));
}
