import { isObject, show } from '../json.js';
import { nearest } from '../nearest.js';
import { isInt64 } from '../text/gotext.js';
import { answers } from './answers.js';
import type { CrdRule, Finding, SchemaRule } from './rule.js';
import { below, nothing } from './rule.js';
import type { Fields, Shape } from './shape.js';
import { unknownKeys, wrongTypes } from './shape.js';
import type { SchemaNode } from './walk.js';

const counts = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];

function each(shape: Shape, ...keys: readonly string[]): Fields['fields'] {
  return Object.fromEntries(keys.map((key) => [key, shape]));
}

const validation: Fields = {
  fields: {
    ...each('string', 'rule', 'message', 'messageExpression', 'reason', 'fieldPath'),
    optionalOldSelf: 'boolean',
  },
};

/** JSONSchemaProps of apiextensions.k8s.io/v1. Schemas inside are nodes of their own; `any` where another rule looks. */
const keywords: Fields['fields'] = {
  ...each('any', ...counts, 'type', 'exclusiveMinimum', 'exclusiveMaximum', 'additionalProperties'),
  ...each('any', 'default', 'example', 'items', 'additionalItems'),
  ...each('string', 'id', '$schema', '$ref', 'description', 'format', 'title', 'pattern'),
  ...each('string', 'x-kubernetes-list-type', 'x-kubernetes-map-type'),
  ...each('number', 'minimum', 'maximum', 'multipleOf'),
  ...each('boolean', 'nullable', 'uniqueItems', 'x-kubernetes-preserve-unknown-fields'),
  ...each('boolean', 'x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string'),
  ...each({ list: 'string' }, 'required', 'x-kubernetes-list-map-keys'),
  ...each({ list: 'object' }, 'allOf', 'anyOf', 'oneOf'),
  ...each({ values: 'object' }, 'properties', 'patternProperties', 'definitions'),
  ...each('object', 'not', 'dependencies'),
  enum: { list: 'any' },
  externalDocs: { fields: each('string', 'description', 'url') },
  'x-kubernetes-validations': { list: validation },
};

const scale: Fields = { fields: each('string', 'specReplicasPath', 'statusReplicasPath', 'labelSelectorPath') };
const version: Fields = {
  fields: {
    ...each('string', 'name', 'deprecationWarning'),
    ...each('boolean', 'served', 'storage', 'deprecated'),
    schema: { fields: { openAPIV3Schema: 'object' } },
    subresources: { fields: { status: { fields: {} }, scale } },
    selectableFields: { list: { fields: { jsonPath: 'string' } } },
    additionalPrinterColumns: {
      list: { fields: { ...each('string', 'name', 'type', 'format', 'description', 'jsonPath'), priority: 'int32' } },
    },
  },
};
const service: Fields = { fields: { ...each('string', 'namespace', 'name', 'path'), port: 'int32' } };
const webhook: Fields = {
  fields: {
    clientConfig: { fields: { url: 'string', caBundle: 'base64', service } },
    conversionReviewVersions: { list: 'string' },
  },
};
const names: Fields = {
  fields: {
    ...each('string', 'plural', 'singular', 'kind', 'listKind'),
    ...each({ list: 'string' }, 'shortNames', 'categories'),
  },
};
const metadata: Fields = {
  fields: {
    ...each('string', 'name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion'),
    ...each('string', 'creationTimestamp', 'deletionTimestamp'),
    ...each('int64', 'generation', 'deletionGracePeriodSeconds'),
    ...each({ values: 'string' }, 'labels', 'annotations'),
    ...each({ list: 'object' }, 'ownerReferences', 'managedFields'),
    finalizers: { list: 'string' },
  },
};
const crd: Fields = {
  fields: {
    ...each('string', 'apiVersion', 'kind'),
    metadata,
    status: 'object',
    spec: {
      fields: {
        ...each('string', 'group', 'scope'),
        names,
        versions: { list: version },
        conversion: { fields: { strategy: 'string', webhook } },
        preserveUnknownFields: 'boolean',
      },
    },
  },
};

/** Substitutes for keywords of JSON Schema that CRDs lack. */
const substitutes: Readonly<Record<string, string>> = {
  const: 'write an enum of one value',
  examples: 'write `example` with one value',
  $defs: 'inline the definition',
  if: 'write a validation rule',
};

/** What the decoder of the API server refuses under strict field validation, outside of schemas. */
export const crdDecodeRules: readonly CrdRule[] = [
  {
    id: 'DC1',
    claim: 'A CRD has only the fields of apiextensions.k8s.io/v1',
    hint: 'remove the key',
    server: answers.DC1,
    check: (object) => unknownKeys(object, crd, undefined),
  },
  {
    id: 'DC10',
    claim: 'A field of a CRD has a value of its type',
    hint: 'correct the value',
    server: answers.DC10,
    check: (object) => wrongTypes(object, crd, undefined),
  },
];

/** The same inside of schemas. */
export const decodeRules: readonly SchemaRule[] = [
  {
    id: 'DC1',
    claim: 'A schema has only the keywords of CRDs',
    hint: 'remove the key',
    server: answers.DC1,
    check(node) {
      const findings: Finding[] = [];
      for (const key in node.schema) if (!Object.hasOwn(keywords, key)) findings.push(unknownKey(node, key));
      return findings;
    },
  },
  {
    id: 'DC1',
    claim: 'A validation rule or a reference to documents has only its fields',
    hint: 'remove the key',
    server: answers.DC1,
    on: ['x-kubernetes-validations', 'externalDocs'],
    check: (node, key) => unknownKeys(node.schema[key]!, keywords[key]!, below(node.path, key)),
  },
  {
    id: 'DC2',
    claim: '`type` is one string',
    hint: 'write one type; for null use nullable, for int-or-string x-kubernetes-int-or-string',
    server: answers.DC2,
    on: ['type'],
    check: (node, key) => unless(typeof node.schema[key] === 'string', node, key),
  },
  {
    id: 'DC3',
    claim: '`exclusiveMinimum` and `exclusiveMaximum` are booleans beside `minimum` and `maximum`',
    hint: 'write minimum: <number> and exclusiveMinimum: true',
    server: answers.DC3,
    on: ['exclusiveMinimum', 'exclusiveMaximum'],
    check: (node, key) => unless(typeof node.schema[key] === 'boolean', node, key),
  },
  {
    id: 'DC4',
    claim: 'A bound of lengths, items or properties is a whole number',
    hint: 'write a whole number without quotes',
    server: answers.DC4,
    on: counts,
    check: (node, key) => unless(isInt64(node.schema[key]!), node, key),
  },
  {
    id: 'DC6',
    claim: '`additionalProperties` is a schema or a boolean',
    hint: 'write a schema for the values, or true',
    server: answers.DC6,
    on: ['additionalProperties'],
    check: (node, key) => unless(typeof node.schema[key] === 'boolean' || isObject(node.schema[key]), node, key),
  },
  {
    id: 'DC10',
    claim: 'A keyword of a schema has a value of its type',
    hint: 'correct the value',
    server: answers.DC10,
    check(node) {
      const findings: Finding[] = [];
      for (const key in node.schema) {
        const shape: Shape | undefined = Object.hasOwn(keywords, key) ? keywords[key] : undefined;
        if (shape === undefined || shape === 'any') continue;
        const value = node.schema[key]!;
        if (typeof shape === 'string' && typeof value === shape) continue;
        findings.push(...wrongTypes(value, shape, below(node.path, key)));
      }
      return findings;
    },
  },
];

function unknownKey(node: SchemaNode, key: string): Finding {
  const slip = nearest(key, Object.keys(keywords));
  const hint =
    (Object.hasOwn(substitutes, key) ? substitutes[key] : undefined) ??
    (slip === undefined ? undefined : `did you mean \`${slip}\`?`);
  const finding = { path: below(node.path, key), detail: 'is none of them' };
  return hint === undefined ? finding : { ...finding, hint };
}

/** A finding that shows the value of the keyword; null counts as absent, as the decoder reads it. */
export function unless(fits: boolean, node: SchemaNode, key: string): readonly Finding[] {
  const value = node.schema[key];
  return fits || value === null ? nothing : [{ path: below(node.path, key), detail: `is ${show(value)}` }];
}
