import type { Wait, WaitPhase } from '../resources/model.ts';

/** A number as people write it: `10_000`. */
export function literal(milliseconds: number): string {
  return String(milliseconds).replace(/\B(?=(?:\d{3})+$)/g, '_');
}

/** What a message tells people to write. */
export function remedyOf(
  { preferred, of: sort, value }: Wait,
  timeoutMs: number,
  missing: readonly WaitPhase[] = ['idle'],
): string {
  const ms = literal(timeoutMs);
  if (preferred === 'signal') return `pass \`signal: AbortSignal.timeout(${ms})\``;
  if (sort === 'socket' && value?.timers && !missing.includes('idle'))
    return `give up connecting after ${ms} ms: a timer that destroys it, cleared when the connection stands`;
  if (sort === 'socket' && value?.timers)
    return `destroy it when it is idle: \`setTimeout(${ms}, …)\` with a handler that destroys`;
  if (preferred === undefined) return value?.bounding?.timeout ? `call \`timeout(${ms})\` on it` : 'give it a deadline';
  return remedyWith([preferred], timeoutMs);
}

/** Whether the option bounds all of a transfer: others end with the headers, or begin anew with each byte. */
export const isOfWhole = ({ bounds }: Wait, option: string): boolean =>
  option.endsWith('.request') || bounds.some((bound) => bound.option === option && bound.phase === 'total');

/** Whether the option bounds a silence, so that the size of what is transferred does not matter. */
export const isOfSilence = (option: string | undefined): boolean => option?.endsWith('.socket') ?? false;

/** To pass these options, with the limit as their value. */
export function remedyWith(options: readonly string[], timeoutMs: number): string {
  const written = options.map((option) => {
    const [first, ...rest] = option.split('.').reverse();
    return rest.reduce((inner, name) => `${name}: { ${inner} }`, `${first}: ${literal(timeoutMs)}`);
  });
  return `pass \`${written.join(', ')}\``;
}
