import { importersOf, pathsBeside } from '../contexts/importers.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Host } from '../host.ts';
import { Answers } from '../semantics/answers.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** What programs do that stay until somebody ends them, or whose end nobody waits for; by a word in their text. */
const staying = { listen: /\.\s*listen\s*\(/, lambda: /['"]aws-lambda['"]/ };

const answers = new Answers<SourceUnit, boolean>();

/** So many files that import each other are one program. */
const most = 60;

/**
 * Whether the file is part of a program that does not end when nothing is left to wait for: something that listens is
 * imported, over however many others, by a file that imports this one, too. What nobody imports may be loaded by its name:
 * by a program that lies above it.
 */
export const staysUp = ({ program: { host }, semantics, unit }: FileAnalysis): boolean =>
  answers.of(semantics, unit, () => decide(host, unit.path));

function decide(host: Host, path: string): boolean {
  if (host.environment(path).role === 'service') return true;
  const root = host.packageOf(path);
  const listening = Object.entries(staying).flatMap(([word, does]) =>
    (pathsBeside(host, path, word) ?? []).filter(
      (other) => host.packageOf(other) === root && does.test(host.read(other) ?? ''),
    ),
  );
  if (listening.length === 0) return false;
  const own = importingOf(path, host);
  return listening.some((other) => {
    const others = own && importingOf(other, host);
    return !own || !others || isOneProgram(own, others);
  });
}

interface Importing {
  readonly all: ReadonlySet<string>;
  /** Those that nobody imports. */
  readonly roots: readonly string[];
}

function isOneProgram(own: Importing, others: Importing): boolean {
  return (
    [...others.all].some((it) => own.all.has(it)) ||
    own.roots.some((root) => [...others.all].some((other) => liesBeside(root, other)))
  );
}

/** The file with all that import it, directly or not; `undefined` when there are too many to follow. */
function importingOf(path: string, host: Host): Importing | undefined {
  const all = new Set([path]);
  const roots: string[] = [];
  for (const file of all) {
    const { others } = importersOf(host, file);
    for (const importer of others) all.add(importer);
    if (all.size > most) return undefined;
    if (others.length === 0) roots.push(file);
  }
  return { all, roots };
}

/** In the directory of the other file, or below it. */
const liesBeside = (path: string, other: string): boolean =>
  path.startsWith(other.slice(0, other.lastIndexOf('/') + 1));
