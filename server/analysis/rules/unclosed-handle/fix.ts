/** A handle is closed as a pooled client is given back. */
export { givingBack as fixes } from '../../fixes/giveBack.ts';
