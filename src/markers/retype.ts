import type { Json, Schema } from '../ir/schema.js';
import { fits, isFamily } from './effect.js';

export type TypeName = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'intOrString';

const kept = ['title', 'description', 'externalDocs', 'example', 'nullable', 'rules', 'at'] as const;
const textLimits = ['pattern', 'minLength', 'maxLength'];
const numberLimits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];

/**
 * The node with another type: what does not fit the new one is dropped. Nothing if it cannot be done: a list needs its elements. An
 * object of any sort stays as it is under `object`.
 */
export function retype(schema: Schema, to: TypeName): Schema | undefined {
  if (schema.kind === to) return schema;
  if (to === 'array') return undefined;
  if (to === 'object') return toObject(schema);
  return withValues(schema, { ...pick(schema, [...kept, ...sharedLimits(schema, to)]), kind: to } as Schema);
}

function toObject(schema: Schema): Schema {
  if (schema.kind === 'map' || schema.kind === 'builtin') return schema;
  const flags = schema.kind === 'any' ? ['preserveUnknown', 'embeddedResource'] : [];
  return withValues(schema, { ...pick(schema, [...kept, ...flags]), kind: 'object', fields: [] } as unknown as Schema);
}

function sharedLimits(schema: Schema, to: TypeName): readonly string[] {
  if (isFamily(schema, 'text')) return to === 'string' || to === 'intOrString' ? textLimits : [];
  return isFamily(schema, 'number') && (to === 'integer' || to === 'number') ? numberLimits : [];
}

/** Default and enum come along where they have the new type. */
function withValues(from: Schema, to: Schema): Schema {
  const hasDefault = from.default !== undefined && fits(to, from.default);
  const hasEnum = from.enum?.every((value: Json) => fits(to, value));
  return { ...to, ...(hasDefault && { default: from.default! }), ...(hasEnum && { enum: from.enum! }) };
}

function pick(schema: Schema, keys: readonly string[]): Partial<Schema> {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => keys.includes(key)));
}
