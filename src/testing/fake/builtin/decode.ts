import { builtinTable } from '../../../k8s/table.js';
import { isMembers } from '../../../runtime/json.js';
import type { K8sObject } from '../../../runtime/resource.js';
import type { ServedKind } from '../kinds.js';
import { builtinTypeName } from '../ownership/type.js';

type Members = Record<string, unknown>;

/** Times that are read with exactly six digits of a second, by the plural of their kind. */
const microTimes: Readonly<Record<string, readonly string[]>> = {
  leases: ['spec.acquireTime', 'spec.renewTime'],
  events: ['eventTime', 'series.lastObservedTime'],
};

/**
 * Why the API server cannot read an object of a built-in kind: a value of another type than the field, a quantity, bytes or a time that is
 * none. Undefined where it can, and for kinds of a CRD.
 */
export function undecodable({ resource, custom }: ServedKind, object: K8sObject): string | undefined {
  const name = custom ? undefined : builtinTypeName(resource);
  if (name === undefined) return undefined;
  return wrongIn({ $ref: name }, object, '', '') ?? wrongTime(resource.plural, object as Members);
}

/** The name of a type in Go, which errors give: `V1LeaseSpec` is `LeaseSpec` there. */
const goName = (name: string): string => name.replace(/^([A-Z][a-z]+)?V\d+((alpha|beta)\d+)?/, '');

function wrongIn(schema: unknown, value: unknown, owner: string, path: string): string | undefined {
  if (!isMembers(schema) || value === null || value === undefined) return undefined;
  const { $ref } = schema;
  if ($ref === 'V1ObjectMeta') return undefined;
  if (typeof $ref === 'string') return wrongIn(builtinTable().schemaOf($ref), value, goName($ref), path);
  if (schema['x-kubernetes-int-or-string'] === true) return wrongScalar(schema, value);
  const type = typeof schema.type === 'string' ? schema.type : undefined;
  if (type !== undefined && !isOf(type, value)) return mismatch(schema, value, `${owner}.${path}`);
  if (schema.format === 'byte') return wrongBytes(String(value));
  const inside = (inner: unknown, each: unknown): string | undefined => wrongIn(inner, each, owner, path);
  if (Array.isArray(value)) return first(value, (each) => inside(schema.items, each));
  if (!isMembers(value)) return undefined;
  const properties = isMembers(schema.properties) ? schema.properties : {};
  return first(Object.entries(value), ([name, each]) => {
    if (!Object.hasOwn(properties, name)) return inside(schema.additionalProperties, each);
    return wrongIn(properties[name], each, owner, path === '' ? name : `${path}.${name}`);
  });
}

function first<T>(values: readonly T[], find: (value: T) => string | undefined): string | undefined {
  for (const each of values) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isMembers(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function mismatch({ type, format }: Members, value: unknown, field: string): string {
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const text = found === 'number' && !Number.isInteger(value) && type === 'integer' ? `number ${value}` : found;
  const wanted = type === 'integer' ? String(format ?? 'int') : type === 'boolean' ? 'bool' : String(type);
  return `json: cannot unmarshal ${text} into Go struct field ${field} of type ${wanted}`;
}

/** A quantity has a pattern; any other such value is a number or a text. */
function wrongScalar({ pattern }: Members, value: unknown): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return `json: cannot unmarshal ${typeof value}`;
  if (typeof pattern !== 'string' || new RegExp(pattern).test(String(value))) return undefined;
  return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}

const wrongBytes = (text: string): string | undefined =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/[\r\n]/g, ''))
    ? undefined
    : 'illegal base64 data';

function wrongTime(plural: string, object: Members): string | undefined {
  const paths = Object.hasOwn(microTimes, plural) ? (microTimes[plural] ?? []) : [];
  return first(paths, (path) => {
    const value = path.split('.').reduce<unknown>((each, name) => (isMembers(each) ? each[name] : undefined), object);
    if (typeof value !== 'string' || /\.\d{6}(Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
    const rest = /(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(value)?.[0] ?? value;
    const layout = '2006-01-02T15:04:05.000000Z07:00';
    return `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(rest)} as ".000000"`;
  });
}
