import type { Cluster } from '../cluster.js';
import { withDeadline } from '../deadline.js';
import { ApiError, type Status } from '../errors.js';
import type { Logger } from '../log.js';
import { collectionPath } from '../path.js';
import { acceptOf } from '../projection.js';
import { errorOf, textOf } from '../request.js';
import { type AnyResource, type K8sObject, resourceName } from '../resource.js';
import { sleep } from '../time.js';
import { createBackoff } from './backoff.js';
import { listPages } from './pages.js';
import { type Problem, problemOf, type Verb } from './problem.js';
import type { Part } from './scope.js';
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

const missingDelay = 10_000;
const shortest = 1_000;
const grace = 5;
const unreachableGrowth = 1.25;

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
      for await (const event of watchEvents(response.body)) {
        if (within.aborted) return;
        receive(event);
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

/** Decides how long to wait after a problem, tells the sink, and logs where a problem begins and where it ends. */
function createTrouble({ resource, part, log, sink }: ReflectorOptions) {
  const backoff = createBackoff();
  const about = { resource: resourceName(resource), ...(part.namespace && { namespace: part.namespace }) };
  let current: Problem['kind'] | undefined;
  let isFirstCut = true;
  let hasWorked = false;
  let isFirstExpiry = true;

  function end(): void {
    if (current === undefined) return;
    current = undefined;
    sink.problem(undefined);
    log.info('A kind can be watched again', about);
  }

  /**
   * A cut after the watch has worked says nothing about the next watch, as where a proxy ends idle connections. To find nobody there costs
   * nobody anything, so those waits grow slowly: what follows an outage takes a fraction of its time. An answer after that is a new story.
   */
  function delayAfter({ kind, retryAfter }: Problem): number {
    if (kind === 'broken' && hasWorked) return backoff.shortest();
    if (kind === 'missing') return missingDelay;
    if (kind === 'unreachable') return backoff.next(unreachableGrowth);
    if (current === 'unreachable') backoff.reset();
    return Math.max(backoff.next(), retryAfter);
  }

  function tell({ kind, sentence }: Problem, delay: number): void {
    const fields = { ...about, retryInSeconds: Math.round(delay / 100) / 10 };
    if (kind === current) log.debug('A kind can still not be watched', { ...fields, problem: sentence });
    else log.error(sentence, 'A kind cannot be watched', fields);
    current = kind;
    sink.problem(sentence);
  }

  return {
    end,
    /** The watch works: a list, and a cut, are ordinary again. */
    progress(): void {
      isFirstCut = true;
      hasWorked = true;
      isFirstExpiry = true;
      end();
    },
    /** Milliseconds to wait. The first expiry after progress asks for a new list at once; the first cut is no trouble yet. */
    begin(problem: Problem): number {
      if (problem.kind === 'expired' && isFirstExpiry) {
        isFirstExpiry = false;
        log.debug('The resource version is too old; the kind is listed anew', about);
        return 0;
      }
      const delay = delayAfter(problem);
      if (problem.kind === 'broken' && isFirstCut) log.debug(problem.sentence, about);
      else tell(problem, delay);
      isFirstCut = false;
      hasWorked = false;
      return delay;
    },
  };
}
