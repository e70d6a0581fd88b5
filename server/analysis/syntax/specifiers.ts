/** A module that a text names, as it is written. */
export interface Specifier {
  readonly text: string;
  /** Its last segment. */
  readonly last: string;
  /** The same without an extension. */
  readonly stem: string;
}

/** What a text names behind `from`, `require` and `import`, each once and in order; lines that are a comment import nothing. */
export function specifiersIn(text: string): readonly Specifier[] {
  const found = new Map<string, Specifier>();
  for (const { 2: specifier = '', index } of text.matchAll(
    /(?:\bfrom|\brequire\s*\(|\bimport\s*\(|\bimport)\s*(['"])([^'"\n]+)\1/g,
  )) {
    if (/^\s*\/\//.test(text.slice(text.lastIndexOf('\n', index) + 1, index)) || found.has(specifier)) continue;
    const last = specifier.replace(/\/+$/, '').replace(/^.*\//, '');
    found.set(specifier, { text: specifier, last, stem: withoutExtension(last) });
  }
  return [...found.values()];
}

/** The name of a source file without its extension. */
export function withoutExtension(name: string): string {
  return name.replace(/\.[cm]?[jt]sx?$/, '');
}
