import { copyOf, isEqual, isMembers } from '../../runtime/json.js';
import { isSameItem, type Shape } from './shape.js';

type Members = Record<string, unknown>;

/**
 * The value with a strategic merge patch applied: a merge patch in which items of known lists are merged by their keys.
 * `$patch` with `replace` or `delete` and `$deleteFromPrimitiveList/<field>` are honoured; other directives, which
 * concern the order, are not.
 */
export function applyStrategicPatch(shape: Shape, target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return mergedList(shape, Array.isArray(target) ? target : [], patch);
  if (!isMembers(patch)) return copyOf(patch);
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  return mergedMembers(shape, isMembers(target) ? copyOf(target) : {}, patch);
}

const isDirective = (name: string): boolean => name.startsWith('$');
const deletion = '$deleteFromPrimitiveList/';

const withoutDirectives = (patch: Members): Members =>
  Object.fromEntries(Object.entries(copyOf(patch)).filter(([name]) => !isDirective(name)));

function mergedMembers(shape: Shape, result: Members, patch: Members): Members {
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith(deletion)) dropElements(result, name.slice(deletion.length), value);
    else if (isDirective(name)) continue;
    else if (value === null || value === undefined) delete result[name];
    else result[name] = applyStrategicPatch(shape.field(name), result[name], value);
  }
  return result;
}

function dropElements(result: Members, name: string, dropped: unknown): void {
  const list = result[name];
  if (!Array.isArray(list) || !Array.isArray(dropped)) return;
  result[name] = list.filter((each) => !dropped.some((other) => isEqual(each, other)));
}

function mergedList(shape: Shape, target: readonly unknown[], patch: readonly unknown[]): unknown {
  const items = patch.filter((item) => !isMembers(item) || item.$patch !== 'replace');
  if (items.length < patch.length) return copyOf(items);
  const list = shape.list([...target, ...patch]);
  if (list.type === 'set') {
    const all = [...target, ...patch.filter((item) => !target.some((each) => isEqual(each, item)))];
    return ordered({ merged: all, target, patch }, isEqual);
  }
  if (list.type === 'atomic') return copyOf(patch);
  const isSame = (left: unknown, right: unknown): boolean => isSameItem(list.keys, left, right);
  const merged = patch.reduce<unknown[]>((all, item) => withItem(shape, list.keys, all, item), [...copyOf(target)]);
  return ordered({ merged, target, patch }, isSame);
}

interface Lists {
  readonly merged: readonly unknown[];
  readonly target: readonly unknown[];
  readonly patch: readonly unknown[];
}

/**
 * Patched items in the order of the patch, new ones as early as that allows; the others keep their place before those
 * that they preceded.
 */
function ordered({ merged, target, patch }: Lists, isSame: (left: unknown, right: unknown) => boolean): unknown[] {
  const patched = patch.flatMap((item) => merged.filter((each) => isSame(each, item)));
  const others = merged.filter((each) => !patched.includes(each));
  const placeOf = (item: unknown): number => target.findIndex((each) => isSame(each, item));
  const result: unknown[] = [];
  for (const item of patched) {
    while (others.length > 0 && placeOf(others[0]) < placeOf(item)) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
}

function withItem(shape: Shape, keys: readonly string[], result: readonly unknown[], item: unknown): unknown[] {
  const index = result.findIndex((each) => isSameItem(keys, each, item));
  if (isMembers(item) && item.$patch === 'delete') return result.filter((_, at) => at !== index);
  const merged = applyStrategicPatch(shape.item(), index < 0 ? {} : result[index], item);
  return index < 0 ? [...result, merged] : result.map((each, at) => (at === index ? merged : each));
}
