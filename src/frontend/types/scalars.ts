import type { Position } from '../../diagnostics.js';
import type { Schema } from '../../ir/schema.js';

/** The pattern of resource.Quantity in CRDs that controller-gen writes. */
const quantityPattern =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

const stringMap = (at: Position): Schema => ({ kind: 'map', values: { kind: 'string', at }, at });

/** The types of `opgen/api` that are not read from their declarations. */
const apiTypes: Readonly<Record<string, (at: Position) => Schema>> = {
  Int32: (at) => ({ kind: 'integer', format: 'int32', at }),
  Int64: (at) => ({ kind: 'integer', format: 'int64', at }),
  Float: (at) => ({ kind: 'number', at }),
  Double: (at) => ({ kind: 'number', at }),
  Quantity: (at) => ({ kind: 'intOrString', pattern: quantityPattern, at }),
  IntOrString: (at) => ({ kind: 'intOrString', at }),
  Duration: (at) => ({ kind: 'string', at }),
  Time: (at) => ({ kind: 'string', format: 'date-time', at }),
  MicroTime: (at) => ({ kind: 'string', format: 'date-time', at }),
  Bytes: (at) => ({ kind: 'string', format: 'byte', at }),
  Json: (at) => ({ kind: 'any', preserveUnknown: true, at }),
  JsonObject: (at) => ({ kind: 'object', fields: [], preserveUnknown: true, at }),
  EmbeddedResource: (at) => ({ kind: 'object', fields: [], preserveUnknown: true, embeddedResource: true, at }),
  ObjectMeta: embeddedMetadata,
};

/** The schema of a type of `opgen/api`, if it has one of its own; `Condition` is read from its declaration. */
export function apiType(name: string, at: Position): Schema | undefined {
  return Object.hasOwn(apiTypes, name) ? apiTypes[name]!(at) : undefined;
}

/** The names in the flavours of `opgen/api`, for types that only the checker can compute. */
export function flavour(name: string, at: Position): Schema | undefined {
  const type = {
    int32: 'Int32',
    int64: 'Int64',
    float: 'Float',
    double: 'Double',
    quantity: 'Quantity',
    duration: 'Duration',
  }[name];
  const other = { time: 'Time', microtime: 'MicroTime', bytes: 'Bytes' }[name];
  return apiType(type ?? other ?? '', at);
}

/** What an embedded object keeps of its metadata, as controller-gen writes it with generateEmbeddedObjectMeta. */
function embeddedMetadata(at: Position): Schema {
  const optional = (name: string, schema: Schema) => ({
    name,
    required: false,
    schema,
    markers: { list: [], all: () => [] },
  });
  return {
    kind: 'object',
    at,
    fields: [
      optional('annotations', stringMap(at)),
      optional('finalizers', { kind: 'array', items: { kind: 'string', at }, at }),
      optional('labels', stringMap(at)),
      optional('name', { kind: 'string', at }),
      optional('namespace', { kind: 'string', at }),
    ],
  };
}
