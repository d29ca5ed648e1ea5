/** Functions over JSON values. `undefined` members count as absent, as in JSON.stringify. */

type Members = Record<string, unknown>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member that the object itself has; `undefined` for what it inherits, such as `constructor`. */
export const ownMember = (members: Members, key: string): unknown =>
  Object.hasOwn(members, key) ? members[key] : undefined;

/** Sets a member, also one named `__proto__`. */
export function setMember(members: Members, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true });
  else members[key] = value;
}

/** A deep copy that shares nothing. A member named `__proto__` stays a member. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isMembers(value)) return value;
  const copy: Members = {};
  for (const key of Object.keys(value)) {
    const member = copyOf(value[key]);
    if (member !== undefined) setMember(copy, key, member);
  }
  return copy as T;
}

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
  for (const key of Object.keys(value)) freezeDeep((value as Members)[key]);
  return value;
}
