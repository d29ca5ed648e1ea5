import type { RateLimiter } from '../controller/types.js';
import { longestTimer } from '../time.js';
import { createHeap } from './heap.js';
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
}

interface Item {
  readonly key: string;
  priority: number;
  sequence: number;
  /** When the item may be handed out; `undefined` if it may be now. */
  readyAt: number | undefined;
  at: number;
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
  const items = new Map<string, Item>();
  const processing = new Set<string>();
  const workers: ((handed: Handed | undefined) => void)[] = [];
  const ready = createHeap<Item>((left, right) =>
    left.priority === right.priority ? left.sequence < right.sequence : left.priority > right.priority,
  );
  const waiting = createHeap<Item>((left, right) =>
    timeOf(left) === timeOf(right) ? left.sequence < right.sequence : timeOf(left) < timeOf(right),
  );
  let sequence = 0;
  let timer: NodeJS.Timeout | undefined;
  let isShutDown = false;

  /** A ready item of which a worker still has the key is in neither heap: `done` brings it back. */
  const arrange = (item: Item): void => {
    if (item.readyAt !== undefined) waiting.push(item);
    else if (!processing.has(item.key)) ready.push(item);
  };

  const displace = (item: Item): void => {
    if (item.at < 0) return;
    if (item.readyAt === undefined) ready.remove(item);
    else waiting.remove(item);
  };

  const update = (item: Item, priority: number, readyAt: number | undefined): void => {
    const rises = priority > item.priority;
    const becomesReady = item.readyAt !== undefined && readyAt === undefined;
    const comesSooner = item.readyAt !== undefined && readyAt !== undefined && readyAt < item.readyAt;
    if (!rises && !becomesReady && !comesSooner) return;
    displace(item);
    if (rises || becomesReady) item.sequence = sequence++;
    if (rises) item.priority = priority;
    if (becomesReady || comesSooner) item.readyAt = readyAt;
    arrange(item);
  };

  const handOut = (): void => {
    for (let item = ready.peek(); item && workers.length > 0; item = ready.peek()) {
      ready.remove(item);
      items.delete(item.key);
      processing.add(item.key);
      workers.shift()?.({ key: item.key, priority: item.priority });
    }
  };

  const ripen = (): void => {
    const time = performance.now();
    for (let item = waiting.peek(); item && timeOf(item) <= time; item = waiting.peek()) {
      update(item, item.priority, undefined);
    }
    advance();
  };

  const advance = (): void => {
    clearTimeout(timer);
    handOut();
    const next = waiting.peek();
    timer = next && setTimeout(ripen, Math.min(Math.ceil(timeOf(next) - performance.now()), longestTimer));
  };

  const delayOf = (key: string, { after = 0, rateLimited = false }: AddOptions): number =>
    Math.max(after, rateLimited ? rateLimiter.when(key) : 0);

  return {
    add(key, o = {}) {
      if (isShutDown) return;
      const delay = delayOf(key, o);
      const priority = usePriorityQueue ? (o.priority ?? 0) : 0;
      const readyAt = delay > 0 ? performance.now() + delay : undefined;
      const item = items.get(key);
      if (item) update(item, priority, readyAt);
      else {
        const added: Item = { key, priority, sequence: sequence++, readyAt, at: -1 };
        items.set(key, added);
        arrange(added);
      }
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
      if (!processing.delete(key)) return;
      const item = items.get(key);
      if (item && item.readyAt === undefined) arrange(item);
      handOut();
    },
    forget: (key) => rateLimiter.forget(key),
    shutDown() {
      isShutDown = true;
      clearTimeout(timer);
      for (const item of items.values()) displace(item);
      items.clear();
      for (const resolve of workers.splice(0)) resolve(undefined);
    },
    get depth() {
      return items.size - waiting.size;
    },
    get waiting() {
      return waiting.size;
    },
    get processing() {
      return [...processing];
    },
  };
}

const timeOf = ({ readyAt = 0 }: Item): number => readyAt;
