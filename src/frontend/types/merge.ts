import type { CelRule, Field, ObjectSchema, Schema } from '../../ir/schema.js';
import { immutable, immutableOnceSet } from '../../markers/defs/rules.js';
import { findMarker } from './field.js';

/** One field per name: the last declaration of a name wins, in the place of the first. */
export function mergeFields(fields: readonly Field[]): readonly Field[] {
  const merged = new Map<string, Field>();
  for (const field of fields) merged.set(field.name, field);
  return [...merged.values()];
}

/**
 * An object that is also each of `bases`: what they say of the whole object holds too. Its own limits win; its own rules come first, then
 * those of later bases, as controller-gen lists the rules of embedded structs.
 */
export function withBases(own: ObjectSchema, bases: readonly ObjectSchema[]): ObjectSchema {
  const all = [...bases, own];
  const minimum = own.minProperties ?? greatest(bases.map((base) => base.minProperties));
  const maximum = own.maxProperties ?? least(bases.map((base) => base.maxProperties));
  const mapType = all.findLast((each) => each.mapType !== undefined)?.mapType;
  return {
    ...own,
    fields: mergeFields(all.flatMap((each) => each.fields)),
    ...(minimum !== undefined && { minProperties: minimum }),
    ...(maximum !== undefined && { maxProperties: maximum }),
    ...(mapType !== undefined && { mapType }),
    ...(all.some((each) => each.preserveUnknown) && { preserveUnknown: true }),
    ...(all.some((each) => each.embeddedResource) && { embeddedResource: true }),
    ...rulesOf([...all].reverse().flatMap((each) => each.rules ?? [])),
  };
}

const isNumber = (value: number | undefined): value is number => value !== undefined;

const greatest = (values: readonly (number | undefined)[]): number | undefined =>
  values.filter(isNumber).sort((a, b) => b - a)[0];

const least = (values: readonly (number | undefined)[]): number | undefined =>
  values.filter(isNumber).sort((a, b) => a - b)[0];

/** An object with these fields and the rules that they put on it: an immutable field that may be absent must not be removed. */
export function withFields(schema: ObjectSchema, fields: readonly Field[]): ObjectSchema {
  const added = fields
    .filter((field) => !field.required && findMarker(field.markers.list, immutable))
    .map((field) => immutableOnceSet(field.name));
  return { ...schema, fields, ...rulesOf([...added, ...(schema.rules ?? [])]) };
}

/** A rule that a base and its heir have both stands once. */
function rulesOf(rules: readonly CelRule[]): { readonly rules?: readonly CelRule[] } {
  const distinct = new Map(rules.map((rule) => [JSON.stringify(rule), rule]));
  return distinct.size > 0 ? { rules: [...distinct.values()] } : {};
}

/** A schema without places and texts. */
export const meaning = (schema: Schema): unknown =>
  JSON.parse(
    JSON.stringify(schema, (key, value) => (['at', 'description', 'markers'].includes(key) ? undefined : value)),
  );
