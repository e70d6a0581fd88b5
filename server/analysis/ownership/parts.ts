import { type Carry, itself, itsReleaser } from './state.ts';

/**
 * How a property of a value carries the resource.
 * @param releaseNames methods of the resource itself that give it back: read off it, they are releasers.
 */
export function partOf(carry: Carry, key: string | undefined, releaseNames: ReadonlySet<string>): Carry | undefined {
  const [head, ...path] = carry.path;
  if (key !== undefined && carry.releasers?.includes(key)) return itsReleaser;
  if (head === undefined) {
    const isMethod = carry.role === 'resource' && !carry.promised && key !== undefined && releaseNames.has(key);
    return isMethod ? itsReleaser : undefined;
  }
  if (head !== key) return undefined;
  return { path, promised: carry.promised, role: carry.role };
}

/** How an element of a collection that carries the resource carries it. */
export function elementOf(carry: Carry): Carry {
  return carry.path[0] === undefined
    ? itself
    : { path: carry.path.slice(1), promised: carry.promised, role: carry.role };
}
