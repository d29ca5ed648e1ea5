import type { RateLimiter } from '../controller/types.js';
import type { QueueObserver } from '../metrics/workqueue.js';
import { longestTimer } from '../time.js';
import { createLine } from './line.js';
import { defaultLimiter } from './ratelimiter.js';

export interface AddOptions {
  /** Milliseconds until the key is handed out. */
  after?: number;
  /** The rate limiter decides the delay; the longer one counts if `after` is given too. */
  rateLimited?: boolean;
  /** Higher comes first. Default 0. */
  priority?: number;
}

/** A key that a worker has, with the priority that it waited at. */
export interface Handed {
  readonly key: string;
  readonly priority: number;
}

export interface WorkQueue {
  /** Puts a key in. Without effect after `shutDown`. */
  add(key: string, o?: AddOptions): void;
  /** The next key, as soon as there is one; `undefined` once the queue is shut down. Each key is to be given back by `done`. */
  next(): Promise<Handed | undefined>;
  /** The worker has finished with the key. */
  done(key: string): void;
  /** Ends the backoff of a key. */
  forget(key: string): void;
  /** Hands out nothing from now on, and drops what waits. */
  shutDown(): void;
  /** Keys that could be handed out now, those that a worker still has among them. */
  readonly depth: number;
  /** Keys that wait for their time. */
  readonly waiting: number;
  /** Keys that workers have. */
  readonly processing: readonly string[];
}

export interface WorkQueueOptions {
  rateLimiter?: RateLimiter;
  /** `false`: first come, first served, whatever the priority. Default true. */
  usePriorityQueue?: boolean;
  observer?: QueueObserver;
}

/**
 * A queue of keys for workers.
 *
 * Guarantees: a key is in the queue at most once and is never handed to two workers at once; what is added while a worker has the key is
 * handed out after `done`. Order: priority descending, then the order of arrival. Adding a key again keeps the higher priority (a rise
 * goes to the tail of the new priority) and the earlier time; an add without delay makes a waiting key ready now.
 */
export function createQueue(options: WorkQueueOptions = {}): WorkQueue {
  const { usePriorityQueue = true, rateLimiter = defaultLimiter(usePriorityQueue) } = options;
  const line = createLine(options.observer);
  const workers: ((handed: Handed | undefined) => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isShutDown = false;

  const handOut = (): void => {
    while (workers.length > 0) {
      const item = line.take();
      if (!item) return;
      workers.shift()?.({ key: item.key, priority: item.priority });
    }
  };

  const ripen = (): void => {
    line.ripen(performance.now());
    advance();
  };

  const advance = (): void => {
    clearTimeout(timer);
    handOut();
    const { dueAt } = line;
    timer =
      dueAt === undefined ? undefined : setTimeout(ripen, Math.min(Math.ceil(dueAt - performance.now()), longestTimer));
  };

  const delayOf = (key: string, { after = 0, rateLimited = false }: AddOptions): number =>
    Math.max(after, rateLimited ? rateLimiter.when(key) : 0);

  return {
    add(key, o = {}) {
      if (isShutDown) return;
      const delay = delayOf(key, o);
      line.put(key, usePriorityQueue ? (o.priority ?? 0) : 0, delay > 0 ? performance.now() + delay : undefined);
      advance();
    },
    next() {
      if (isShutDown) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        workers.push(resolve);
        handOut();
      });
    },
    done(key) {
      if (line.release(key)) handOut();
    },
    forget: (key) => rateLimiter.forget(key),
    shutDown() {
      isShutDown = true;
      clearTimeout(timer);
      line.clear();
      for (const resolve of workers.splice(0)) resolve(undefined);
    },
    get depth() {
      return line.depth;
    },
    get waiting() {
      return line.waiting;
    },
    get processing() {
      return [...line.held];
    },
  };
}
