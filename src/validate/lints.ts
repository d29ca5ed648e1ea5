import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { isList, memberAt, objectAt, show, stringsAt } from '../json.js';
import { nearest } from '../nearest.js';
import { isOpen } from './fieldpath.js';
import { jsonSize } from './jsonsize.js';
import type { CrdRule, Finding, SchemaRule } from './rule.js';
import { below, nothing } from './rule.js';
import { checkValue } from './value.js';
import type { SchemaNode } from './walk.js';
import { isMetaField, metaFields, nearestNode } from './walk.js';

/** The annotation that a client-side `kubectl apply` keeps the object in. */
const maxAnnotation = 262_144;

const formats: Readonly<Record<string, readonly string[]>> = {
  string: (
    'bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor ' +
    'byte password date duration date-time k8s-short-name k8s-long-name'
  ).split(' '),
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

const bounds: Readonly<Record<string, string>> = {
  maxLength: 'minLength',
  maxItems: 'minItems',
  maxProperties: 'minProperties',
  maximum: 'minimum',
};

/** What the API server accepts about a CRD as a whole, to the harm of users. */
export const crdLints: readonly CrdRule[] = [
  {
    id: 'LT1',
    claim: `A CRD has at most ${maxAnnotation} bytes as JSON, which is what a client-side \`kubectl apply\` can hold`,
    hint: 'install it with `kubectl apply --server-side`, or shorten it with `opgen generate --max-desc-len 200`',
    severity: 'warning',
    check(crd) {
      const size = jsonSize(crd);
      return size > maxAnnotation
        ? [{ path: below(undefined, 'spec'), detail: `makes it ${size} bytes long` }]
        : nothing;
    },
  },
];

/** What the API server accepts in a schema although no value, or none that was meant, can pass. */
export const schemaLints: readonly SchemaRule[] = [
  {
    id: 'LT2',
    claim: 'A format is one that the API server knows for the type',
    hint: 'use a pattern instead',
    severity: 'warning',
    on: ['format'],
    check: (node) => formatFindings(node),
  },
  {
    id: 'LT3',
    claim: 'A required field is declared',
    hint: 'declare the field, or remove it from required',
    severity: 'warning',
    on: ['required'],
    check: (node, key) => undeclaredFindings(node, key),
  },
  {
    id: 'LT4',
    claim: 'The values of an enum have the type of the field',
    hint: 'write values of that type, or remove them',
    severity: 'warning',
    on: ['enum'],
    check: (node) => enumFindings(node),
  },
  {
    id: 'LT5',
    claim: 'An upper bound is not below its lower bound',
    hint: 'exchange the two bounds, or correct one of them',
    severity: 'warning',
    on: Object.keys(bounds),
    check: (node, key) => boundFindings(node, key),
  },
  {
    id: 'LT6',
    claim: 'A bound of an integer lies in the range of its format',
    hint: 'correct the bound, or use Int64 for more than 32 bits',
    severity: 'warning',
    on: ['minimum', 'maximum'],
    check: (node, key) => rangeFindings(node, key),
  },
  {
    id: 'LT7',
    claim: 'A factor is greater than 0',
    hint: 'write a positive number, or remove multipleOf',
    severity: 'warning',
    on: ['multipleOf'],
    check({ schema, path }) {
      const { multipleOf } = schema;
      if (typeof multipleOf !== 'number' || multipleOf > 0) return nothing;
      return [{ path: below(path, 'multipleOf'), detail: `is ${show(multipleOf)}` }];
    },
  },
];

/** What describes the values that a node of a branch sees: the node at the same place outside of branches. */
function declaredAt(node: SchemaNode): JsonSchema | undefined {
  if (!node.nested) return node.schema;
  const outer = declaredAt(node.parent!);
  if (node.role === 'branch') return outer;
  const key = node.role === 'values' ? 'additionalProperties' : node.role;
  return node.role === 'property' ? objectAt(objectAt(outer, 'properties'), node.name!) : objectAt(outer, key);
}

function formatFindings({ schema, path }: SchemaNode): readonly Finding[] {
  const { format } = schema;
  if (typeof format !== 'string' || format === '') return nothing;
  const type = typeof schema.type === 'string' && schema.type !== '' ? schema.type : 'string';
  const known = Object.hasOwn(formats, type) ? formats[type]! : [];
  const normalize = (name: string): string => (type === 'string' ? name.replaceAll('-', '') : name);
  if (known.some((name) => normalize(name) === normalize(format))) return nothing;
  const slip = nearest(format, known);
  const others = known.length > 0 ? `known are ${known.join(', ')}` : `a type of ${show(type)} has no formats`;
  const hint = slip === undefined ? others : `did you mean \`${slip}\`? ${others}`;
  return [{ path: below(path, 'format'), detail: `is ${show(format)}, which is ignored`, hint }];
}

/** Names that a branch restricts as well are left to ST6, and metadata has fields of its own. */
function undeclaredFindings(node: SchemaNode, key: string): readonly Finding[] {
  const declared = declaredAt(node);
  if (!declared || isOpen(declared) || nearestNode(node, isMetadata)) return nothing;
  const known = Object.keys(objectAt(declared, 'properties') ?? {});
  const own = Object.keys(objectAt(node.schema, 'properties') ?? {});
  const names = isAtRoot(node) ? [...known, ...metaFields] : known;
  return stringsAt(node.schema, key).flatMap((name, index): readonly Finding[] => {
    if (names.includes(name) || (node.nested && own.includes(name))) return [];
    const slip = nearest(name, known);
    const finding = {
      path: below(node.path, key, index),
      detail: `is ${show(name)}, which \`properties\` does not have`,
    };
    return [slip === undefined ? finding : { ...finding, hint: `did you mean \`${slip}\`?` }];
  });
}

const isMetadata = (node: SchemaNode): boolean => isMetaField(node) || (node.nested && node.name === 'metadata');

const isAtRoot = (node: SchemaNode): boolean =>
  node.role === 'root' || (node.role === 'branch' && isAtRoot(node.parent!));

function enumFindings(node: SchemaNode): readonly Finding[] {
  const members = node.schema.enum;
  const declared = declaredAt(node);
  const type = declared && memberAt(declared, 'type');
  if (!isList(members) || typeof type !== 'string') return nothing;
  const fits = (value: Json): boolean =>
    value === null ? declared?.nullable === true : checkValue({ type }, value, 'value').length === 0;
  return members.flatMap((value, index) =>
    fits(value)
      ? []
      : [
          {
            path: below(node.path, 'enum', index),
            detail: `is \`${JSON.stringify(value)}\`, but the type is ${show(type)}`,
          },
        ],
  );
}

function boundFindings({ schema, path }: SchemaNode, key: string): readonly Finding[] {
  const upper = schema[key];
  if (typeof upper !== 'number') return nothing;
  const name = bounds[key]!;
  const lower = schema[name] ?? undefined;
  const at = below(path, key);
  if (typeof lower !== 'number')
    return key !== 'maximum' && upper < 0 ? [{ path: at, detail: `is ${show(upper)}` }] : nothing;
  if (upper < lower) return [{ path: at, detail: `is ${show(upper)}, and \`${name}\` is ${show(lower)}` }];
  const open = key === 'maximum' && (schema.exclusiveMaximum === true || schema.exclusiveMinimum === true);
  return open && upper === lower
    ? [{ path: at, detail: `is ${show(upper)}, and so is \`${name}\`, one of them exclusive` }]
    : nothing;
}

/** The largest int64 is read as 2^63, which so is the upper end. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
};

function rangeFindings(node: SchemaNode, key: string): readonly Finding[] {
  const bound = node.schema[key];
  const declared = declaredAt(node);
  if (typeof bound !== 'number' || declared?.type !== 'integer') return nothing;
  const format = declared.format === 'int32' ? 'int32' : 'int64';
  const [low, high] = ranges[format]!;
  if (bound >= low && bound <= high) return nothing;
  return [{ path: below(node.path, key), detail: `is ${show(bound)}, beyond ${format}` }];
}
