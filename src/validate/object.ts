import type { JsonObject, JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { isList, isObject, memberAt, objectAt } from './json.js';
import { checkDuplicates } from './listtype.js';
import { checkEmbedded } from './metadata.js';
import { unknownFields } from './prune.js';
import type { ValueFinding } from './result.js';
import { checkValue } from './value.js';

export type { ValueFinding } from './result.js';

/**
 * What the API server has against an object of the schema under strict field validation: unknown fields first, whose message
 * `unknown field "spec.x"` is complete, then errors that the server prints as `<path>: <message>`. The server stops at unknown
 * fields, and prints `<nil>` as the path of failed branches. Defaults are applied before. Not checked: the values of apiVersion,
 * kind and metadata of the object itself, CEL rules, and formats other than date-time, date, byte and those of numbers.
 */
export function validateObject(schema: JsonSchema, value: Json): readonly ValueFinding[] {
  const unknown = unknownFields(schema, value, true).map((path) => ({
    path,
    message: `unknown field ${JSON.stringify(path)}`,
  }));
  const complete = applyDefaults(schema, value);
  return [
    ...unknown,
    ...checkValue(schema, complete, ''),
    ...checkEmbedded(schema, complete, ''),
    ...checkDuplicates(schema, complete, ''),
  ];
}

/**
 * A copy of the value with the defaults of the schema, as the API server stores it: missing fields and nulls of fields that are not
 * nullable get their defaults, from outside to inside; such nulls without a default are dropped from objects.
 */
export function applyDefaults(schema: JsonSchema, value: Json): Json {
  if (isList(value)) return withItemDefaults(schema, value);
  return isObject(value) ? withFieldDefaults(schema, value) : value;
}

function withItemDefaults(schema: JsonSchema, list: readonly Json[]): Json {
  const items = objectAt(schema, 'items');
  return items
    ? list.map((each) => applyDefaults(items, replacesNull(items, each) ? (defaultOf(items) ?? null) : each))
    : list;
}

function withFieldDefaults(schema: JsonSchema, value: JsonObject): Json {
  const properties = objectAt(schema, 'properties') ?? {};
  const missing = Object.entries(properties).flatMap(([name, field]): readonly (readonly [string, Json])[] => {
    const given = defaultOf(field);
    return given === undefined || Object.hasOwn(value, name) ? [] : [[name, given]];
  });
  const members = [...Object.entries(value), ...missing].flatMap(
    ([name, member]): readonly (readonly [string, Json])[] => {
      const field = objectAt(properties, name) ?? objectAt(schema, 'additionalProperties');
      if (!field) return [[name, member]];
      const kept = replacesNull(field, member) ? defaultOf(field) : member;
      return kept === undefined ? [] : [[name, applyDefaults(field, kept)]];
    },
  );
  return Object.fromEntries(members);
}

const replacesNull = (schema: JsonSchema, value: Json): boolean => value === null && schema.nullable !== true;

/** A default of null counts as none. */
function defaultOf(schema: Json): Json | undefined {
  return memberAt(schema, 'default') ?? undefined;
}
