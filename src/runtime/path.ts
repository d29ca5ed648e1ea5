import { type AnyResource, apiVersionOf, type Key } from './resource.js';

type Place = Pick<AnyResource, 'group' | 'version' | 'plural'>;

/** What a path of the API names. */
export interface ApiPath {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** `/apis/apps/v1`; `/api/v1` for the core group. */
const root = (resource: Place): string => `${resource.group === '' ? '/api' : '/apis'}/${apiVersionOf(resource)}`;

/** A part of a path. The API server has no objects named `.` or `..`, which would lead elsewhere. */
function encoded(part: string): string {
  if (part === '.' || part === '..') throw new TypeError(`A name must not be \`${part}\``);
  return encodeURIComponent(part);
}

/** `/apis/apps/v1/namespaces/default/deployments`; without a namespace the objects of all namespaces, or of the cluster. */
export function collectionPath(resource: AnyResource, namespace?: string): string {
  const within = resource.namespaced && namespace ? `/namespaces/${encoded(namespace)}` : '';
  return `${root(resource)}${within}/${resource.plural}`;
}

/** The key as the kind needs it: a kind of a namespace needs one, for a kind of the cluster it is left out. Throws TypeError. */
export function keyWithin({ kind, namespaced }: AnyResource, { name, namespace }: Key): Key {
  if (!namespaced) return { name };
  if (!namespace) throw new TypeError(`A ${kind} lives in a namespace, but the key of \`${name}\` has none`);
  return { name, namespace };
}

/** The path of one object, or of a subresource of it, such as `status` or `proxy/metrics`. Throws TypeError for a key that does not name an object of the kind. */
export function objectPath(resource: AnyResource, key: Key, subresource?: string): string {
  if (!key.name) throw new TypeError(`A ${resource.kind} is named by its key, but the key has no name`);
  const { name, namespace } = keyWithin(resource, key);
  if (subresource === '') throw new TypeError('A subresource is named, as in `scale`, but the name is empty');
  const below = subresource === undefined ? '' : `/${subresource.split('/').map(encoded).join('/')}`;
  return `${collectionPath(resource, namespace)}/${encoded(name)}${below}`;
}

/** The reverse; `undefined` for a path that is not of a resource, such as `/version` or `/apis`. */
export function parsePath(path: string): ApiPath | undefined {
  const parts = decoded(path.split('/').slice(1));
  if (parts[0] === 'api') return parts.length > 2 ? below('', parts[1]!, parts.slice(2)) : undefined;
  return parts[0] === 'apis' && parts.length > 3 ? below(parts[1]!, parts[2]!, parts.slice(3)) : undefined;
}

/** Nothing for parts that are not encoded as in a URL. */
function decoded(parts: readonly string[]): readonly string[] {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return [];
  }
}

/** `namespaces/x/pods` is a collection, but `namespaces/x/status` and `namespaces/x/finalize` belong to the namespace. */
function below(group: string, version: string, parts: readonly string[]): ApiPath | undefined {
  const ofNamespace = group === '' && parts.length === 3 && /^(status|finalize)$/.test(parts[2]!);
  const isNamespaced = parts[0] === 'namespaces' && parts.length > 2 && !ofNamespace;
  const [plural, name, ...rest] = isNamespaced ? parts.slice(2) : parts;
  if (!plural || parts.includes('')) return undefined;
  return {
    group,
    version,
    plural,
    ...(isNamespaced && { namespace: parts[1]! }),
    ...(name !== undefined && { name }),
    ...(rest.length > 0 && { subresource: rest.join('/') }),
  };
}
