import { setImmediate } from 'node:timers/promises';
import type { Cluster } from '../cluster.js';
import { withDeadline } from '../deadline.js';
import { type Page, type PageQuery, pagesOf } from '../pages.js';
import { requestJson } from '../request.js';
import type { K8sObject } from '../resource.js';

/** A part of a list. */
export interface ListedPage<T> {
  readonly items: readonly T[];
  /** Of the list as a whole. */
  readonly resourceVersion: string;
}

const pageTime = 120_000;

/**
 * A collection as it is now, page by page. Rejects with ApiError, also with 410 when the next page is no longer to be had.
 *
 * Guarantees: the event loop gets its turn between two pages.
 */
export async function* listPages<T extends K8sObject>(
  cluster: Cluster,
  request: { path: string; query: Record<string, string>; accept: string },
  signal: AbortSignal,
): AsyncGenerator<ListedPage<T>, void, undefined> {
  const { path, query, accept } = request;
  const read = (page: PageQuery): Promise<Page<T>> =>
    withDeadline(pageTime, signal, (within) =>
      requestJson(cluster, { method: 'GET', path, query: { ...query, ...page }, headers: { accept }, signal: within }),
    );
  for await (const { items, metadata } of pagesOf(read)) {
    if (!metadata?.resourceVersion)
      throw new TypeError('A list has a `metadata.resourceVersion`, but the answer has none');
    yield { items: items ?? [], resourceVersion: metadata.resourceVersion };
    if (metadata.continue) await setImmediate();
  }
}
