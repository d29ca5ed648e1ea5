import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { isList, isObject, memberAt, objectAt, sameJson, stringAt, stringsAt } from '../json.js';

/** A value with the one that it had before an update. */
export interface Correlated {
  readonly schema: JsonSchema;
  readonly value: Json;
  readonly old: Json;
}

/** A member of an object that was there before, too, and that the schema describes. */
export function correlatedMember(parent: Correlated | undefined, name: string): Correlated | undefined {
  if (!parent || !isObject(parent.value) || !isObject(parent.old)) return undefined;
  const [value, old] = [memberAt(parent.value, name), memberAt(parent.old, name)];
  const schema =
    objectAt(objectAt(parent.schema, 'properties'), name) ?? objectAt(parent.schema, 'additionalProperties');
  return value === undefined || old === undefined || !schema ? undefined : { schema, value, old };
}

/** An item of a list of type map whose keys an old item had; items of other lists have no old ones. */
export function correlatedItem(parent: Correlated | undefined, index: number): Correlated | undefined {
  if (!parent || !isList(parent.value) || !isList(parent.old)) return undefined;
  const schema = objectAt(parent.schema, 'items');
  const value = parent.value[index];
  if (!schema || value === undefined) return undefined;
  const old = oldItem(parent.schema, value, parent.old);
  return old === undefined ? undefined : { schema, value, old };
}

/** The item of a list of type map with the same keys as `item`. */
export function oldItem(schema: JsonSchema, item: Json, oldList: Json | undefined): Json | undefined {
  const keys = stringsAt(schema, 'x-kubernetes-list-map-keys');
  if (stringAt(schema, 'x-kubernetes-list-type') !== 'map' || keys.length === 0 || !isList(oldList)) return undefined;
  const wanted = keysOf(item, keys);
  return wanted && oldList.find((each) => sameJson(keysOf(each, keys) ?? null, wanted));
}

/** The values of the keys, if the item has them all and they are scalars. */
function keysOf(item: Json, keys: readonly string[]): readonly Json[] | undefined {
  const values = keys.map((key) => memberAt(item, key) ?? null);
  return values.every((each) => each !== null && typeof each !== 'object') ? values : undefined;
}

/**
 * Whether an update left the value as it was, as the API server compares: the order of lists of type map does not count, and an
 * object with members that its schema does not describe is never the same.
 */
export function isUnchanged(node: Correlated | undefined): boolean {
  if (!node) return false;
  const { value, old, schema } = node;
  if (isList(value) && isList(old)) {
    if (value.length !== old.length) return false;
    if (stringAt(schema, 'x-kubernetes-list-type') !== 'map') return sameJson(value, old);
    return value.every((_, index) => isUnchanged(correlatedItem(node, index)));
  }
  if (!isObject(value) || !isObject(old)) return sameJson(value, old);
  const names = Object.keys(value);
  return names.length === Object.keys(old).length && names.every((name) => isUnchanged(correlatedMember(node, name)));
}
