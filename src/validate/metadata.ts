import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { isList, isObject, memberAt, objectAt } from '../json.js';
import { isDns1035Label } from '../text/dns.js';
import { goValue } from '../text/gotext.js';
import type { ValueFinding } from './result.js';

type Kind = 'string' | 'number' | 'strings' | 'list';

/** The fields of ObjectMeta and what they hold. */
const fields: Readonly<Record<string, Kind>> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  selfLink: 'string',
  uid: 'string',
  resourceVersion: 'string',
  generation: 'number',
  creationTimestamp: 'string',
  deletionTimestamp: 'string',
  deletionGracePeriodSeconds: 'number',
  labels: 'strings',
  annotations: 'strings',
  ownerReferences: 'list',
  finalizers: 'list',
  managedFields: 'list',
};

const labelText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an " +
  "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

export const isMetadataKey = (name: string): boolean => Object.hasOwn(fields, name);

/** The embedded resources of a value, which need apiVersion, kind and well-formed metadata. */
export function checkEmbedded(schema: JsonSchema | undefined, value: Json, path: string): readonly ValueFinding[] {
  if (!schema) return [];
  if (isList(value))
    return value.flatMap((each, index) => checkEmbedded(objectAt(schema, 'items'), each, `${path}[${index}]`));
  if (!isObject(value)) return [];
  const own = schema['x-kubernetes-embedded-resource'] === true ? checkResource(value, path) : [];
  const inner = Object.entries(value).flatMap(([name, member]) => {
    const declared = objectAt(objectAt(schema, 'properties'), name);
    const at = declared ? join(path, name) : `${path}[${name}]`;
    return checkEmbedded(declared ?? objectAt(schema, 'additionalProperties'), member, at);
  });
  return [...own, ...inner];
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** apiVersion, kind and metadata of a resource; the contents of owner references and managed fields are not looked at. */
export function checkResource(value: JsonObject, path: string): readonly ValueFinding[] {
  const metadata = memberAt(value, 'metadata');
  return [
    ...checkTypeName(value, 'apiVersion', path),
    ...checkTypeName(value, 'kind', path),
    ...(metadata === undefined ? [] : checkMetadata(metadata, join(path, 'metadata'))),
  ];
}

function checkTypeName(value: JsonObject, key: 'apiVersion' | 'kind', path: string): readonly ValueFinding[] {
  const text = memberAt(value, key);
  const at = join(path, key);
  if (text === undefined) return [{ path: at, message: 'Required value' }];
  if (typeof text !== 'string') return [{ path: at, message: `Invalid value: ${goValue(text)}: must be a string` }];
  if (text === '') return [{ path: at, message: 'Invalid value: "": must not be empty' }];
  if (key === 'kind' && !isDns1035Label(text.toLowerCase())) {
    return [
      {
        path: at,
        message: `Invalid value: ${goValue(text)}: may have mixed case, but should otherwise match: ${labelText}`,
      },
    ];
  }
  const bad = key === 'apiVersion' && text.split('/').length > 2;
  return bad ? [{ path: at, message: `Invalid value: ${goValue(text)}: unexpected GroupVersion string: ${text}` }] : [];
}

export function checkMetadata(metadata: Json, path: string): readonly ValueFinding[] {
  if (!isObject(metadata)) return [{ path, message: `Invalid value: ${goValue(metadata)}: must be an object` }];
  return Object.entries(metadata).flatMap(([name, value]) => {
    const kind = isMetadataKey(name) ? fields[name]! : undefined;
    if (kind === undefined || value === null || holds(kind, value)) return [];
    return [{ path, message: `Invalid value: ${goValue(metadata)}: \`${name}\` has the wrong type` }];
  });
}

function holds(kind: Kind, value: Json): boolean {
  if (kind === 'list') return isList(value);
  if (kind === 'strings') return isObject(value) && Object.values(value).every((each) => typeof each === 'string');
  return typeof value === kind;
}
