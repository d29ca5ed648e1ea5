import type { Reconciled, Result } from './types.js';

/** The result as it is. Throws TypeError for a number that cannot be meant: it would keep the object waiting for ever. */
export function checkedResult(result: Awaited<Reconciled>): Awaited<Reconciled> {
  const { requeueAfter, priority }: Result = result ?? {};
  if (!isNothing(requeueAfter) && !(Number.isFinite(requeueAfter) && requeueAfter >= 0))
    throw new TypeError(`\`requeueAfter\` must be milliseconds from 0 on, but is ${String(requeueAfter)}`);
  if (!isNothing(priority) && !Number.isFinite(priority))
    throw new TypeError(`\`priority\` of a result must be a number, but is ${String(priority)}`);
  return result;
}

const isNothing = (value: unknown): value is undefined | null => value === undefined || value === null;
