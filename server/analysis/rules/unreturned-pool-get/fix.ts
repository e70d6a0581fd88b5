/** A client is given back as any other resource: released in `finally`, or not taken at all. */
export { givingBack as fixes } from '../../fixes/giveBack.ts';
