import { copyOf, isMembers } from '../../../runtime/json.js';

export type Members = Record<string, unknown>;

/** Sets the members that are missing. */
export function fill(target: Members, defaults: Members): void {
  for (const [name, value] of Object.entries(defaults)) if (target[name] === undefined) target[name] = copyOf(value);
}

/** The member, which is made when it is missing. */
export function at(parent: Members, name: string): Members {
  const member = parent[name];
  if (isMembers(member)) return member;
  const made: Members = {};
  if (member === undefined) parent[name] = made;
  return made;
}

/** The items of a list member that are objects. */
export const itemsOf = (parent: Members, name: string): readonly Members[] => {
  const list = parent[name];
  return Array.isArray(list) ? list.filter(isMembers) : [];
};
