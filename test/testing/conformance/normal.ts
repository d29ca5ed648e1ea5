import type { Json } from './scenario.js';

const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const random = /\b([Gg]en[-_])[a-z0-9]{5}\b/g;

/**
 * Makes answers comparable: times, uids and random parts become words; versions are numbered in the order in which they appear, so
 * that equal ones stay equal. Left out: the version of lists, which counts writes of others too, and who owns the defaults of
 * built-in kinds.
 */
export function createNormal(namespace: string): (value: Json) => unknown {
  const versions: string[] = [];
  const label = (version: string): string => {
    if (!versions.includes(version)) versions.push(version);
    return `version ${versions.indexOf(version)}`;
  };
  const normal = (value: Json, key = ''): unknown => {
    if (Array.isArray(value)) return listOf(value, key);
    if (typeof value === 'string') return textOf(value.replaceAll(namespace, 'my-space'), key);
    if (typeof value !== 'object' || value === null) return value;
    return membersOf(value);
  };
  const listOf = (value: readonly Json[], key: string): unknown => {
    if (key === 'managedFields') return [...value].sort(byManager).map((each) => normal(each));
    return key === 'causes' ? causes(value.map((each) => normal(each))) : value.map((each) => normal(each));
  };
  const membersOf = (value: Json): unknown => {
    const isList = Array.isArray(value.items) || Array.isArray(value.rows);
    if (value.kind === 'APIResourceList') return { ...value, resources: resourcesOf(value.resources) };
    if (isUnknownPath(value)) return '<plain text>';
    if (value.type === 'BOOKMARK') value.object.metadata.resourceVersion = '<latest>';
    const entries = Object.entries(withoutUntold(value)).flatMap(([name, member]): [string, unknown][] => {
      if (name === 'fieldsV1') return [[name, JSON.parse(JSON.stringify(member).replace(uid, '<uid>'))]];
      if (name === 'resourceVersion') return [[name, label(String(member))]];
      if (name === 'metadata' && isList) return [[name, normal(listMetadata(member))]];
      return [[name, normal(member, name)]];
    });
    return Object.fromEntries(entries);
  };
  return normal;
}

/** A server answers some unknown paths with plain text, and others with a Status. */
const isUnknownPath = ({ code, message = '' }: Json): boolean =>
  code === 404 && String(message).startsWith('the server could not find the requested resource');

/** In no order, and without a hash that each server makes on its own. */
const resourcesOf = (list: readonly Json[]): readonly unknown[] =>
  list
    .map(({ storageVersionHash: _, verbs, ...rest }) => ({ ...rest, verbs: [...verbs].sort() }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));

function listMetadata({ resourceVersion: _, ...metadata }: Json): Json {
  if (metadata.continue === '') delete metadata.continue;
  return metadata;
}

/** Kinds without defaults, whose updates are compared in full. */
const plain = /^(ConfigMap|Sample|Plan|Pair|Memcached|Thing|Lease|PartialObjectMetadata)$/;

function withoutUntold(value: Json): Json {
  if (value.format === 'name' && value.description !== undefined) return { ...value, description: '…' };
  const entries = value.metadata?.managedFields;
  if (!Array.isArray(entries) || plain.test(value.kind ?? '')) return value;
  const told = entries.filter(({ operation }: Json) => operation === 'Apply');
  const { managedFields: _, ...metadata } = value.metadata;
  return { ...value, metadata: told.length > 0 ? { ...metadata, managedFields: told } : metadata };
}

/** Their order is that of their times, in seconds. */
const byManager = (left: Json, right: Json): number => (nameOf(left) < nameOf(right) ? -1 : 1);
const nameOf = ({ operation, manager, subresource }: Json): string => JSON.stringify([operation, manager, subresource]);

/** Go lists causes in the order of its maps, and some of them twice. */
const causes = (list: readonly unknown[]): readonly unknown[] =>
  [...new Set(list.map((each) => JSON.stringify(each)))].sort().map((each) => JSON.parse(each));

function textOf(text: string, key: string): string {
  if (/(Timestamp|Time|^time)$/.test(key)) return '<time>';
  if (key === 'continue') return '<continue>';
  return (key === 'message' ? messageOf(text) : text).replace(uid, '<uid>').replace(random, '$1<random>');
}

const messageOf = (text: string): string =>
  text
    .replace(/patch: Invalid value: "\{.*\}": /s, 'patch: Invalid value: "<object>": ')
    .replace(/^Invalid value: "\{\\".*\}": (?=strict)/s, 'Invalid value: "<object>": ')
    .replace(/(in record |precondition )\(\d+\)/g, '$1(<version>)')
    .replace(/too old resource version: .*/, 'too old resource version')
    .replace(/Too large resource version: .*/, 'Too large resource version')
    .replace(/(invalid continue token: continue key is not valid).*/, '$1')
    .replace(/is invalid: \[(.*)\]$/s, (_, list) => `is invalid: ${sortedErrors(list)}`)
    .replace(/StorageError: .*AdditionalErrorMsg: /, '');

const sortedErrors = (list: string): string =>
  list
    .split(/, (?=[\w.[\]<>]+: )/)
    .sort()
    .join(', ');
