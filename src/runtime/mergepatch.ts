import { copyOf, isEqual, isMembers } from './json.js';

/**
 * The smallest JSON merge patch (RFC 7386) from one object to the other, or `undefined` where nothing differs. Lists are replaced as a
 * whole. A value of `null` in `after` cannot be told from its absence: the format has no way to say it.
 */
export function mergePatchOf(before: unknown, after: unknown): unknown {
  if (isEqual(before, after)) return undefined;
  if (!isMembers(before) || !isMembers(after)) return copyOf(after);
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change =
      after[key] === undefined ? (before[key] === undefined ? undefined : null) : mergePatchOf(before[key], after[key]);
    if (change !== undefined) patch[key] = change;
  }
  return patch;
}

/** The object with a JSON merge patch applied; both arguments stay as they are. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isMembers(patch)) return copyOf(patch);
  const result: Record<string, unknown> = isMembers(target) ? copyOf(target) : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}
