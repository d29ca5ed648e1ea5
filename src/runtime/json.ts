/** Functions over JSON values. `undefined` members count as absent, as in JSON.stringify. */

type Members = Record<string, unknown>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A deep copy that shares nothing. A member named `__proto__` stays a member. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isMembers(value)) return value;
  const copy: Members = {};
  for (const key of Object.keys(value)) {
    const member = copyOf(value[key]);
    if (key === '__proto__') Object.defineProperty(copy, key, { value: member, ...plain });
    else if (member !== undefined) copy[key] = member;
  }
  return copy as T;
}

const plain = { enumerable: true, configurable: true, writable: true };

/** Equal as JSON: the order of members does not count. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) && left.length === right.length && left.every((each, index) => isEqual(each, right[index]))
    );
  }
  if (!isMembers(left) || !isMembers(right)) return false;
  const keys = Object.keys(left).filter((key) => left[key] !== undefined);
  const others = Object.keys(right).filter((key) => right[key] !== undefined);
  return (
    keys.length === others.length && keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key]))
  );
}

/** Freezes the value with everything in it, and gives it back. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freezeDeep(member);
  return value;
}
