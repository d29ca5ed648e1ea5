import type { Condition } from '../api/index.js';
import { now } from './time.js';

export type { Condition } from '../api/index.js';

/** A condition to be set. Without `lastTransitionTime` it is now, where the status changes. */
export type NewCondition = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'> & {
  lastTransitionTime?: string | undefined;
  observedGeneration?: number | undefined;
};

/**
 * Puts the condition into the list, in place: one condition for each type, new types at the end. Returns whether anything changed.
 * `lastTransitionTime` moves only when `status` changes; reason, message and observedGeneration become those given.
 */
export function setCondition(list: Condition[], condition: NewCondition): boolean {
  const { lastTransitionTime, observedGeneration, ...rest } = condition;
  const index = list.findIndex(({ type }) => type === condition.type);
  const old = list[index];
  const moved = old?.status !== condition.status;
  const next: Condition = {
    ...rest,
    lastTransitionTime: moved ? (lastTransitionTime ?? now()) : old.lastTransitionTime,
    ...(observedGeneration !== undefined && { observedGeneration }),
  };
  if (old === undefined) list.push(next);
  else list[index] = next;
  return (
    moved ||
    old.reason !== next.reason ||
    old.message !== next.message ||
    old.observedGeneration !== next.observedGeneration
  );
}

/** The condition of the type; undefined where there is none, or no list. */
export const findCondition = (list: readonly Condition[] | undefined, type: string): Condition | undefined =>
  list?.find((condition) => condition.type === type);

/** Takes the condition out of the list, in place; returns whether it was there. */
export function removeCondition(list: Condition[] | undefined, type: string): boolean {
  const index = list?.findIndex((condition) => condition.type === type) ?? -1;
  if (index >= 0) list?.splice(index, 1);
  return index >= 0;
}

/** False also where the condition is missing or unknown. */
export const isConditionTrue = (list: readonly Condition[] | undefined, type: string): boolean =>
  findCondition(list, type)?.status === 'True';

/** Whether the condition is there and is `False`. */
export const isConditionFalse = (list: readonly Condition[] | undefined, type: string): boolean =>
  findCondition(list, type)?.status === 'False';
