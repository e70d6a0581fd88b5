/**
 * The entry of a key that must be there.
 * @throws Error when it is not: a fault of the caller.
 */
export function lookUp<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`${String(key)} is no part of this run`);
  return value;
}
