import { copyOf, isMembers, ownMember, setMember } from '../../../runtime/json.js';
import { stepTo } from './fields.js';
import { formOf, memberType, type Type } from './type.js';

/** The live value with an applied one: members and items are united, atoms are replaced. */
export function merge(type: Type, live: unknown, applied: unknown): unknown {
  if (live === undefined) return copyOf(applied);
  const form = formOf(type, applied);
  if (form === 'atom' || formOf(type, live) !== form) return copyOf(applied);
  if (form === 'items') return mergeItems(type, live as readonly unknown[], applied as readonly unknown[]);
  const merged: Record<string, unknown> = copyOf(isMembers(live) ? live : {});
  for (const [name, value] of Object.entries(applied as object)) {
    if (value === undefined) continue;
    setMember(merged, name, merge(memberType(type, name).type, ownMember(merged, name), value));
  }
  return merged;
}

/**
 * Items that only one side has stay near their neighbours; those of both sides come in the order of the applied list, which
 * also has the last word on what comes first where nothing else decides.
 */
function mergeItems(type: Type, live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const element: Type = type.is === 'list' ? type.element : { is: 'atom' };
  const held = live.map((item) => ({ step: stepTo(type, item), item }));
  const wanted = applied.map((item) => ({ step: stepTo(type, item), item }));
  const heldAt = new Map(held.map(({ step, item }) => [step, item]));
  const isWanted = new Set(wanted.map(({ step }) => step));
  const shared = wanted.filter(({ step }) => heldAt.has(step)).map(({ step }) => step);
  const result: unknown[] = [];
  let l = 0;
  let r = 0;
  while (l < held.length || r < wanted.length) {
    const left = held[l];
    const right = wanted[r];
    const isShared = left !== undefined && isWanted.has(left.step);
    if (left && !isShared) {
      result.push(copyOf(left.item));
      l++;
    } else if (left && left.step !== right?.step && (!right || (shared[0] !== undefined && shared[0] !== left.step))) {
      l++;
    } else if (right) {
      result.push(merge(element, heldAt.get(right.step), right.item));
      if (left?.step === right.step) l++;
      if (shared[0] === right.step) shared.shift();
      r++;
    }
  }
  return result;
}
