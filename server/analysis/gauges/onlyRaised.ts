import type { FileAnalysis } from '../fileAnalysis.ts';
import { kindOfName } from './names.ts';
import type { Counter, Update } from './updates.ts';

/**
 * The first raise of an instrument that counts what is going on and that nothing in the project lowers. The other files
 * are read as text: whatever they do with it except raising it is taken to keep it right.
 */
export function onlyRaised({ unit, program }: FileAnalysis, counter: Counter): Update | undefined {
  const { gauge, name, updates } = counter;
  if (!gauge || kindOfName(name) !== 'inFlight' || updates.some(({ does }) => does !== 'raise')) return undefined;
  const paths = program.host.mentioning(unit.path, name.replace(/^#/, ''));
  if (paths === undefined) return undefined;
  const word = name.replace(/[^\w]/g, '\\$&');
  const raise = new RegExp(
    `(?<![\\w$])${word}\\s*(?:\\??\\.\\s*labels\\([^)]*\\))?\\s*\\??\\.\\s*${gauge.raise.member}\\(\\s*(?!-)`,
    'g',
  );
  const declared = new RegExp(
    `(?:const|let|var|readonly|private|public|protected|static|export)\\s+${word}(?![\\w$])|this\\.${word}\\s*=(?!=)`,
    'g',
  );
  const mention = new RegExp(`(?<![\\w$])${word}(?![\\w$])`);
  let first: string | undefined;
  for (const path of paths) {
    const text = withoutModuleLists(withoutComments(program.host.read(path) ?? ''));
    if (mention.test(text.replace(raise, '').replace(declared, ''))) return undefined;
    raise.lastIndex = 0;
    if (raise.test(text)) first ??= path;
    raise.lastIndex = 0;
  }
  // One report for the project: in the file that comes first.
  return first === unit.path ? updates[0] : undefined;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, '');
}

function withoutModuleLists(text: string): string {
  return text.replace(/\b(?:import|export)\s*(?:type\s*)?\{[^}]*\}/g, '');
}
