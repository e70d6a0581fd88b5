import type { Report } from './finding.ts';

/** What makes two findings the same one although lines have moved. */
export interface Identity {
  readonly report: Report;
  /** Relative to the package's root, with `/`. */
  readonly relativePath: string;
  /** Counts findings that are equal in everything else, in source order. */
  readonly ordinal: number;
}

/** A stable id without line numbers: survives edits elsewhere in the file and moves of the package. */
export function fingerprint({ report, relativePath, ordinal }: Identity): string {
  const parts = [
    report.rule,
    relativePath,
    report.enclosing,
    report.resource.kind,
    report.acquisition,
    String(ordinal),
  ];
  return hash(parts.join('\0'));
}

/** 106 bits in hexadecimal: two rounds of cyrb53 (bryc, public domain) with different seeds. Not cryptographic. */
function hash(text: string): string {
  return [0, 0x9e3779b9].map((seed) => cyrb53(text, seed).toString(16).padStart(14, '0')).join('');
}

function cyrb53(text: string, seed: number): number {
  let h1 = 0xdeadbeef ^ seed;
  let h2 = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
