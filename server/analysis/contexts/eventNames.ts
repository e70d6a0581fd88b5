import { awaited, libraryType } from '../inference/known.ts';
import { nodeEvents, processEvents } from '../resources/node/eventNames.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { Lifetimes } from './lifetimes.ts';
import { type Registration, registrationsOf } from './registrations.ts';

/** The event that a listener is meant for, where the name is almost one that the emitter has, and none that it has. */
export function meantEvent(semantics: Semantics, lifetimes: Lifetimes, registration: Registration): string | undefined {
  const { eventName, emitter, api, call } = registration;
  if (eventName === undefined || eventName.length < 4 || api !== 'emitter') return undefined;
  const events = eventsOf(semantics, lifetimes, registration);
  if (!events || events.includes(eventName)) return undefined;
  // Somebody emits it under that name.
  const emitted = new RegExp(`\\.emit\\(\\s*['"\`]${eventName.replace(/[^\w-]/g, '.')}['"\`]`);
  if (emitted.test(call.getSourceFile().text)) return undefined;
  // A name that the file uses again is one that it knows.
  if (registrationsOf(emitter.getSourceFile()).filter((it) => it.eventName === eventName).length > 1) return undefined;
  return events.find((it) => isSlip(eventName, it));
}

function eventsOf(
  semantics: Semantics,
  lifetimes: Lifetimes,
  { emitter }: Registration,
): readonly string[] | undefined {
  if (lifetimes.ofProgram(emitter)?.holder === 'process') return processEvents;
  const type = libraryType(awaited(semantics.inference.evaluate(emitter)));
  const own = type ? `${type.model.library}.${type.type}` : '';
  return Object.hasOwn(nodeEvents, own) ? nodeEvents[own] : undefined;
}

/** One letter more, less or other, two changed places, or another case. */
function isSlip(name: string, event: string): boolean {
  if (name.toLowerCase() === event.toLowerCase()) return true;
  if (Math.abs(name.length - event.length) > 1) return false;
  let start = 0;
  while (start < name.length && name[start] === event[start]) start += 1;
  const [left, right] = [name.slice(start), event.slice(start)];
  const swapped = left.length > 1 && left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2);
  return swapped || left.slice(1) === right.slice(1) || left.slice(1) === right || left === right.slice(1);
}
