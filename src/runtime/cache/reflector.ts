import type { Cluster } from '../cluster.js';
import { withDeadline } from '../deadline.js';
import { ApiError, type Status } from '../errors.js';
import type { Logger } from '../log.js';
import { collectionPath } from '../path.js';
import { acceptOf } from '../projection.js';
import { errorOf, textOf } from '../request.js';
import type { AnyResource, K8sObject } from '../resource.js';
import { sleep } from '../time.js';
import { listPages } from './pages.js';
import { problemOf, type Verb } from './problem.js';
import type { Part } from './scope.js';
import { createTrouble } from './trouble.js';
import { BrokenWatch, type WatchEvent, watchEvents } from './watchstream.js';

/** Where a reflector puts what it sees. */
export interface Sink {
  /** A list begins; what it returns takes each page, and then the end of the list. A list that fails is dropped. */
  list(): { page(items: readonly K8sObject[]): void; end(): Promise<void> };
  /** ADDED, MODIFIED or DELETED. */
  event(type: WatchEvent['type'], object: K8sObject): void;
  /** A sentence for the user, or undefined when all is well again. */
  problem(sentence: string | undefined): void;
}

export interface ReflectorOptions {
  readonly cluster: Cluster;
  readonly resource: AnyResource;
  readonly part: Part;
  readonly log: Logger;
  readonly sink: Sink;
}

const shortest = 1_000;
const grace = 5;

/**
 * Keeps the sink equal to a part of a collection: lists it, then watches it from there.
 *
 * Guarantees: tries for ever, with backoff, and resolves only when the signal aborts; then it is silent. A watch goes on from the last
 * resource version seen, events and bookmarks alike; the list is made anew only when the server no longer knows that version. There is
 * never more than one request under way.
 * Assumptions: the functions of the sink do not throw.
 */
export async function reflect(options: ReflectorOptions, signal: AbortSignal): Promise<void> {
  const { cluster, resource, part, sink } = options;
  const path = collectionPath(resource, part.namespace);
  const selectors = {
    ...(part.labels && { labelSelector: part.labels }),
    ...(part.fields && { fieldSelector: part.fields }),
  };
  const trouble = createTrouble(options);
  let version: string | undefined;

  async function list(): Promise<void> {
    const target = sink.list();
    let listed: string | undefined;
    for await (const page of listPages(
      cluster,
      { path, query: selectors, accept: acceptOf(resource, 'list') },
      signal,
    )) {
      listed ??= page.resourceVersion;
      target.page(page.items);
    }
    signal.throwIfAborted();
    trouble.end();
    await target.end();
    version = listed;
  }

  async function watch(): Promise<void> {
    const from = version;
    const began = performance.now();
    const timeoutSeconds = 200 + Math.floor(Math.random() * 96);
    await withDeadline((timeoutSeconds + grace) * 1000, signal, (within) => follow(timeoutSeconds, within));
    if (version === from && performance.now() - began < shortest)
      throw new BrokenWatch('the server ended the stream at once');
    trouble.progress();
  }

  async function follow(timeoutSeconds: number, within: AbortSignal): Promise<void> {
    const query = {
      ...selectors,
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(timeoutSeconds),
      resourceVersion: version ?? '',
    };
    const headers = { accept: acceptOf(resource, 'object') };
    const response = await cluster.request({ method: 'GET', path, query, headers, signal: within });
    if (response.status !== 200) throw errorOf(response, await textOf(response));
    const settled = setTimeout(trouble.progress, shortest);
    try {
      for await (const events of watchEvents(response.body)) {
        for (const event of events) {
          if (within.aborted) return;
          receive(event);
        }
      }
    } finally {
      clearTimeout(settled);
    }
  }

  function receive({ type, object }: WatchEvent): void {
    if (type === 'ERROR') throw statusError(object as Status);
    const { name, resourceVersion } = object.metadata ?? {};
    const isChange = type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED';
    if (isChange && !(name && resourceVersion)) throw new BrokenWatch('an event has no name or no resource version');
    if (isChange) sink.event(type, object);
    if (resourceVersion) version = resourceVersion;
    trouble.progress();
  }

  while (!signal.aborted) {
    const verb: Verb = version === undefined ? 'list' : 'watch';
    try {
      await (version === undefined ? list() : watch());
    } catch (error) {
      if (signal.aborted) return;
      const problem = problemOf(error, verb, resource);
      if (problem.relist) version = undefined;
      const delay = trouble.begin(problem);
      if (delay > 0) await sleep(delay, signal).catch(() => {});
    }
  }
}

const statusError = (status: Status): ApiError => new ApiError(status.code ?? 500, status);
