import { exposedField, memberOf } from './adapt.js';
import { isEqual } from './equal.js';
import type { Value } from './value.js';
import { EvaluationError, keyId, kindOf, NotEvaluated, none, noSuchOverload, some, wholeOf } from './value.js';

/** The member of an object or a map; absent when there is none. */
function findField(value: Value, field: string): Value | undefined {
  if (typeof value === 'object' && value?.kind === 'map') return value.entries.get(keyId(field))?.[1];
  if (typeof value !== 'object' || value?.kind !== 'object') throw noSuchOverload();
  const exposed = exposedField(value.schema, field);
  if (!exposed) throw new NotEvaluated(`the schema has no field \`${field}\` that rules can use`);
  return memberOf(value, exposed);
}

function findElement(value: Value, index: Value): Value | undefined {
  if (typeof value === 'object' && value?.kind === 'map') return value.entries.get(keyId(index))?.[1];
  if (typeof value === 'object' && value?.kind === 'list') {
    const whole = wholeOf(index);
    if (whole === undefined) throw noSuchOverload();
    return whole < 0n ? undefined : value.items[Number(whole)];
  }
  if (typeof index === 'string') return findField(value, index);
  throw noSuchOverload();
}

type Find<K> = (value: Value, key: K) => Value | undefined;

/** Optional values stay optional: what they hold is asked, and an absent one has no members. */
function access<K extends Value>(value: Value, key: K, optional: boolean, find: Find<K>): Value {
  const isOptional = typeof value === 'object' && value?.kind === 'optional';
  const inner = isOptional ? value.value : value;
  if (inner === undefined) return none;
  const found = find(inner, key);
  if (isOptional || optional) return found === undefined ? none : some(found);
  if (found !== undefined) return found;
  const isList = kindOf(inner) === 'list';
  throw new EvaluationError(`${isList ? 'index out of bounds' : 'no such key'}: ${String(wholeOf(key) ?? key)}`);
}

export const select = (value: Value, field: string, optional: boolean): Value =>
  access(value, field, optional, findField);

export const elementAt = (value: Value, index: Value, optional: boolean): Value =>
  access(value, index, optional, findElement);

/** The answer of `has()`. */
export function hasField(value: Value, field: string): boolean {
  const isOptional = typeof value === 'object' && value?.kind === 'optional';
  const inner = isOptional ? value.value : value;
  return inner !== undefined && findField(inner, field) !== undefined;
}

/** The answer of `in`. */
export function isIn(value: Value, container: Value): boolean {
  if (typeof container !== 'object' || container === null) throw noSuchOverload();
  if (container.kind === 'list') return container.items.some((each) => isEqual(each, value));
  if (container.kind === 'map') return container.entries.has(keyId(value));
  throw noSuchOverload();
}
