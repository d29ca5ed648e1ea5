import { setImmediate } from 'node:timers/promises';
import type { Cluster } from '../cluster.js';
import { withDeadline } from '../deadline.js';
import { requestJson } from '../request.js';
import type { K8sObject } from '../resource.js';

/** A part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Of the list as a whole. */
  readonly resourceVersion: string;
}

interface ListAnswer<T> {
  items?: T[] | null;
  metadata?: { resourceVersion?: string; continue?: string };
}

const pageSize = 500;
const pageTime = 120_000;

/**
 * A collection as it is now, in pages of 500 objects. Rejects with ApiError, also with 410 when the next page is no longer to be had.
 *
 * Guarantees: the event loop gets its turn between two pages.
 */
export async function* listPages<T extends K8sObject>(
  cluster: Cluster,
  request: { path: string; query: Record<string, string> },
  signal: AbortSignal,
): AsyncGenerator<Page<T>, void, undefined> {
  let next: string | undefined;
  do {
    const query = { ...request.query, limit: String(pageSize), ...(next && { continue: next }) };
    const { items, metadata } = await withDeadline(pageTime, signal, (within) =>
      requestJson<ListAnswer<T>>(cluster, { method: 'GET', path: request.path, query, signal: within }),
    );
    if (!metadata?.resourceVersion)
      throw new TypeError('A list has a `metadata.resourceVersion`, but the answer has none');
    yield { items: items ?? [], resourceVersion: metadata.resourceVersion };
    next = metadata.continue;
    if (next) await setImmediate();
  } while (next);
}
