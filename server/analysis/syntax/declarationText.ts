/**
 * Whether a text may declare something that can be called by a name: a function, a method, a class, or a variable or
 * property that holds one. Calls and mere mentions do not count; in doubt, it does.
 */
export function mayDeclare(text: string, name: string): boolean {
  let test = tests.get(name);
  if (test === undefined) {
    const word = `(?<![\\w$])${name.replace(/[^\w]/g, '\\$&')}(?![\\w$])`;
    test = new RegExp(
      [
        `\\b(?:function|class)\\b\\s*\\*?\\s*${word}`,
        `${word}['"\`\\]]*\\s*[?!]?\\s*[:=](?![=>])`,
        `(?:^|[{};,])\\s*(?:(?:${modifiers})\\s+)*\\*?\\s*#?${word}\\s*[?!]?\\s*[(<]`,
      ].join('|'),
      'm',
    );
    tests.set(name, test);
  }
  return test.test(text);
}

const modifiers = 'public|private|protected|static|async|override|abstract|readonly|get|set|export|default|declare';

/** Compiled once for each name that was asked for. */
const tests = new Map<string, RegExp>();
