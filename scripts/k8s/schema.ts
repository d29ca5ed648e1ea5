import type { Json } from '../../src/ir/schema.js';
import type { BuiltinSchema } from '../../src/k8s/table.js';
import type { Leaf, Model, Property, Type } from './models.js';

type Mutable = { [key: string]: Json };

/** The schemas of all types, sorted by client-node's name, with those that client-node has no model of. */
export function schemasOf(models: readonly Model[]): { [type: string]: BuiltinSchema } {
  const all = [...models.map((model) => [model.type, schemaOf(model)] as const), ...Object.entries(scalars)];
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const anyOfBoth: Mutable = { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };

const leafSchemas: { readonly [leaf in Leaf]: BuiltinSchema } = {
  string: { type: 'string' },
  byte: { type: 'string', format: 'byte' },
  dateTime: { type: 'string', format: 'date-time' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number' },
  intOrString: anyOfBoth,
  // The pattern is controller-gen's for resource.Quantity.
  quantity: {
    ...anyOfBoth,
    pattern:
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  },
  object: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  json: { 'x-kubernetes-preserve-unknown-fields': true },
};

const scalars: { readonly [type: string]: BuiltinSchema } = {
  IntOrString: leafSchemas.intOrString,
  Quantity: leafSchemas.quantity,
  V1MicroTime: leafSchemas.dateTime,
};

const text: BuiltinSchema = { type: 'string' };
const textMap: BuiltinSchema = { type: 'object', additionalProperties: text };

/** What a CRD may say about metadata inside of a spec, as controller-gen does with `generateEmbeddedObjectMeta=true`. */
const embeddedObjectMeta: BuiltinSchema = {
  type: 'object',
  properties: {
    annotations: textMap,
    finalizers: { type: 'array', items: text },
    labels: textMap,
    name: text,
    namespace: text,
  },
};

function schemaOf(model: Model): BuiltinSchema {
  if (model.type === 'V1ObjectMeta') return embeddedObjectMeta;
  const required = model.properties.filter((property) => property.required).map((property) => property.name);
  return {
    ...(model.description && { description: model.description }),
    type: 'object',
    ...(model.properties.length > 0 && {
      properties: Object.fromEntries(model.properties.map((property) => [property.name, propertySchema(property)])),
    }),
    ...(required.length > 0 && { required }),
  };
}

function propertySchema(property: Property): BuiltinSchema {
  return { ...(property.description && { description: property.description }), ...typeSchema(property.type) };
}

function typeSchema(type: Type): BuiltinSchema {
  switch (type.kind) {
    case 'leaf':
      return leafSchemas[type.leaf];
    case 'ref':
      return { $ref: type.to };
    case 'list':
      return { type: 'array', items: typeSchema(type.of) };
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.of) };
  }
}
