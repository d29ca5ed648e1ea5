import type { Json } from '../ir/schema.js';
import { nearest } from '../nearest.js';
import { isObject, show } from './json.js';
import { patternProblem } from './regex.js';
import type { Finding, SchemaRule } from './rule.js';
import { below, nothing } from './rule.js';
import type { SchemaNode } from './walk.js';
import { forbidsDefaults, isMetaField, nearestNode } from './walk.js';

const types = ['string', 'number', 'integer', 'boolean', 'array', 'object'];
const counts = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];
const unsupported = ['id', '$schema', '$ref', 'additionalItems', 'patternProperties', 'definitions', 'dependencies'];

/** The keywords of JSONSchemaProps in apiextensions.k8s.io/v1. */
const known: ReadonlySet<string> = new Set([
  ...counts,
  ...unsupported,
  ...'description type format title default maximum exclusiveMaximum minimum exclusiveMinimum pattern uniqueItems multipleOf'.split(
    ' ',
  ),
  ...'enum required items allOf oneOf anyOf not properties additionalProperties externalDocs example nullable'.split(
    ' ',
  ),
  ...[
    'preserve-unknown-fields',
    'embedded-resource',
    'int-or-string',
    'list-type',
    'list-map-keys',
    'map-type',
    'validations',
  ].map((name) => `x-kubernetes-${name}`),
]);

/** Substitutes for keywords of JSON Schema that CRDs lack. */
const substitutes: Readonly<Record<string, string>> = {
  const: 'write an enum of one value',
  examples: 'write `example` with one value',
  $defs: 'inline the definition',
  if: 'write a validation rule',
};

/** What the decoder of the API server refuses under strict field validation. */
export const decodeRules: readonly SchemaRule[] = [
  {
    id: 'DC1',
    claim: 'A schema has only the keywords of CRDs',
    hint: 'remove the key',
    check(node) {
      const findings: Finding[] = [];
      for (const key in node.schema) if (!known.has(key)) findings.push(unknownKey(node, key));
      return findings;
    },
  },
  {
    id: 'DC2',
    claim: '`type` is one string',
    hint: 'write one type; for null use nullable, for int-or-string x-kubernetes-int-or-string',
    on: ['type'],
    check: (node, key) => unless(typeof node.schema[key] === 'string', node, key),
  },
  {
    id: 'DC3',
    claim: '`exclusiveMinimum` and `exclusiveMaximum` are booleans beside `minimum` and `maximum`',
    hint: 'write minimum: <number> and exclusiveMinimum: true',
    on: ['exclusiveMinimum', 'exclusiveMaximum'],
    check: (node, key) => unless(typeof node.schema[key] === 'boolean', node, key),
  },
  {
    id: 'DC4',
    claim: 'A bound of lengths, items or properties is a whole number',
    hint: 'write a whole number without quotes',
    on: counts,
    check: (node, key) => unless(Number.isInteger(node.schema[key]), node, key),
  },
  {
    id: 'DC6',
    claim: '`additionalProperties` is a schema or a boolean',
    hint: 'write a schema for the values, or true',
    on: ['additionalProperties'],
    check: (node, key) => unless(typeof node.schema[key] === 'boolean' || isObject(node.schema[key]), node, key),
  },
];

export const keywordRules: readonly SchemaRule[] = [
  {
    id: 'K1',
    claim: 'A type is `string`, `number`, `integer`, `boolean`, `array` or `object`',
    hint: 'choose one of these; for null use nullable',
    on: ['type'],
    check({ schema, path }) {
      const { type } = schema;
      if (typeof type !== 'string' || type === '' || types.includes(type)) return nothing;
      const slip = nearest(type, types);
      const finding = { path: below(path, 'type'), detail: `is ${show(type)}` };
      return [slip === undefined ? finding : { ...finding, hint: `did you mean \`${slip}\`?` }];
    },
  },
  {
    id: 'K2',
    claim: 'References, definitions, dependencies, pattern properties and ids are not supported in a schema',
    hint: 'inline what the keyword refers to; for free keys use additionalProperties',
    on: unsupported,
    check({ schema, path }, key) {
      const value = schema[key];
      const absent = value === null || value === '' || (key !== 'additionalItems' && isEmptyObject(value));
      return absent ? nothing : [{ path: below(path, key), detail: 'is set' }];
    },
  },
  {
    id: 'K3',
    claim: '`items` is one schema for all items',
    hint: 'write one schema; a tuple becomes an object with named fields',
    on: ['items'],
    check: ({ schema, path }) =>
      Array.isArray(schema.items)
        ? [{ path: below(path, 'items'), detail: `is a list of ${schema.items.length}` }]
        : nothing,
  },
  {
    id: 'K4',
    claim: '`uniqueItems` is not `true`',
    hint: 'write +listType=set instead',
    on: ['uniqueItems'],
    check: (node, key) => unless(node.schema[key] !== true, node, key),
  },
  {
    id: 'K5',
    claim: 'An object has named properties or additional ones, not both',
    hint: 'move the map into a field of its own',
    on: ['additionalProperties'],
    check({ schema, path }) {
      const { properties, additionalProperties } = schema;
      if (additionalProperties === true || additionalProperties === null) return nothing;
      if (!isObject(properties) || isEmptyObject(properties)) return nothing;
      return [{ path: below(path, 'additionalProperties'), detail: 'stands beside `properties`' }];
    },
  },
  {
    id: 'K6',
    claim: 'The root is not nullable',
    hint: 'remove `| null` or +nullable from the kind',
    on: ['nullable'],
    check: (node, key) => unless(node.role !== 'root' || node.schema.nullable !== true, node, key),
  },
  {
    id: 'K7',
    claim: '`x-kubernetes-preserve-unknown-fields` is `true` or absent',
    hint: 'remove the keyword',
    on: ['x-kubernetes-preserve-unknown-fields'],
    check: (node, key) => unless(node.schema[key] !== false, node, key),
  },
  {
    id: 'K8',
    claim: 'Top-level metadata and maps inside metadata have no defaults',
    hint: 'remove the default',
    on: ['default'],
    check(node) {
      if (node.schema.default === null || !forbidsDefaults(node)) return nothing;
      return [{ path: below(node.path, 'default'), detail: 'is set' }];
    },
  },
  {
    id: 'K9',
    claim: 'Metadata holds no embedded resource',
    hint: 'move the embedded resource to spec',
    on: ['x-kubernetes-embedded-resource'],
    check: (node, key) => unless(node.schema[key] !== true || !nearestNode(node, isMetaField), node, key),
  },
  {
    id: 'K10',
    claim: 'A pattern is a regular expression of Go (RE2)',
    hint: 'rewrite it without look-around, backreferences and possessive quantifiers, or use a validation rule',
    on: ['pattern'],
    check({ schema, path }) {
      const problem = typeof schema.pattern === 'string' ? patternProblem(schema.pattern) : undefined;
      return problem === undefined
        ? nothing
        : [{ path: below(path, 'pattern'), detail: `is ${show(schema.pattern!)}, where ${problem}` }];
    },
  },
];

function unknownKey(node: SchemaNode, key: string): Finding {
  const slip = nearest(key, [...known]);
  const hint =
    (Object.hasOwn(substitutes, key) ? substitutes[key] : undefined) ??
    (slip === undefined ? undefined : `did you mean \`${slip}\`?`);
  const finding = { path: below(node.path, key), detail: 'is none of them' };
  return hint === undefined ? finding : { ...finding, hint };
}

/** A finding that shows the value of the keyword; null counts as absent, as the decoder reads it. */
function unless(fits: boolean, node: SchemaNode, key: string): readonly Finding[] {
  const value = node.schema[key];
  return fits || value === null ? nothing : [{ path: below(node.path, key), detail: `is ${show(value)}` }];
}

const isEmptyObject = (value: Json | undefined): boolean => isObject(value) && Object.keys(value).length === 0;
