import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Client } from '../client/types.js';
import { ApiError, TerminalError } from '../errors.js';
import type { EventRecorder } from '../events/types.js';
import type { Logger } from '../log.js';
import { type AnyResource, type K8sObject, type Key, keyText, parseKey } from '../resource.js';
import { createQueue, type Handed } from '../workqueue/queue.js';
import { exponentialLimiter } from '../workqueue/ratelimiter.js';
import { controllerName } from './define.js';
import { createOwnWrites } from './ownwrites.js';
import { runPass } from './pass.js';
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

/** Another writer was first, or the object has just gone: no reason to wait for long, however often it happens. */
const longestConflictDelay = 1000;

/** Tries until an object that the cache has and the API server has not is a failure: its status subresource may be what is missing. */
const mostGoneTries = 8;

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
  const queue = createQueue(c);
  const conflicts = exponentialLimiter({ most: longestConflictDelay });
  const writes = createOwnWrites();

  const succeeded = ({ key, priority }: Handed, { requeueAfter = 0, priority: wanted = priority }: Result): void => {
    queue.forget(key);
    conflicts.forget(key);
    if (requeueAfter > 0) queue.add(key, { after: requeueAfter, priority: wanted });
  };

  const failed = ({ key, priority }: Handed, error: unknown, log: Logger): void => {
    const isGone = isGoneFrom(error, c.for, parseKey(key)) && conflicts.requeues(key) < mostGoneTries;
    const isRace = isGone || (error instanceof ApiError && error.isConflict);
    if (error instanceof TerminalError) log.error(error, 'A reconcile failed for good');
    else if (isGone) log.debug('A reconcile met an object that is gone', { error });
    else if (isRace) log.debug('A reconcile met a conflict', { error });
    else log.error(error, 'A reconcile failed');
    if (isRace) queue.add(key, { after: conflicts.when(key), priority });
    else if (!(error instanceof TerminalError)) queue.add(key, { rateLimited: true, priority });
  };

  const handle = async (handed: Handed, signal: AbortSignal): Promise<void> => {
    const key = parseKey(handed.key);
    const reconcileID = randomUUID();
    const own = log.with({ [c.for.kind]: key, namespace: key.namespace, name: key.name, reconcileID });
    try {
      const result = await runPass(c, key, { client, log: own, events, reconcileID, signal, writes });
      succeeded(handed, result ?? {});
    } catch (error) {
      if (signal.aborted) own.debug('A reconcile ended with the stop', { error });
      else failed(handed, error, own);
    } finally {
      queue.done(handed.key);
    }
  };

  const worker = async (signal: AbortSignal): Promise<void> => {
    let yieldedAt = performance.now();
    for (let handed = await queue.next(); handed; handed = await queue.next()) {
      await handle(handed, signal);
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
      const into: SourceQueue = { add: (key, o) => queue.add(keyText(key), o) };
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

/** Whether the API server says that the reconciled object itself is missing: the cache will soon know. */
function isGoneFrom(error: unknown, { group, plural }: AnyResource, { name }: Key): boolean {
  if (!(error instanceof ApiError && error.isNotFound)) return false;
  const { details = {} } = error;
  return details.name === name && details.kind === plural && (details.group ?? '') === group;
}
