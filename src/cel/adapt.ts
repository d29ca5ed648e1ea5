import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { isList, isObject, memberAt, objectAt, stringAt, stringsAt } from '../json.js';
import { escapeName, unescapeName } from './escape.js';
import { parseBase64, parseDate, parseDateTime, parseFormatDuration } from './time.js';
import type { List, ObjectValue, Value } from './value.js';
import { EvaluationError, list, mapOf } from './value.js';

/** A value of an object as rules see it: the schema decides the type. */
export function toValue(json: Json, schema: JsonSchema): Value {
  if (json === null) {
    if (schema.nullable === true) return null;
    throw new EvaluationError('invalid data, got null for schema with nullable=false');
  }
  if (schema['x-kubernetes-int-or-string'] === true) return toIntOrString(json);
  const convert = converters[stringAt(schema, 'type') ?? ''];
  if (convert) return convert(json, schema);
  return { kind: 'preserved', json };
}

const converters: Readonly<Record<string, (json: Json, schema: JsonSchema) => Value>> = {
  object: toObject,
  array: toList,
  string: toText,
  number: (json) => (typeof json === 'number' ? json : wrongData('float')),
  integer: (json) => (Number.isInteger(json) ? BigInt(json as number) : wrongData('int')),
  boolean: (json) => (typeof json === 'boolean' ? json : wrongData('bool')),
};

function wrongData(expected: string): never {
  throw new EvaluationError(`invalid data, expected ${expected}`);
}

function toIntOrString(json: Json): Value {
  if (typeof json === 'string') return json;
  return Number.isInteger(json) ? BigInt(json as number) : wrongData('a string or an integer');
}

function toObject(json: Json, schema: JsonSchema): Value {
  if (!isObject(json)) return wrongData('a map');
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const values = objectAt(schema, 'additionalProperties');
  if (!isResource && !objectAt(schema, 'properties') && values) {
    return mapOf(Object.entries(json).map(([key, value]) => [key, toValue(value, values)] as const));
  }
  return { kind: 'object', json, schema: isResource ? withResourceFields(schema) : schema };
}

const text: JsonSchema = { type: 'string' };
const resourceFields: JsonSchema = {
  apiVersion: text,
  kind: text,
  metadata: { type: 'object', properties: { name: text, generateName: text } },
};

/** The schema of a resource as rules see it: of its metadata, only the two names. */
export function withResourceFields(schema: JsonSchema): JsonSchema {
  return { ...schema, properties: { ...objectAt(schema, 'properties'), ...resourceFields } };
}

function toList(json: Json, schema: JsonSchema): List {
  const items = objectAt(schema, 'items');
  if (!isList(json) || !items) return wrongData('an array');
  const value = list(json.map((each) => toValue(each, items)));
  if (schema['x-kubernetes-list-type'] === 'set') return { ...value, merge: { type: 'set' } };
  const keys = stringsAt(schema, 'x-kubernetes-list-map-keys');
  return schema['x-kubernetes-list-type'] === 'map' ? { ...value, merge: { type: 'map', keys } } : value;
}

const textual: Readonly<Record<string, (text: string) => Value>> = {
  byte: parseBase64,
  duration: parseFormatDuration,
  date: parseDate,
  'date-time': parseDateTime,
};

function toText(json: Json, schema: JsonSchema): Value {
  if (typeof json !== 'string') return wrongData('string');
  const parse = textual[stringAt(schema, 'format') ?? ''];
  return parse ? parse(json) : json;
}

/** The schema of a field that rules can name: data without a known type is not exposed, nor are names that CEL cannot spell. */
export function exposedField(schema: JsonSchema, field: string): { name: string; schema: JsonSchema } | undefined {
  const name = unescapeName(field);
  if (name === undefined || escapeName(name) !== field) return undefined;
  const found = objectAt(objectAt(schema, 'properties'), name);
  return found && isExposed(found) ? { name, schema: found } : undefined;
}

/** Whether rules can see data of the node: its type is known at every depth. */
export function isExposed(schema: JsonSchema): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) return true;
  const type = stringAt(schema, 'type') ?? '';
  if (type === 'array') return isExposedPart(objectAt(schema, 'items'));
  if (type !== 'object') return Object.hasOwn(converters, type);
  const values = objectAt(schema, 'additionalProperties');
  return values === undefined || isExposedPart(values);
}

const isExposedPart = (schema: JsonSchema | undefined): boolean => schema !== undefined && isExposed(schema);

/** A member of an object; absent for one that is missing or null. */
export function memberOf(object: ObjectValue, field: { name: string; schema: JsonSchema }): Value | undefined {
  const json = memberAt(object.json as JsonObject, field.name) ?? null;
  return json === null ? undefined : toValue(json, field.schema);
}
