import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { isList, isObject, memberAt, objectAt } from '../json.js';
import type { RuleFindings } from './evaluation.js';
import { checkRules, hasRules } from './evaluation.js';
import { checkDuplicates } from './listtype.js';
import { checkEmbedded } from './metadata.js';
import { unknownFields } from './prune.js';
import type { ValueFinding } from './result.js';
import { checkValue } from './value.js';

export type { RuleFindings } from './evaluation.js';
export type { ValueFinding } from './result.js';

/**
 * What the API server has against an object of the schema under strict field validation: unknown fields first, whose message
 * `unknown field "spec.x"` is complete, then errors that the server prints as `<path>: <message>`. The server stops at unknown
 * fields, and prints `<nil>` as the path of failed branches. Defaults are applied before. With `old`, the object is an update of it:
 * transition rules are asked, and errors of what did not change are dropped. Not checked: the values of apiVersion, kind and metadata
 * of the object itself, and rules that `examineObject` lists as not evaluated.
 */
export function validateObject(schema: JsonSchema, value: Json, old?: Json): readonly ValueFinding[] {
  return examineObject(schema, value, old).findings;
}

/** The findings of `validateObject`, and the rules that opgen could not evaluate. */
export function examineObject(schema: JsonSchema, value: Json, old?: Json): RuleFindings {
  const unknown = unknownFields(schema, value, true).map((path) => ({
    path,
    message: `unknown field ${JSON.stringify(path)}`,
  }));
  const complete = applyDefaults(schema, value);
  const isUpdate = old !== undefined;
  const errors = [
    ...checkValue(schema, complete, '', isUpdate ? { schema, value: complete, old } : undefined),
    ...checkEmbedded(schema, complete, ''),
    ...(isUpdate && checkDuplicates(schema, old, '').length > 0 ? [] : checkDuplicates(schema, complete, '')),
  ];
  const { findings, notEvaluated } = rulesAfter(errors, schema, complete, old);
  return { findings: [...unknown, ...errors, ...findings], notEvaluated };
}

/** What the API server has against an update of the status: errors outside of it do not count, but every rule is asked. */
export function validateStatus(schema: JsonSchema, value: Json, old: Json): readonly ValueFinding[] {
  const complete = applyDefaults(schema, value);
  const errors = checkValue(schema, complete, '', { schema, value: complete, old });
  const inStatus = errors.filter(({ path }) => /^status\b/.test(path));
  const isNew = checkDuplicates(schema, old, '').length === 0;
  const duplicates = isNew ? checkDuplicates(schema, complete, '') : [];
  const all = [...inStatus, ...duplicates];
  return [...all, ...rulesAfter(all, schema, complete, old).findings];
}

const blocking = /^(Required value|Unsupported value|Too long|Too many)| in body must be of type/;

/** Rules are not asked about an object that lacks fields or has values of the wrong type or size. */
function rulesAfter(errors: readonly ValueFinding[], schema: JsonSchema, value: Json, old?: Json): RuleFindings {
  if (!hasRules(schema)) return { findings: [], notEvaluated: [] };
  if (!errors.some(({ message }) => blocking.test(message))) return checkRules(schema, value, old);
  const fact = 'some validation rules were not checked because the object was invalid';
  const message = `Invalid value: null: ${fact}; correct the existing errors to complete validation`;
  return { findings: [{ path: '<nil>', message }], notEvaluated: [] };
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
