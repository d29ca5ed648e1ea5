import type { Json } from '../../ir/schema.js';
import { isObject, type JsonObject } from '../../json.js';
import { type Misfit, misfits, type Shape } from './shape.js';

/** What stands in the way of a strategic merge patch: unknown fields and directives, values of another type. */
export function patchMisfits(patch: JsonObject, shape: Shape): readonly Misfit[] {
  return [...misfits(withoutNulls(patch), shape, '', isDirective), ...directiveMisfits(patch, '')];
}

const isDirective = (key: string): boolean => key.startsWith('$');
const orderDirective = '$setElementOrder/';

/** A null takes a field away, whatever its type. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((each: Json) => !isListDirective(each)).map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === null ? [] : [[key, withoutNulls(each)]])),
  );
}

/** `{"$patch": "replace"}` as an element stands for the whole list. */
const isListDirective = (value: Json): boolean =>
  isObject(value) && value.$patch === 'replace' && Object.keys(value).length === 1;

function directiveMisfits(value: Json, path: string): readonly Misfit[] {
  if (Array.isArray(value)) return value.flatMap((each: Json, index) => directiveMisfits(each, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (!isDirective(key)) return directiveMisfits(each, at);
    return isKnownDirective(key, each)
      ? []
      : [
          {
            path: at,
            type: { expected: 'a directive of strategic merge patches', got: JSON.stringify(each) },
            hint: 'write `"$patch": "delete"`, `"$patch": "replace"` or `"$retainKeys": ["name"]`',
          },
        ];
  });
}

function isKnownDirective(key: string, value: Json): boolean {
  if (key === '$patch') return value === 'replace' || value === 'delete';
  return Array.isArray(value) && (key === '$retainKeys' || key === `${orderDirective}matchConditions`);
}

/**
 * The object with the patch applied as Kubernetes does: maps are merged, null takes away, a list with a merge key is merged by it, any other
 * list is replaced. The patch has no misfits.
 */
export function applyPatch(before: JsonObject, patch: JsonObject, shape: Shape): JsonObject {
  const { $patch, $retainKeys: retained, ...changes } = patch;
  if ($patch === 'delete') return {};
  const kept = $patch === 'replace' ? {} : Array.isArray(retained) ? pick(before, retained) : before;
  const after = new Map<string, Json>(Object.entries(kept));
  for (const [key, value] of Object.entries(changes)) {
    if (isDirective(key)) continue;
    const inner = fieldOf(shape, key);
    const old = after.get(key);
    if (value === null) after.delete(key);
    else if (isObject(value) && value.$patch === 'delete' && old === undefined) continue;
    else if (isObject(value)) after.set(key, applyPatch(objectOr(old), value, inner));
    else if (Array.isArray(value) && typeof inner === 'object' && 'mergeKey' in inner)
      after.set(key, mergeList(listOr(old), value, inner.mergeKey!, changes[`${orderDirective}${key}`]));
    else after.set(key, value);
  }
  return Object.fromEntries(after);
}

const objectOr = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const listOr = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const pick = (object: JsonObject, keys: readonly Json[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));

function fieldOf(shape: Shape, key: string): Shape {
  if (typeof shape === 'object' && 'fields' in shape) return shape.fields[key] ?? 'string';
  return typeof shape === 'object' && 'values' in shape ? shape.values : 'string';
}

function mergeList(
  before: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
  order: Json | undefined,
): readonly Json[] {
  const replaces = patch.some(isListDirective);
  const merged = replaces ? [] : [...before];
  for (const each of patch.filter((item) => isObject(item) && !isListDirective(item)) as readonly JsonObject[]) {
    const found = merged.findIndex((other) => isObject(other) && other[mergeKey] === each[mergeKey]);
    if (each.$patch === 'delete') merged.splice(found < 0 ? merged.length : found, 1);
    else if (found < 0) merged.push(applyPatch({}, each, 'string'));
    else merged[found] = applyPatch(merged[found] as JsonObject, each, 'string');
  }
  return Array.isArray(order) ? inOrder(merged, order, mergeKey) : merged;
}

/** What the order does not name comes last. */
function inOrder(list: readonly Json[], order: readonly Json[], mergeKey: string): readonly Json[] {
  const keys = order.map((each) => (isObject(each) ? each[mergeKey] : each));
  const place = (each: Json): number => {
    const index = keys.indexOf(isObject(each) ? each[mergeKey] : each);
    return index < 0 ? keys.length : index;
  };
  return [...list].sort((a, b) => place(a) - place(b));
}
