import { describeSchema, type Schema } from '../../ir/schema.js';
import { arg, defineMarker } from '../define.js';
import { isFamily, misfit, wrongFamily } from '../effect.js';
import { retype } from '../retype.js';

/** What a node is: its type, and how Kubernetes prunes, merges and lists it. */

export const type = defineMarker({
  name: 'kubebuilder:validation:Type',
  tag: { name: 'type', example: '@type number' },
  targets: ['field', 'type'],
  elements: true,
  phase: 'type',
  args: arg.oneOf('string', 'integer', 'number', 'boolean', 'array', 'object'),
  summary: 'Another type in the schema than the one that TypeScript gives; what does not fit the new type is dropped.',
  example: '+kubebuilder:validation:Type=number',
  applyToSchema(schema, value, at, subject) {
    const hint = 'declare it as a list in TypeScript, such as `string[]`';
    return (
      retype(schema, value) ??
      misfit(at, `Type=array needs the type of the elements, but ${subject} is ${describeSchema(schema)}`, hint)
    );
  },
});

export const schemaless = defineMarker({
  name: 'kubebuilder:validation:Schemaless',
  targets: ['field'],
  phase: 'type',
  args: arg.none(),
  summary:
    'Starts from an empty schema instead of the declared type; the description and the other markers still apply.',
  example: '+kubebuilder:validation:Schemaless',
  applyToSchema: (schema) => asAny(schema),
});

const asAny = ({ at, description }: Schema): Schema => ({
  kind: 'any',
  at,
  ...(description !== undefined && { description }),
});

export const preserveUnknownFields = defineMarker({
  name: 'kubebuilder:pruning:PreserveUnknownFields',
  aliases: ['kubebuilder:validation:XPreserveUnknownFields'],
  targets: ['field', 'type'],
  elements: true,
  phase: 'type',
  args: arg.none(),
  summary: 'Fields that the schema does not know are kept.',
  example: '+kubebuilder:pruning:PreserveUnknownFields',
  applyToSchema(schema, _, at, subject) {
    if (isFamily(schema, 'object') || isFamily(schema, 'list') || schema.kind === 'any' || schema.kind === 'builtin') {
      return { ...schema, preserveUnknown: true };
    }
    return misfit(
      at,
      `PreserveUnknownFields applies to objects, lists and any JSON, but ${subject} is ${describeSchema(schema)}`,
    );
  },
});

export const json = defineMarker({
  name: 'opgen:json',
  tag: { name: 'json', example: '@json' },
  targets: ['field', 'type'],
  elements: true,
  phase: 'type',
  args: arg.none(),
  summary: 'Any JSON value, kept as it is, whatever the declared type; this also ends a recursive type.',
  example: '+opgen:json',
  applyToSchema: (schema) => ({ ...asAny(schema), preserveUnknown: true }),
});

/** Schemas of objects that nest deeper are too large for the API server as a rule. */
const deepest = 50;

export const recursionDepth = defineMarker({
  name: 'opgen:recursionDepth',
  tag: { name: 'recursionDepth', example: '@recursionDepth 3' },
  targets: ['field'],
  phase: 'type',
  args: arg.checked(arg.integer(1), (value) => (value > deepest ? `at most ${deepest}` : undefined)),
  summary:
    'How often an optional property may contain itself: objects at that depth lack it. A schema cannot be endless.',
  example: '+opgen:recursionDepth=3',
});

export const embeddedResource = defineMarker({
  name: 'kubebuilder:validation:EmbeddedResource',
  aliases: ['kubebuilder:validation:XEmbeddedResource'],
  targets: ['field', 'type'],
  elements: true,
  phase: 'type',
  args: arg.none(),
  summary: 'The object is a whole Kubernetes object with apiVersion, kind and metadata.',
  example: '+kubebuilder:validation:EmbeddedResource',
  applyToSchema(schema, _, at, subject) {
    if (schema.kind === 'any') return { ...retype(schema, 'object')!, embeddedResource: true };
    if (schema.kind === 'object' || schema.kind === 'builtin') return { ...schema, embeddedResource: true };
    const message = `EmbeddedResource applies to an object, but ${subject} is ${describeSchema(schema)}`;
    return misfit(at, message, 'declare it as `EmbeddedResource` of `opgen/api`');
  },
});

export const xIntOrString = defineMarker({
  name: 'kubebuilder:validation:XIntOrString',
  targets: ['field', 'type'],
  elements: true,
  phase: 'type',
  args: arg.none(),
  summary: 'The value is an integer or a string. The type `IntOrString` says the same.',
  example: '+kubebuilder:validation:XIntOrString',
  applyToSchema: (schema) => retype(schema, 'intOrString')!,
});

export const nullable = defineMarker({
  name: 'nullable',
  tag: { name: 'nullable', example: '@nullable' },
  targets: ['field', 'type'],
  phase: 'type',
  args: arg.none(),
  summary: 'null is accepted. The type `T | null` says the same.',
  example: '+nullable',
  applyToSchema: (schema) => ({ ...schema, nullable: true }),
});

export const listType = defineMarker({
  name: 'listType',
  aliases: ['k8s:listType'],
  tag: { name: 'listType', example: '@listType map' },
  targets: ['field', 'type'],
  elements: true,
  phase: 'type',
  args: arg.oneOf('atomic', 'set', 'map'),
  summary:
    'How server-side apply merges the list: as one value, as a set, or by keys. It replaces the keys that the type has.',
  example: '+listType=map',
  applyToSchema(schema, value, at, subject) {
    if (!isFamily(schema, 'list')) return wrongFamily('listType', 'list', schema, at, subject);
    const { mapKeys: _, ...rest } = schema;
    return { ...rest, listType: value };
  },
});

export const listMapKey = defineMarker({
  name: 'listMapKey',
  aliases: ['k8s:listMapKey'],
  tag: { name: 'listMapKey', example: '@listMapKey name' },
  targets: ['field', 'type'],
  elements: true,
  repeatable: true,
  args: arg.string(),
  summary: 'A property of the elements that identifies them, where the list has listType=map.',
  example: '+listMapKey=name',
  applyToSchema(schema, value, at, subject) {
    if (!isFamily(schema, 'list')) return wrongFamily('listMapKey', 'list', schema, at, subject);
    if (schema.listType !== 'map') {
      const fact = schema.listType ? `has listType=${schema.listType}` : 'has no listType';
      return misfit(
        at,
        `listMapKey applies to a list with listType=map, but ${subject} ${fact}`,
        'add `+listType=map`',
      );
    }
    const { items, mapKeys = [] } = schema;
    if (items.kind !== 'object' && items.kind !== 'builtin') {
      return misfit(
        at,
        `listMapKey applies to a list of objects, but an element of ${subject} is ${describeSchema(items)}`,
      );
    }
    if (items.kind === 'object' && !items.fields.some((field) => field.name === value)) {
      const names = items.fields.map((field) => `\`${field.name}\``).join(', ');
      return misfit(
        at,
        `listMapKey names a property of the elements, but those of ${subject} have no \`${value}\``,
        `one of ${names}`,
      );
    }
    return mapKeys.includes(value) ? schema : { ...schema, mapKeys: [...mapKeys, value] };
  },
});

export const mapType = defineMarker({
  name: 'mapType',
  tag: { name: 'mapType', example: '@mapType atomic' },
  targets: ['field', 'type'],
  elements: true,
  args: arg.oneOf('granular', 'atomic'),
  summary: 'How server-side apply merges the map: key by key, or as one value.',
  example: '+mapType=atomic',
  applyToSchema(schema, value, at, subject) {
    if (!isFamily(schema, 'object')) return wrongFamily('mapType', 'object', schema, at, subject);
    return { ...schema, mapType: value };
  },
});

export const structType = defineMarker({
  ...mapType,
  name: 'structType',
  tag: { name: 'structType', example: '@structType atomic' },
  summary: 'How server-side apply merges the object: property by property, or as one value.',
  example: '+structType=atomic',
  applyToSchema(schema, value, at, subject) {
    if (!isFamily(schema, 'object')) return wrongFamily('structType', 'object', schema, at, subject);
    return { ...schema, mapType: value };
  },
});

export const shapeMarkers = [
  type,
  schemaless,
  preserveUnknownFields,
  json,
  recursionDepth,
  embeddedResource,
  xIntOrString,
  nullable,
  listType,
  listMapKey,
  mapType,
  structType,
] as const;
