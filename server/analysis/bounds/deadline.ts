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

/** To pass these options, with the limit as their value. */
export function remedyWith(options: readonly string[], timeoutMs: number): string {
  const written = options.map((option) => {
    const [first, ...rest] = option.split('.').reverse();
    return rest.reduce((inner, name) => `${name}: { ${inner} }`, `${first}: ${literal(timeoutMs)}`);
  });
  return `pass \`${written.join(', ')}\``;
}
