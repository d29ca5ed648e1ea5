import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { canonicalJson, isList, isObject, objectAt, stringsAt } from '../json.js';
import { goValue } from '../text/gotext.js';
import type { ValueFinding } from './result.js';

/** The first repetition of each element in lists of type set, and of each key in lists of type map. */
export function checkDuplicates(schema: JsonSchema | undefined, value: Json, path: string): readonly ValueFinding[] {
  if (!schema) return [];
  if (isList(value)) {
    const items = objectAt(schema, 'items');
    const inner = value.flatMap((each, index) => checkDuplicates(items, each, `${path}[${index}]`));
    return [...duplicates(schema, value, path), ...inner];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const declared = objectAt(objectAt(schema, 'properties'), name);
    const at = !declared ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
    return checkDuplicates(declared ?? objectAt(schema, 'additionalProperties'), member, at);
  });
}

function duplicates(schema: JsonSchema, list: readonly Json[], path: string): readonly ValueFinding[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'set' && type !== 'map') return [];
  if (type === 'map') {
    const odd = list.findIndex((each) => each !== null && !isObject(each));
    const message = `Invalid value: ${goValue(list[odd] ?? null)}: must be an object for an array of list-type map`;
    if (odd >= 0) return [{ path: `${path}[${odd}]`, message }];
  }
  const identities =
    type === 'set' ? list : list.map((each) => keysOf(each, stringsAt(schema, 'x-kubernetes-list-map-keys')));
  return secondOnes(identities).map((index) => ({
    path: `${path}[${index}]`,
    message: `Duplicate value: ${goValue(identities[index]!)}`,
  }));
}

function keysOf(item: Json, keys: readonly string[]): Json {
  if (!isObject(item)) return {};
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]!]));
}

/** The indices at which a value stands for the second time. */
function secondOnes(values: readonly Json[]): readonly number[] {
  const counts = new Map<string, number>();
  return values.flatMap((value, index) => {
    const key = canonicalJson(value);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 2 ? [index] : [];
  });
}
