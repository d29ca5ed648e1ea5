import { type JsonSchema, pathStep } from '../../crd/crd.js';
import type { Json, Schema } from '../../ir/schema.js';
import { isObject } from '../../json.js';
import { type Presence, presence } from './presence.js';
import { asNumber, plain, sampleNumber, sampleText } from './scalar.js';

/** A required value that was not found. */
export interface Missing {
  /** From the sampled value: `spec.version`. */
  readonly field: string;
  /** From the sampled schema, in the form of `positionOf`. */
  readonly schemaPath: string;
  readonly pattern?: string;
}

/** Without a value where the schema itself has none; `missing` says what the value lacks, if only parts of it do. */
export interface Sample {
  readonly value?: Json;
  readonly missing: readonly Missing[];
}

/** A schema of a CRD together with the node that it was made from, which knows where built-in types begin. */
export interface Place {
  readonly schema: JsonSchema;
  readonly source?: Schema | undefined;
  /** Values for different `nth` differ, as far as the schema leaves room. */
  readonly nth: number;
  /** Only what is required: inside built-in types, which have hundreds of optional members. */
  readonly minimal: boolean;
}

/** The members of an enum; that of a nullable value stands in a branch of its own. */
function enumOf(schema: JsonSchema): readonly Json[] | undefined {
  if (Array.isArray(schema.enum)) return schema.enum;
  const branches = Array.isArray(schema.allOf) ? (schema.allOf as readonly JsonSchema[]) : [];
  return branches.map((branch) => branch.enum).find((members) => Array.isArray(members));
}

/** The value that a sample shows: example, default, first value of an enum, or something plain that satisfies the schema. */
export function sampleValue(place: Place): Sample {
  const { schema, nth } = place;
  if (nth === 0 && schema.example !== undefined) return found(schema.example);
  if (nth === 0 && schema.default !== undefined && !isEmptyObject(schema.default)) return found(schema.default);
  const members = enumOf(schema);
  if (members) return found(members[nth]);
  if (schema['x-kubernetes-int-or-string'] === true) return found(nth + 1);
  switch (schema.type) {
    case 'string':
      return found(sampleText(schema, nth), schema.pattern);
    case 'integer':
    case 'number':
      return found(sampleNumber(schema, nth));
    case 'boolean':
      return found(nth < 2 ? nth === 1 : undefined);
    case 'array':
      return list(place);
    case 'object':
      return object(place);
    default:
      return found({});
  }
}

function found(value: Json | undefined, pattern?: Json): Sample {
  if (value !== undefined) return { value, missing: [] };
  return { missing: [{ field: '', schemaPath: '', ...(typeof pattern === 'string' && { pattern }) }] };
}

const isEmptyObject = (value: Json): boolean => isObject(value) && Object.keys(value).length === 0;

function list(place: Place): Sample {
  const { schema, source } = place;
  const distinct = schema.uniqueItems === true || ['set', 'map'].includes(String(schema['x-kubernetes-list-type']));
  const items = source?.kind === 'array' ? source.items : undefined;
  const samples = Array.from({ length: Math.min(asNumber(schema.minItems) ?? 0, 100) }, (_, nth) => {
    const item = { schema: asSchema(schema.items), source: items, minimal: isMinimal(place) };
    const varied = sampleValue({ ...item, nth: distinct ? nth : 0 });
    return varied.missing.length > 0 && nth > 0 ? sampleValue({ ...item, nth: 0 }) : varied;
  });
  const missing = samples[0]?.missing.map((each) => within('[0]', '.items', each)) ?? [];
  if (missing.length > 0) return { missing };
  const values = samples.map((sample) => sample.value!);
  const identities = new Set(values.map((value) => identity(value, schema['x-kubernetes-list-map-keys'])));
  return found(distinct && identities.size < values.length ? undefined : values);
}

/** What tells one entry of a list from another: the values of its keys, or all of it. */
function identity(value: Json, keys: Json | undefined): string {
  if (!Array.isArray(keys) || typeof value !== 'object' || value === null) return JSON.stringify(value);
  return JSON.stringify(keys.map((key) => (value as { [key: string]: Json })[String(key)] ?? null));
}

function object(place: Place): Sample {
  const { schema } = place;
  if (schema['x-kubernetes-embedded-resource'] === true && !schema.properties) {
    return found({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: plain(place.nth) } });
  }
  return isObject(schema.additionalProperties) ? map(place) : members(place);
}

function map(place: Place): Sample {
  const { schema, source } = place;
  const least = Math.min(asNumber(schema.minProperties) ?? 0, 100);
  const value = sampleValue({
    schema: asSchema(schema.additionalProperties),
    source: source?.kind === 'map' ? source.values : undefined,
    nth: 0,
    minimal: isMinimal(place),
  });
  if (least === 0) return found({});
  const missing = value.missing.map((each) => within(`.${plain(0)}`, '.additionalProperties', each));
  if (missing.length > 0) return { missing };
  return found(fromEntries(Array.from({ length: least }, (_, index) => [plain(index), value.value!])));
}

interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly sample: Sample;
}

function members(place: Place): Sample {
  const { schema } = place;
  const demands = presenceIn(place);
  const shown = Object.keys(asSchema(schema.properties)).flatMap((name) => member(place, name, demands) ?? []);
  const most = asNumber(schema.maxProperties) ?? Number.POSITIVE_INFINITY;
  const room = Math.max(0, most - shown.filter((each) => each.required).length);
  const optional = new Set(shown.filter((each) => !each.required).slice(0, room));
  const kept = shown.filter((each) => each.required || optional.has(each));
  const value = fromEntries(
    kept.flatMap(({ name, sample }) => (sample.value === undefined ? [] : [[name, sample.value] as const])),
  );
  const missing = kept.flatMap(({ name, sample }) =>
    sample.missing.map((each) => within(`.${name}`, `.properties${pathStep(name)}`, each)),
  );
  if (missing.length > 0) return { value, missing };
  const size = Object.keys(value).length;
  return found(size < (asNumber(schema.minProperties) ?? 0) || size > most ? undefined : value);
}

/** Undefined for a member that the sample leaves out. */
function member(place: Place, name: string, demands: Presence): Member | undefined {
  if (demands.forbidden.has(name)) return undefined;
  const child = childPlace(place, name);
  const required = isRequired(place.schema, name) || demands.required.has(name);
  if (!required && (isMinimal(place) || !isShown(child, demands.unknown))) return undefined;
  const sample = sampleValue(child);
  return required || sample.missing.length === 0 ? { name, required, sample } : undefined;
}

function childPlace(place: Place, name: string): Place {
  const { schema, source, nth } = place;
  const field = source?.kind === 'object' ? source.fields.find((each) => each.name === name) : undefined;
  const properties = asSchema(schema.properties);
  return { schema: asSchema(properties[name]), source: field?.schema, nth, minimal: isMinimal(place) };
}

/** Of optional members, those are shown that tell something and are safe without knowing the rules that opgen cannot read. */
function isShown({ schema, source }: Place, cautious: boolean): boolean {
  if (schema.example !== undefined || (schema.default !== undefined && !isEmptyObject(schema.default))) return true;
  const free =
    !hasJunctors(schema) && (schema.type === 'object' || presence(rulesOf(schema), () => undefined).unknown === false);
  if (cautious || !free || source?.kind === 'builtin') return false;
  if (schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-embedded-resource'] === true) return false;
  return schema.type === 'object' ? isObject(schema.properties) : isScalar(schema);
}

const isScalar = (schema: JsonSchema): boolean =>
  schema.enum !== undefined || ['string', 'integer', 'number', 'boolean'].includes(String(schema.type));

const hasJunctors = (schema: JsonSchema): boolean =>
  ['oneOf', 'anyOf', 'allOf', 'not'].some((junctor) => schema[junctor] !== undefined);

function presenceIn(place: Place): Presence {
  const read = presence(rulesOf(place.schema), (name) => sampleValue(childPlace(place, name)).value);
  return hasJunctors(place.schema) ? { ...read, unknown: true } : read;
}

function rulesOf(schema: JsonSchema): readonly string[] {
  const rules = schema['x-kubernetes-validations'];
  return Array.isArray(rules) ? rules.map((each) => String((each as { rule?: unknown }).rule)) : [];
}

const isRequired = (schema: JsonSchema, name: string): boolean =>
  Array.isArray(schema.required) && schema.required.includes(name);

const isMinimal = (place: Place): boolean => place.minimal || place.source?.kind === 'builtin';

const within = (field: string, schemaPath: string, missing: Missing): Missing => ({
  ...missing,
  field: `${field}${missing.field}`,
  schemaPath: `${schemaPath}${missing.schemaPath}`,
});

const asSchema = (value: Json | undefined): JsonSchema => (isObject(value) ? value : {});

/** Own properties whatever their names are, `__proto__` included. */
function fromEntries(entries: readonly (readonly [string, Json])[]): JsonSchema {
  return Object.fromEntries(entries) as JsonSchema;
}
