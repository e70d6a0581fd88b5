import type { Semantics } from '../semantics/semantics.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import type { SoleEvent } from './soleEvent.ts';

const imports = /\b(?:from|require\s*\(|import\s*\()\s*['"](\.[^'"\n]*)['"]/g;
/** Streams say `drain` and `end` themselves; what is written as one keeps to what they promise. */
const stream = /\bextends\s+(?:\w+\.)?(?:Readable|Writable|Duplex|Transform|PassThrough|Stream|Socket)\b/;

/**
 * Whether an event is one that the project's own objects emit, in the file or in one that it imports: when it comes, and
 * what becomes of a failure, is theirs to say.
 */
export function isOwnEvent(
  { event }: SoleEvent,
  { path, text }: SourceUnit,
  { program: { host } }: Semantics,
): boolean {
  const emits = new RegExp(`\\bemit\\(\\s*['"\`]${event}['"\`]`);
  const isEmitter = (it: string): boolean => emits.test(it) && !stream.test(it);
  return (
    isEmitter(text) ||
    [...text.matchAll(imports)].some(([, specifier]) => {
      const imported = host.resolve(path, specifier ?? '');
      return imported !== undefined && isEmitter(host.read(imported) ?? '');
    })
  );
}
