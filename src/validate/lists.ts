import type { JsonObject } from '../json.js';
import { isObject, memberAt, objectAt, show, stringsAt } from '../json.js';
import { answers } from './answers.js';
import type { Finding, SchemaRule } from './rule.js';
import { below, nothing } from './rule.js';
import type { SchemaNode } from './walk.js';

const listType = 'x-kubernetes-list-type';
const mapKeys = 'x-kubernetes-list-map-keys';
const mapType = 'x-kubernetes-map-type';

const listTypes = ['atomic', 'set', 'map'];
const mapTypes = ['atomic', 'granular'];

export const listRules: readonly SchemaRule[] = [
  {
    id: 'LM1',
    claim: 'A list type is atomic, set or map, on an array; a map type is atomic or granular, on an object',
    hint: 'write +listType=atomic|set|map on lists and +mapType=atomic|granular on objects and maps',
    server: answers.LM1,
    on: [listType, mapType],
    check: ({ schema, path }, key) => {
      const [values, type] = key === listType ? [listTypes, 'array'] : [mapTypes, 'object'];
      const value = schema[key];
      if (value === null) return nothing;
      if (!values.includes(value as string)) return [{ path: below(path, key), detail: `is ${show(value)}` }];
      return schema.type === type ? nothing : [{ path: below(path, 'type'), detail: `is ${show(schema.type)}` }];
    },
  },
  {
    id: 'LM2',
    claim: 'A list has keys exactly if its list type is map',
    hint: 'write +listType=map together with +listMapKey=name',
    server: answers.LM2,
    on: [listType, mapKeys],
    check({ schema, path }, key) {
      const keyed = stringsAt(schema, mapKeys).length > 0;
      const isMap = schema[listType] === 'map';
      if (key === listType) return isMap && !keyed ? [{ path: below(path, mapKeys), detail: 'is missing' }] : nothing;
      return keyed && !isMap ? [{ path: below(path, listType), detail: `is ${show(schema[listType])}` }] : nothing;
    },
  },
  {
    id: 'LM3',
    claim: 'The keys of a list of type map are different scalar fields of its items',
    hint: 'name a string, number or boolean field of the items in +listMapKey',
    server: answers.LM3,
    on: [listType],
    check: (node) => (node.schema[listType] === 'map' ? keyFindings(node) : nothing),
  },
  {
    id: 'LM4',
    claim: 'A key of a list of type map is always there: required or with a default, and not null',
    hint: 'remove the `?` and `| null` from the key, or give it a default',
    server: answers.LM4,
    on: [listType],
    check: (node) => (node.schema[listType] === 'map' ? presenceFindings(node) : nothing),
  },
  {
    id: 'LM5',
    claim: 'The items of a set are not nullable and are compared as a whole',
    hint: 'use scalar items, or write +mapType=atomic on the item type',
    server: answers.LM5,
    on: [listType],
    check: (node) => (node.schema[listType] === 'set' ? setFindings(node) : nothing),
  },
];

function keyFindings({ schema, path }: SchemaNode): readonly Finding[] {
  const { items } = schema;
  if (!isObject(items)) return items === undefined ? [{ path: below(path, 'items'), detail: 'is missing' }] : nothing;
  if (items.type !== 'object') return [{ path: below(path, 'items', 'type'), detail: `is ${show(items.type)}` }];
  const keys = stringsAt(schema, mapKeys);
  const blamed = below(path, mapKeys);
  return keys.flatMap((key, index): readonly Finding[] => {
    const at = below(path, mapKeys, index);
    if (keys.indexOf(key) !== index) return [{ path: at, detail: `is ${show(key)} again`, blamed }];
    const field = memberAt(items.properties, key);
    if (field === undefined) return [{ path: at, detail: `is ${show(key)}, which the items do not have`, blamed }];
    const type = memberAt(field, 'type');
    return type === 'array' || type === 'object'
      ? [
          {
            path: at,
            detail: `is ${show(key)}, whose type is ${show(type)}`,
            blamed: below(path, 'items', 'properties', key, 'type'),
          },
        ]
      : [];
  });
}

function presenceFindings({ schema, path }: SchemaNode): readonly Finding[] {
  const { items } = schema;
  if (!isObject(items)) return nothing;
  const required = stringsAt(items, 'required');
  const fields = stringsAt(schema, mapKeys).flatMap((key): readonly Finding[] => {
    const field = objectAt(items.properties, key);
    if (!field) return [];
    const at = below(path, 'items', 'properties', key);
    const safe = required.includes(key) || (field.default !== undefined && field.default !== null);
    return [
      ...(safe ? [] : [{ path: at, detail: 'is optional without a default', blamed: below(at, 'default') }]),
      ...(field.nullable === true ? [{ path: below(at, 'nullable'), detail: 'is `true`' }] : []),
    ];
  });
  return [...fields, ...nullableItems(items, path)];
}

function setFindings({ schema, path }: SchemaNode): readonly Finding[] {
  const { items } = schema;
  if (!isObject(items)) return nothing;
  const keyword = items.type === 'object' ? mapType : listType;
  const compound = items.type === 'object' || items.type === 'array';
  const whole = !compound || items[keyword] === 'atomic' || (items.type === 'array' && items[keyword] === undefined);
  const finding = { path: below(path, 'items', keyword), detail: `is ${show(items[keyword])}` };
  return [...(whole ? [] : [finding]), ...nullableItems(items, path)];
}

function nullableItems(items: JsonObject, path: SchemaNode['path']): readonly Finding[] {
  return items.nullable === true ? [{ path: below(path, 'items', 'nullable'), detail: 'is `true`' }] : nothing;
}
