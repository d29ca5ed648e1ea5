import { ApiError, isMissingObject } from '../errors.js';
import { collectionPath, objectPath } from '../path.js';
import type { K8sObject, Key, Resource } from '../resource.js';
import { formatFields, formatLabels } from '../selectors.js';
import { type Caller, call, typed } from './call.js';
import type { ListOptions, Reader } from './types.js';

const pageSize = 500;

/** The part of a list that the reader uses. */
interface Page<T> {
  metadata?: { continue?: string };
  items?: T[] | null;
}

/** Reads from the API server, lists in pages of 500. */
export function liveReader(caller: Caller): Reader {
  return {
    get: (resource, key, { signal } = {}) => getObject(caller, resource, key, signal),
    list: (resource, options = {}) => listObjects(caller, resource, options),
  };
}

/** Undefined where there is no such object; a kind that is not served is an error. */
async function getObject<T extends K8sObject>(
  caller: Caller,
  resource: Resource<T>,
  key: Key,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  try {
    return typed(resource, await call<T>(caller, { method: 'GET', path: objectPath(resource, key), resource, signal }));
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

/** A page token that is too old starts the list over, once and in one piece. */
async function listObjects<T extends K8sObject>(
  caller: Caller,
  resource: Resource<T>,
  options: ListOptions,
): Promise<T[]> {
  const { limit = Number.POSITIVE_INFINITY } = options;
  const items: T[] = [];
  let next: string | undefined;
  do {
    const size = Math.min(pageSize, limit - items.length);
    const page = await pageOf(caller, resource, options, { size, next }).catch((error: unknown) => {
      if (next !== undefined && error instanceof ApiError && error.isGone) return undefined;
      throw error;
    });
    if (page === undefined) return wholeList(caller, resource, options);
    for (const item of page.items ?? []) items.push(typed(resource, item));
    next = page.metadata?.continue || undefined;
  } while (next !== undefined && items.length < limit);
  return items.slice(0, limit);
}

async function wholeList<T extends K8sObject>(
  caller: Caller,
  resource: Resource<T>,
  options: ListOptions,
): Promise<T[]> {
  const { items } = await pageOf(caller, resource, options, { size: options.limit });
  return (items ?? []).slice(0, options.limit).map((item) => typed(resource, item));
}

function pageOf<T extends K8sObject>(
  caller: Caller,
  resource: Resource<T>,
  options: ListOptions,
  { size, next }: { size?: number | undefined; next?: string | undefined },
): Promise<Page<T>> {
  const query = {
    ...selectorsOf(options),
    ...(size !== undefined && { limit: String(size) }),
    ...(next !== undefined && { continue: next }),
  };
  const path = collectionPath(resource, options.namespace);
  return call(caller, { method: 'GET', path, query, resource, signal: options.signal });
}

/** What of the options narrows a collection, as a query. */
export function selectorsOf({ labels, fields }: ListOptions): Record<string, string> {
  const labelSelector = formatLabels(labels);
  const fieldSelector = formatFields(fields ?? {});
  return { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
}
