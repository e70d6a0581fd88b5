/** The distinct words of a text as sorted hashes: four bytes for each, where keeping texts would cost thirty times as much. */
export type WordSet = Int32Array;

const otherIdentifierPart = /[\p{ID_Continue}\u200c\u200d]/u;

/** 1 for the ASCII characters that identifiers consist of. */
const identifierPart = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$') {
  identifierPart[character.charCodeAt(0)] = 1;
}

// Signed, as all hashes here: others are no small integers, and each is an object of its own in a set.
const offsetBasis = 0x811c9dc5 | 0;
const prime = 0x01000193;

/** All maximal runs of identifier characters, in code, strings and comments alike. */
export function wordsOf(text: string): WordSet {
  const words = new Set<number>();
  let hash = offsetBasis;
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 128 ? identifierPart[code] === 1 : otherIdentifierPart.test(text.charAt(at))) {
      hash = Math.imul(hash ^ code, prime);
      inside = true;
    } else if (inside) {
      words.add(hash);
      hash = offsetBasis;
      inside = false;
    }
  }
  if (inside) words.add(hash);
  return Int32Array.from(words).sort();
}

/** Whether the set holds the word. A word that is not there is taken for one that is once in some million times. */
export function hasWord(words: WordSet, hash: number): boolean {
  let low = 0;
  let high = words.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = words[middle] as number;
    if (value === hash) return true;
    if (value < hash) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** The hash under which a word stands in a set. */
export function wordHash(word: string): number {
  let hash = offsetBasis;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), prime);
  return hash;
}
