const modifiers = 'public|private|protected|static|async|override|abstract|readonly|get|set|export|default|declare';

/**
 * Whether a text may declare something that can be called by a name: a function, a method, a class, or a variable or
 * property that holds one. Calls and mere mentions do not count; in doubt, it does.
 */
export const mayDeclare = byName((word) => [
  `\\b(?:function|class)\\b\\s*\\*?\\s*${word}`,
  `${word}['"\`\\]]*\\s*[?!]?\\s*[:=](?![=>])`,
  `(?:^|[{};,])\\s*(?:(?:${modifiers})\\s+)*\\*?\\s*#?${word}\\s*[?!]?\\s*[(<]`,
]);

/** Whether a text may declare an async function of that name, or one that says that it yields a promise. */
export const mayDeclareAsync = byName((word) => [
  `\\basync\\b[^;{}()=]*${word}`,
  `${word}\\s*[?!]?\\s*(?::[^;={}]*)?[:=]\\s*async\\b`,
  `${word}[^;{}]*\\)\\s*:\\s*Promise\\b`,
]);

/** A test of texts for a name: true when one of the patterns is met. Each name's is compiled once. */
function byName(patterns: (word: string) => readonly string[]): (text: string, name: string) => boolean {
  const tests = new Map<string, RegExp>();
  return (text, name) => {
    let test = tests.get(name);
    if (test === undefined) {
      const word = `(?<![\\w$])${name.replace(/[^\w]/g, '\\$&')}(?![\\w$])`;
      test = new RegExp(patterns(word).join('|'), 'm');
      tests.set(name, test);
    }
    return test.test(text);
  };
}
