import type { Diagnostic, Position } from '../diagnostics.js';
import type { CelRule, Common, Field, Json, Schema } from '../ir/schema.js';
import type { BuiltinTable } from '../k8s/table.js';
import { builtinSchema } from './builtin.js';
import { type JsonSchema, pathStep } from './crd.js';
import { shorten } from './describe.js';
import { unionRules } from './unions.js';

/** What the way from a schema to JSON needs, and where it leaves positions and mistakes. */
export interface SchemaContext {
  readonly builtins: () => BuiltinTable;
  readonly positions: Map<string, Position>;
  readonly diagnostics: Diagnostic[];
  /** Longest description in bytes; 0 drops them. */
  readonly maxDescLen?: number;
}

type Mutable = Record<string, Json>;

/** JSONSchemaProps of a schema; `path` is its place in the CRD. */
export function toJsonSchema(context: SchemaContext, schema: Schema, path: string): JsonSchema {
  context.positions.set(path, schema.at);
  return { ...common(context, schema), ...ofKind(context, schema, path), ...extensions(schema) };
}

function common({ maxDescLen }: SchemaContext, schema: Common): Mutable {
  const { title, externalDocs, example, nullable } = schema;
  const description = schema.description === undefined ? undefined : shorten(schema.description, maxDescLen);
  return {
    ...present({ title, description, externalDocs, example, default: schema.default }),
    ...(nullable ? { nullable } : {}),
    ...present({ ...schema.junctors, ...values(schema) }),
  };
}

/**
 * To the API server null equals no member of an enum, not even one that is null; what stands in a branch, it asks of other values only.
 */
function values({ enum: members, nullable, junctors }: Common): { readonly [key: string]: Json | undefined } {
  if (!members || !nullable) return { enum: members };
  return { allOf: [...(junctors?.allOf ?? []), { enum: members }] };
}

function ofKind(context: SchemaContext, schema: Schema, path: string): Mutable {
  switch (schema.kind) {
    case 'string':
      return { type: 'string', ...present({ format: schema.format }), ...text(schema) };
    case 'integer':
    case 'number':
      return { type: schema.kind, ...numeric(schema) };
    case 'boolean':
      return { type: 'boolean' };
    case 'intOrString':
      return { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true, ...text(schema) };
    case 'any':
      return {};
    case 'array':
      return array(context, schema, path);
    case 'map':
      return {
        type: 'object',
        additionalProperties: toJsonSchema(context, schema.values, `${path}.additionalProperties`),
        ...properties(schema),
      };
    case 'object':
      return { type: 'object', ...fields(context, schema.fields, path), ...properties(schema) };
    case 'builtin':
      return builtin(context, schema);
  }
}

/** Some built-in types are no objects: to them the least number of properties means nothing. */
function builtin(context: SchemaContext, { type, minProperties, at }: Extract<Schema, { kind: 'builtin' }>): Mutable {
  const expanded = builtinSchema(context, type, at);
  return { ...expanded, ...(expanded.type === 'object' ? present({ minProperties }) : {}) };
}

const text = ({
  pattern,
  minLength,
  maxLength,
}: {
  pattern?: string;
  minLength?: number;
  maxLength?: number;
}): Mutable => present({ pattern, minLength, maxLength });

function numeric(schema: Extract<Schema, { kind: 'integer' | 'number' }>): Mutable {
  const { format, minimum, maximum, multipleOf, exclusiveMinimum, exclusiveMaximum } = schema;
  return {
    ...present({ format, minimum, maximum, multipleOf }),
    ...(exclusiveMinimum ? { exclusiveMinimum } : {}),
    ...(exclusiveMaximum ? { exclusiveMaximum } : {}),
  };
}

function array(context: SchemaContext, schema: Extract<Schema, { kind: 'array' }>, path: string): Mutable {
  const { minItems, maxItems, uniqueItems, listType, mapKeys } = schema;
  return {
    type: 'array',
    items: toJsonSchema(context, schema.items, `${path}.items`),
    ...present({ minItems, maxItems, 'x-kubernetes-list-type': listType, 'x-kubernetes-list-map-keys': mapKeys }),
    ...(uniqueItems ? { uniqueItems } : {}),
  };
}

const properties = ({ minProperties, maxProperties, mapType }: Extract<Schema, { kind: 'map' | 'object' }>): Mutable =>
  present({ minProperties, maxProperties, 'x-kubernetes-map-type': mapType });

function fields(context: SchemaContext, all: readonly Field[], path: string): Mutable {
  if (all.length === 0) return {};
  const required = all.filter((field) => field.required).map((field) => field.name);
  return {
    properties: Object.fromEntries(
      all.map((field) => [
        field.name,
        toJsonSchema(context, field.schema, `${path}.properties${pathStep(field.name)}`),
      ]),
    ),
    ...(required.length > 0 ? { required: required.sort() } : {}),
  };
}

function extensions(schema: Schema): Mutable {
  const { preserveUnknown, embeddedResource } = schema;
  const rules = [...(schema.rules ?? []), ...(schema.kind === 'object' ? unionRules(schema) : [])];
  return {
    ...(preserveUnknown ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
    ...(embeddedResource ? { 'x-kubernetes-embedded-resource': true } : {}),
    ...(rules.length ? { 'x-kubernetes-validations': rules.map((rule: CelRule) => present({ ...rule })) } : {}),
  };
}

/** Without the keys that have no value. */
export function present(values: { readonly [key: string]: Json | undefined }): Mutable {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Mutable;
}
