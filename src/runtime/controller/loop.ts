import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Client } from '../client/types.js';
import { RetryLaterError } from '../errors.js';
import type { EventRecorder } from '../events/types.js';
import type { Logger } from '../log.js';
import { controllerMetrics } from '../metrics/controller.js';
import { queueMetrics } from '../metrics/workqueue.js';
import { type K8sObject, parseKey } from '../resource.js';
import { reconcileChannel, traced } from '../trace.js';
import { createQueue, type Handed, type WorkQueueOptions } from '../workqueue/queue.js';
import { containedLimiter } from '../workqueue/ratelimiter.js';
import { tellingCause } from './cause.js';
import { controllerName } from './define.js';
import { createOwnWrites } from './ownwrites.js';
import { runPass } from './pass.js';
import { checkedQueue } from './queue.js';
import { createRetries } from './retries.js';
import { itself } from './sources.js';
import type { AnyController, Result, Source, SourceContext, SourceQueue } from './types.js';

/** What a controller needs to run. */
export interface LoopTools {
  readonly client: Client;
  readonly log: Logger;
  readonly events: EventRecorder;
}

export interface Loop {
  readonly name: string;
  /** Milliseconds. */
  readonly cacheSyncTimeout: number;
  /** Starts the sources and resolves when all are synced; rejects when one fails. */
  startSources(signal: AbortSignal, cache: SourceContext['cache']): Promise<void>;
  /** Reconciles until the signal aborts; resolves when the last reconcile has settled. */
  work(signal: AbortSignal): Promise<void>;
  /** Keys that are being reconciled, as `namespace/name`. */
  readonly running: readonly string[];
}

/** Milliseconds after which a worker lets sockets and timers have their turn, even if its reconciles never wait. */
const longestTurn = 10;

/**
 * The queue and the workers of a controller.
 *
 * Guarantees: a key is never reconciled twice at once; a failure is logged once and tried again with a growing delay, which the next
 * success resets; other keys are not held back by it.
 */
export function createLoop(c: AnyController, { client, log: parent, events }: LoopTools): Loop {
  const name = controllerName(c);
  const log = parent.with({ controller: name, controllerGroup: c.for.group, controllerKind: c.for.kind });
  const metrics = controllerMetrics(name, c.concurrency ?? 1);
  const queue = createQueue({ ...limits(c, log), observer: queueMetrics(name) });
  const retries = createRetries(c.for);
  const writes = createOwnWrites();

  const succeeded = ({ key, priority }: Handed, { requeueAfter = 0, priority: wanted = priority }: Result): void => {
    queue.forget(key);
    retries.forget(key);
    metrics.succeeded(requeueAfter > 0 ? 'requeue_after' : 'success');
    if (requeueAfter > 0) queue.add(key, { after: requeueAfter, priority: wanted });
  };

  const failed = ({ key, priority }: Handed, error: unknown, log: Logger): void => {
    const cause = tellingCause(error);
    if (cause instanceof RetryLaterError) metrics.succeeded('requeue_after');
    else metrics.failed(cause);
    const { level, message, again } = retries.after(key, error);
    if (again) queue.add(key, { ...again, priority });
    if (level === 'error') log.error(error, message);
    else log.debug(message, { error });
  };

  const handle = async (handed: Handed, signal: AbortSignal): Promise<void> => {
    const key = parseKey(handed.key);
    const reconcileID = randomUUID();
    const own = log.with({ [c.for.kind]: key, namespace: key.namespace, name: key.name, reconcileID });
    const tools = { client, log: own, events, reconcileID, signal, writes, onTimeout: metrics.timedOut };
    const about = { controller: name, group: c.for.group, kind: c.for.kind, ...key, reconcileID };
    const ended = metrics.begin();
    try {
      const result = await traced(reconcileChannel, about, () => runPass(c, key, tools));
      succeeded(handed, result ?? {});
    } catch (error) {
      if (signal.aborted) own.debug('A reconcile ended with the stop', { error });
      else failed(handed, error, own);
    } finally {
      ended();
    }
  };

  const worker = async (signal: AbortSignal): Promise<void> => {
    let yieldedAt = performance.now();
    for (let handed = await queue.next(); handed; handed = await queue.next()) {
      // What rejects here is a logger of the user, with which there is nothing to say it.
      await handle(handed, signal).catch(() => {});
      queue.done(handed.key);
      if (performance.now() - yieldedAt < longestTurn) continue;
      await setImmediate();
      yieldedAt = performance.now();
    }
  };

  return {
    name,
    cacheSyncTimeout: c.cacheSyncTimeout ?? 120_000,
    get running() {
      return queue.processing;
    },
    async startSources(signal, cache) {
      const context: SourceContext = { cache, client, log, controllerFor: c.for };
      const into: SourceQueue = checkedQueue(c.for, queue.add, log);
      writes.follow(cache.informer<K8sObject>(c.for), signal);
      const sources: readonly Source[] = [itself(c.for, c.where), ...(c.sources ?? [])];
      await Promise.all(sources.map((source) => source.start(into, signal, context)));
    },
    async work(signal) {
      if (signal.aborted) queue.shutDown();
      else signal.addEventListener('abort', queue.shutDown, { once: true });
      await Promise.all(Array.from({ length: c.concurrency ?? 1 }, () => worker(signal)));
      signal.removeEventListener('abort', queue.shutDown);
    },
  };
}

function limits({ rateLimiter, usePriorityQueue }: AnyController, log: Logger): WorkQueueOptions {
  const failed = (error: unknown): void => log.error(error, 'A rate limiter failed');
  return {
    ...(usePriorityQueue !== undefined && { usePriorityQueue }),
    ...(rateLimiter && { rateLimiter: containedLimiter(rateLimiter, failed) }),
  };
}
