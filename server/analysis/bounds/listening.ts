import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { strip } from '../syntax/tree.ts';
import type { Call } from './sites.ts';
import { usesOf } from './valueUses.ts';

const local = /^(?:localhost|127(?:\.\d+){3}|::1|\/|\\\\[.?]\\pipe)/i;
const localName = /path|sock|pipe|host|addr|bind/i;

/** Whether a server is certainly open to other machines: it listens here, and neither to a file nor to this machine only. */
export function isExposed(semantics: Semantics, call: Call): boolean {
  const { methods } = usesOf(semantics, call, { ends: [] });
  const listens = methods.filter(({ name, call: used }) => name === 'listen' && used);
  return listens.length > 0 && listens.every(({ call: used }) => !used?.arguments.some(isHere));
}

function isHere(argument: ts.Expression): boolean {
  const value = strip(argument);
  if (ts.isStringLiteralLike(value)) return local.test(value.text);
  // A host that is configured may be this one.
  if (ts.isIdentifier(value) || ts.isPropertyAccessExpression(value))
    return localName.test(value.getText().replace(/^.*\./s, ''));
  if (!ts.isObjectLiteralExpression(value)) return false;
  return value.properties.some((property) => {
    const name = property.name?.getText();
    if (name === 'path') return true;
    return name === 'host' && ts.isPropertyAssignment(property) && isHere(property.initializer);
  });
}
