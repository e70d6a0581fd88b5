import type { Discharge } from '../resources/model.ts';

/** Whether what is acquired is a right and no object: nobody mentions a lock while it is needed. */
export function isLock({ discharges }: { readonly discharges: readonly Discharge[] }): boolean {
  return discharges.every((d) => d.by === 'call' || (d.by === 'acquirer' && d.argument === undefined));
}
