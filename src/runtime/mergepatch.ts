import { copyOf, isEqual, isMembers, ownMember, setMember } from './json.js';

/**
 * The smallest JSON merge patch (RFC 7386) from one object to the other, or `undefined` where nothing differs. Lists are replaced as a
 * whole. A member of `after` that is null counts as absent, unless `before` has the same: the format has no way to set it to null.
 */
export function mergePatchOf(before: unknown, after: unknown): unknown {
  if (isEqual(before, after)) return undefined;
  if (!isMembers(before) || !isMembers(after)) return copyOf(after);
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = changeOf(ownMember(before, key), ownMember(after, key));
    if (change !== undefined) setMember(patch, key, change);
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function changeOf(before: unknown, after: unknown): unknown {
  if (after !== undefined && after !== null) return mergePatchOf(before, after);
  return before === undefined || before === after ? undefined : null;
}

/** The object with a JSON merge patch applied; both arguments stay as they are. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isMembers(patch)) return copyOf(patch);
  const result: Record<string, unknown> = isMembers(target) ? copyOf(target) : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) setMember(result, key, applyMergePatch(ownMember(result, key), value));
  }
  return result;
}
