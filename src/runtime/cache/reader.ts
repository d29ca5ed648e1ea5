import type { ListOptions, Reader } from '../client/types.js';
import { copyOf } from '../json.js';
import { keyWithin } from '../path.js';
import { type AnyResource, type K8sObject, type Resource, resourceName } from '../resource.js';
import { matchesLabels, parseLabels } from '../selectors.js';
import type { RunningInformer } from './informer.js';
import { coversNamespace, type Part } from './scope.js';

/**
 * Reads from informers, which `informerFor` gives when they are synced.
 *
 * Guarantees: without `frozen`, what a read returns belongs to the caller alone.
 */
export function createReader(
  informerFor: <T extends K8sObject>(r: Resource<T>, signal?: AbortSignal) => Promise<RunningInformer<T>>,
): Reader {
  return {
    async get(r, key, { signal, frozen = false } = {}) {
      const at = keyWithin(r, key);
      const informer = await informerFor(r, signal);
      assertCovered(r, informer.scope.parts, at.namespace);
      const object = informer.store.get(at);
      return frozen || object === undefined ? object : copyOf(object);
    },
    async list(r, options = {}) {
      const informer = await informerFor(r, options.signal);
      assertCovered(r, informer.scope.parts, namespaceIn(r, options.namespace));
      const objects = selected(informer, options);
      return options.frozen ? objects : objects.map(copyOf);
    },
  };
}

const namespaceIn = (resource: AnyResource, namespace: string | undefined): string | undefined =>
  resource.namespaced && namespace ? namespace : undefined;

function assertCovered(resource: AnyResource, parts: readonly Part[], namespace: string | undefined): void {
  if (namespace === undefined || coversNamespace(parts, namespace)) return;
  const cached = parts.map((part) => `\`${part.namespace}\``).join(', ');
  throw new TypeError(
    `The cache holds ${resourceName(resource)} of ${cached}, but \`${namespace}\` was read. Add it to \`cache.namespaces\`, or use \`client.live\``,
  );
}

function selected<T extends K8sObject>(informer: RunningInformer<T>, options: ListOptions): T[] {
  const requirements = parseLabels(options.labels);
  const { limit = Number.POSITIVE_INFINITY } = options;
  const found: T[] = [];
  for (const object of candidates(informer, options)) {
    if (found.length >= limit) break;
    if (matchesLabels(requirements, object.metadata?.labels)) found.push(object);
  }
  return found;
}

/** What has the namespace and the fields that are asked for; the first indexed field narrows the search. */
function candidates<T extends K8sObject>(informer: RunningInformer<T>, options: ListOptions): Iterable<T> {
  const { resource, store } = informer;
  const namespace = namespaceIn(resource, options.namespace);
  const fields = Object.entries(options.fields ?? {});
  const indexed = fields.filter(([field]) => !isNameOrNamespace(field));
  for (const [field] of indexed) if (!store.hasIndex(field)) throw missingIndex(resource, field);
  const [first, ...rest] = indexed.map(([field, value]) => store.having(field, value));
  const others = rest.map((objects) => new Set(objects));
  return filtered(
    first ?? store.objects(namespace),
    (object) =>
      (namespace === undefined || object.metadata?.namespace === namespace) &&
      others.every((objects) => objects.has(object)) &&
      fields.every(([field, value]) => !isNameOrNamespace(field) || nameOrNamespace(object, field) === value),
  );
}

function* filtered<T>(objects: Iterable<T>, isWanted: (object: T) => boolean): Iterable<T> {
  for (const object of objects) if (isWanted(object)) yield object;
}

const isNameOrNamespace = (field: string): boolean => field === 'metadata.name' || field === 'metadata.namespace';

const nameOrNamespace = ({ metadata }: K8sObject, field: string): string =>
  (field === 'metadata.name' ? metadata?.name : metadata?.namespace) ?? '';

const missingIndex = (resource: AnyResource, field: string): TypeError =>
  new TypeError(
    `A list from the cache selects by indexed fields, but \`${field}\` of ${resourceName(resource)} has no index. Add \`manager.index(${resource.kind}, '${field}', …)\` before the start`,
  );
