import type { QueueObserver } from '../metrics/workqueue.js';
import { createHeap } from './heap.js';

/** A key that waits to be handed out. */
export interface Item {
  readonly key: string;
  priority: number;
  sequence: number;
  /** When the item may be handed out; `undefined` if it may be now. */
  readyAt: number | undefined;
  at: number;
}

/** Keys in the order in which they are to be handed out. Times are those of `performance.now`. */
export interface Line {
  /** Puts a key in, or changes the place that it has: the higher priority and the earlier time count. */
  put(key: string, priority: number, readyAt: number | undefined): void;
  /** Takes the first key that is ready out; it is held until `release`, and stands back meanwhile. */
  take(): Item | undefined;
  /** Whether the key was held. */
  release(key: string): boolean;
  /** What is due by now becomes ready. */
  ripen(now: number): void;
  /** When the next key becomes ready; undefined where none waits for its time. */
  readonly dueAt: number | undefined;
  clear(): void;
  /** Keys that are ready, those that are held among them. */
  readonly depth: number;
  /** Keys that wait for their time. */
  readonly waiting: number;
  readonly held: ReadonlySet<string>;
}

/** Order: priority descending, then the order of arrival; a rise goes to the tail of the new priority. */
export function createLine(observer?: QueueObserver): Line {
  const items = new Map<string, Item>();
  const held = new Set<string>();
  const ready = createHeap<Item>((left, right) =>
    left.priority === right.priority ? left.sequence < right.sequence : left.priority > right.priority,
  );
  const waiting = createHeap<Item>((left, right) =>
    timeOf(left) === timeOf(right) ? left.sequence < right.sequence : timeOf(left) < timeOf(right),
  );
  let sequence = 0;

  /** A ready item whose key is held is in neither heap: `release` brings it back. */
  const arrange = (item: Item): void => {
    if (item.readyAt !== undefined) waiting.push(item);
    else if (!held.has(item.key)) ready.push(item);
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
    if (rises && item.readyAt === undefined) observer?.raised(item.priority, priority);
    if (rises || becomesReady) item.sequence = sequence++;
    if (rises) item.priority = priority;
    if (becomesReady || comesSooner) item.readyAt = readyAt;
    if (becomesReady) observer?.ready(item.key, item.priority);
    arrange(item);
  };

  return {
    held,
    put(key, priority, readyAt) {
      const item = items.get(key);
      if (readyAt !== undefined) observer?.delayed();
      if (item) return update(item, priority, readyAt);
      const added: Item = { key, priority, sequence: sequence++, readyAt, at: -1 };
      items.set(key, added);
      if (readyAt === undefined) observer?.ready(key, priority);
      arrange(added);
    },
    take() {
      const item = ready.peek();
      if (!item) return undefined;
      ready.remove(item);
      items.delete(item.key);
      held.add(item.key);
      observer?.handedOut(item.key, item.priority);
      return item;
    },
    release(key) {
      if (!held.delete(key)) return false;
      observer?.done(key);
      const item = items.get(key);
      if (item && item.readyAt === undefined) arrange(item);
      return true;
    },
    ripen(now) {
      for (let item = waiting.peek(); item && timeOf(item) <= now; item = waiting.peek())
        update(item, item.priority, undefined);
    },
    get dueAt() {
      return waiting.peek()?.readyAt;
    },
    clear() {
      for (const item of items.values()) displace(item);
      items.clear();
      observer?.closed();
    },
    get depth() {
      return items.size - waiting.size;
    },
    get waiting() {
      return waiting.size;
    },
  };
}

const timeOf = ({ readyAt = 0 }: Item): number => readyAt;
