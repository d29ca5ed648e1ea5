import type { Json } from '../ir/schema.js';
import { isObject, show } from '../json.js';
import { nearest } from '../nearest.js';
import { patternProblem } from '../text/pattern/problem.js';
import { isAbsent } from './absent.js';
import { answers } from './answers.js';
import { unless } from './decode.js';
import type { SchemaRule } from './rule.js';
import { below, nothing } from './rule.js';
import type { SchemaNode } from './walk.js';
import { forbidsDefaults, isMetaField, nearestNode } from './walk.js';

const types = ['string', 'number', 'integer', 'boolean', 'array', 'object'];
const unsupported = ['id', '$schema', '$ref', 'additionalItems', 'patternProperties', 'definitions', 'dependencies'];

export const keywordRules: readonly SchemaRule[] = [
  {
    id: 'K1',
    claim: 'A type is `string`, `number`, `integer`, `boolean`, `array` or `object`',
    hint: 'choose one of these; for null use nullable',
    server: answers.K1,
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
    server: answers.K2,
    on: unsupported,
    check(node, key) {
      if (isAbsent(key, node.schema[key]!)) return nothing;
      const finding = { path: below(node.path, key), detail: 'is set' };
      return [key === '$schema' ? { ...finding, blamed: nearestNode(node, isRoot)!.path } : finding];
    },
  },
  {
    id: 'K3',
    claim: '`items` is one schema for all items',
    hint: 'write one schema; a tuple becomes an object with named fields',
    server: answers.K3,
    on: ['items'],
    check: ({ schema, path }) =>
      Array.isArray(schema.items) && schema.items.length > 0
        ? [{ path: below(path, 'items'), detail: `is a list of ${schema.items.length}` }]
        : nothing,
  },
  {
    id: 'K4',
    claim: '`uniqueItems` is not `true`',
    hint: 'write +listType=set instead',
    server: answers.K4,
    on: ['uniqueItems'],
    check: (node, key) => unless(node.schema[key] !== true, node, key),
  },
  {
    id: 'K5',
    claim: 'An object has named properties or additional ones, not both',
    hint: 'move the map into a field of its own',
    server: answers.K5,
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
    server: answers.K6,
    on: ['nullable'],
    check: (node, key) => unless(node.role !== 'root' || node.schema.nullable !== true, node, key),
  },
  {
    id: 'K7',
    claim: '`x-kubernetes-preserve-unknown-fields` is `true` or absent',
    hint: 'remove the keyword',
    server: answers.K7,
    on: ['x-kubernetes-preserve-unknown-fields'],
    check: (node, key) => unless(node.schema[key] !== false, node, key),
  },
  {
    id: 'K8',
    claim: 'Top-level metadata and maps inside metadata have no defaults',
    hint: 'remove the default',
    server: answers.K8,
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
    server: answers.K9,
    on: ['x-kubernetes-embedded-resource'],
    check: (node, key) => unless(node.schema[key] !== true || !nearestNode(node, isMetaField), node, key),
  },
  {
    id: 'K10',
    claim: 'A pattern is a regular expression of Go (RE2)',
    hint: 'rewrite it without look-around, backreferences and possessive quantifiers, or use a validation rule',
    server: answers.K10,
    on: ['pattern'],
    check({ schema, path }) {
      const problem = typeof schema.pattern === 'string' ? patternProblem(schema.pattern) : undefined;
      return problem === undefined
        ? nothing
        : [{ path: below(path, 'pattern'), detail: `is ${show(schema.pattern!)}, where ${problem}` }];
    },
  },
];

const isRoot = ({ role }: SchemaNode): boolean => role === 'root';

const isEmptyObject = (value: Json | undefined): boolean => isObject(value) && Object.keys(value).length === 0;
