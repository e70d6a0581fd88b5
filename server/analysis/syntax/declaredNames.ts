/** 1 for what names of ASCII characters consist of. */
const namePart = new Uint8Array(128);
for (const sign of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$') namePart[sign.charCodeAt(0)] = 1;

const beginning =
  /(?:^|[{};,])\s*(?:(?:public|private|protected|static|async|override|abstract|readonly|get|set|export|default|declare)\s+)*\*?\s*#?$/;

/**
 * All names of ASCII characters of which `mayDeclare` says that the text may declare them, found in one go: a project asks
 * for thousands of names, each in all files that hold it.
 */
export function declaredNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  /** Where the name before begins and ends. */
  let before = 0;
  let beforeEnd = 0;
  for (let at = 0; at < text.length; ) {
    if (!isNamePart(text, at)) {
      at++;
      continue;
    }
    let end = at + 1;
    while (isNamePart(text, end)) end++;
    if (isGiven(text, end) || isTaking(text, at, end) || isNamed(text, before, beforeEnd, at)) {
      names.add(text.slice(at, end));
    }
    before = at;
    beforeEnd = end;
    at = end;
  }
  return names;
}

function isNamePart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && namePart[code] === 1;
}

/** `name =`, `'name':` */
function isGiven(text: string, end: number): boolean {
  let at = end;
  while (isOneOf('\'"`]', text, at)) at++;
  at = afterMark(text, at);
  return isOneOf(':=', text, at) && !isOneOf('=>', text, at + 1);
}

/** `async name(`, where a statement, a member or a line begins. */
function isTaking(text: string, start: number, end: number): boolean {
  if (!isOneOf('(<', text, afterMark(text, end)) || text[start - 1] === '.') return false;
  let from = start;
  while (from > 0 && !isOneOf('{};,\n\r\u2028\u2029', text, from - 1)) from--;
  return beginning.test(text.slice(from > 0 && isOneOf('{};,', text, from - 1) ? from - 1 : from, start));
}

/** `function* name` */
function isNamed(text: string, before: number, end: number, start: number): boolean {
  // `function` and `class` end in `n` and `s`.
  if (end === start || !isOneOf('ns', text, end - 1)) return false;
  return /(?:^|\$)(?:function|class)$/.test(text.slice(before, end)) && /^\s*\*?\s*$/.test(text.slice(end, start));
}

/** Behind white space with a `?` or `!` in it. */
function afterMark(text: string, from: number): number {
  const at = afterSpace(text, from);
  return isOneOf('?!', text, at) ? afterSpace(text, at + 1) : at;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  return code >= 128 && /\s/.test(String.fromCharCode(code));
}

function isOneOf(signs: string, text: string, at: number): boolean {
  return at < text.length && signs.includes(text.charAt(at));
}
