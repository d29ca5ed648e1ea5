import { ApiError, isMissingObject } from '../errors.js';
import { checkedPage, type Page, pagesOf } from '../pages.js';
import { collectionPath, objectPath } from '../path.js';
import { acceptOf, projected } from '../projection.js';
import type { K8sObject, Key, Resource } from '../resource.js';
import { formatFields, formatLabels } from '../selectors.js';
import { type Caller, call } from './call.js';
import type { ListOptions, Reader } from './types.js';

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
    const headers = { accept: acceptOf(resource, 'object') };
    const path = objectPath(resource, key);
    return projected(resource, await call<T>(caller, { method: 'GET', path, headers, resource, signal }));
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

/** Throws TypeError. */
export function checkLimit(limit: number | undefined): void {
  if (limit === undefined || (Number.isInteger(limit) && limit >= 1)) return;
  throw new TypeError(`The \`limit\` of a list must be a whole number from 1 on, but is ${limit}`);
}

/** A page token that is too old starts the list over, once and in one piece. */
async function listObjects<T extends K8sObject>(
  caller: Caller,
  resource: Resource<T>,
  options: ListOptions,
): Promise<T[]> {
  const { limit } = options;
  checkLimit(limit);
  const read = (query: { limit?: string; continue?: string }) => readPage(caller, resource, options, query);
  const items: T[] = [];
  let isFirst = true;
  try {
    for await (const page of pagesOf(read, limit)) {
      isFirst = false;
      for (const item of page.items ?? []) items.push(projected(resource, item));
    }
    return items.slice(0, limit);
  } catch (error) {
    if (isFirst || !(error instanceof ApiError && error.isGone)) throw error;
    const whole = checkedPage(await read(limit === undefined ? {} : { limit: String(limit) }));
    return (whole.items ?? []).slice(0, limit).map((item) => projected(resource, item));
  }
}

function readPage<T extends K8sObject>(
  caller: Caller,
  resource: Resource<T>,
  options: ListOptions,
  query: { limit?: string; continue?: string },
): Promise<Page<T>> {
  const path = collectionPath(resource, options.namespace);
  const { signal } = options;
  const headers = { accept: acceptOf(resource, 'list') };
  return call(caller, { method: 'GET', path, query: { ...selectorsOf(options), ...query }, headers, resource, signal });
}

/** What of the options narrows a collection, as a query. */
export function selectorsOf({ labels, fields }: ListOptions): Record<string, string> {
  const labelSelector = formatLabels(labels);
  const fieldSelector = formatFields(fields ?? {});
  return { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
}
