const wellKnown = /^__@(.+)@\d+$/;

/**
 * The declared name behind a compiler's own spelling of it.
 *
 * @param escaped the key in the compiler's symbol tables
 * @param declaredDefault the name that a default export has in its file, if any
 */
export function symbolName(escaped: string, declaredDefault: () => string | undefined): string {
  if (escaped === 'default') {
    return declaredDefault() ?? escaped;
  }
  if (escaped === '__constructor') {
    return 'constructor';
  }
  if (escaped.startsWith('"') && escaped.endsWith('"')) {
    return escaped.slice(1, -1);
  }
  const symbol = wellKnown.exec(escaped)?.[1];
  if (symbol !== undefined) {
    return `[Symbol.${symbol}]`;
  }
  // The tables double the underscores of names that start with two.
  return escaped.startsWith('___') ? escaped.slice(1) : escaped;
}
