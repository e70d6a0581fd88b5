import type { Discharge, PackageRange, ValueShape } from './model.ts';

/** Node's own modules: their typings are `@types/node`. */
export const node: readonly PackageRange[] = [{ name: 'node' }];

/** Methods by these names end the resource. */
export const methods = (...names: readonly string[]): readonly Discharge[] =>
  names.map((name) => ({ by: 'method', name }));

/** Listening to one of these events says that the resource's end is seen to. */
export const events = (...names: readonly string[]): readonly Discharge[] =>
  ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'].map((name) => ({
    by: 'method',
    name,
    events: names,
  }));

/** Methods that return the object they are called on. */
export const fluent = (type: string, ...names: readonly string[]): Readonly<Record<string, ValueShape>> =>
  Object.fromEntries(names.map((name) => [name, { returns: type }]));

/** Methods that return no promise and tell by events what fails, or whose failure ends the object. */
export const eventual = (...names: readonly string[]): Readonly<Record<string, ValueShape>> =>
  Object.fromEntries(names.map((name) => [name, { eventual: true } as const]));

/** The fluent methods of every event emitter. */
export const emitter = (type: string): Readonly<Record<string, ValueShape>> =>
  fluent(
    type,
    ...['on', 'once', 'off', 'addListener', 'prependListener', 'prependOnceListener'],
    ...['removeListener', 'removeAllListeners', 'setMaxListeners'],
  );
