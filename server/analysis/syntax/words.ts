/** Whether a text holds a word as a whole identifier, be it in code, a string or a comment. */
export function mentions(text: string, word: string): boolean {
  const escaped = word.replace(/[^\w]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(text);
}
