import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AddOptions, createQueue, type WorkQueue } from '../../../src/runtime/workqueue/queue.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The keys that a lone worker gets now, in order, finishing each before the next. */
async function drain(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  while (queue.depth > 0) {
    const handed = await queue.next();
    if (!handed) break;
    keys.push(handed.key);
    queue.done(handed.key);
  }
  return keys;
}

describe('keys', () => {
  test('come once, however often they are added', async () => {
    const queue = createQueue();
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    expect(await drain(queue)).toEqual(['a', 'b']);
  });

  test('that a worker has come again after it is done', async () => {
    const queue = createQueue();
    queue.add('a');
    await queue.next();
    queue.add('a');
    queue.add('b');
    expect(await queue.next()).toMatchObject({ key: 'b' });
    const again = queue.next();
    queue.done('a');
    expect(await again).toMatchObject({ key: 'a' });
  });

  test('reach a worker that waits', async () => {
    const queue = createQueue();
    const [first, second] = [queue.next(), queue.next()];
    queue.add('a');
    queue.add('b');
    expect([(await first)?.key, (await second)?.key]).toEqual(['a', 'b']);
    expect(queue.processing).toEqual(['a', 'b']);
  });
});

describe('priorities', () => {
  test('come before the order of arrival', async () => {
    const queue = createQueue();
    queue.add('low', { priority: -100 });
    queue.add('a');
    queue.add('high', { priority: 5 });
    queue.add('b');
    expect(await drain(queue)).toEqual(['high', 'a', 'b', 'low']);
  });

  test('rise to the tail of the new priority and never fall', async () => {
    const queue = createQueue();
    queue.add('a', { priority: -100 });
    queue.add('b');
    queue.add('c');
    queue.add('a');
    queue.add('c', { priority: -100 });
    expect(await drain(queue)).toEqual(['b', 'c', 'a']);
  });

  test('are told to the worker', async () => {
    const queue = createQueue();
    queue.add('a', { priority: -100 });
    expect(await queue.next()).toEqual({ key: 'a', priority: -100 });
  });

  test('do not count without a priority queue', async () => {
    const queue = createQueue({ usePriorityQueue: false });
    queue.add('a', { priority: -100 });
    queue.add('b', { priority: 7 });
    expect(await drain(queue)).toEqual(['a', 'b']);
  });
});

describe('delays', () => {
  test('hold a key back', async () => {
    const queue = createQueue();
    queue.add('a', { after: 1000 });
    await vi.advanceTimersByTimeAsync(999);
    expect([queue.depth, queue.waiting]).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await drain(queue)).toEqual(['a']);
  });

  test('the earlier one counts', async () => {
    const queue = createQueue();
    queue.add('a', { after: 1000 });
    queue.add('a', { after: 100 });
    queue.add('a', { after: 5000 });
    await vi.advanceTimersByTimeAsync(100);
    expect(await drain(queue)).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(queue.depth).toBe(0);
  });

  test('end with an add that has none, which replaces them', async () => {
    const queue = createQueue();
    queue.add('a', { after: 1000 });
    queue.add('b');
    queue.add('a');
    expect(queue.waiting).toBe(0);
    expect(await drain(queue)).toEqual(['b', 'a']);
    await vi.advanceTimersByTimeAsync(2000);
    expect(queue.depth).toBe(0);
  });

  test('that end while a worker has the key make it come after it is done', async () => {
    const queue = createQueue();
    queue.add('a');
    await queue.next();
    queue.add('a', { after: 10 });
    await vi.advanceTimersByTimeAsync(10);
    const again = queue.next();
    queue.done('a');
    expect(await again).toMatchObject({ key: 'a' });
  });

  test('do not follow the time of day', async () => {
    const queue = createQueue();
    queue.add('a', { after: 1000 });
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(999);
    expect(queue.depth).toBe(0);
    vi.setSystemTime(Date.now() - 7_200_000);
    await vi.advanceTimersByTimeAsync(1);
    expect(queue.depth).toBe(1);
  });

  test('longer than the longest timer do not end early', async () => {
    const queue = createQueue();
    const month = 31 * 24 * 3600 * 1000;
    queue.add('a', { after: month });
    await vi.advanceTimersByTimeAsync(month - 1);
    expect(queue.depth).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(queue.depth).toBe(1);
  });

  test('grow with each failure of a key until it is forgotten', async () => {
    const queue = createQueue();
    const delay = async (): Promise<number> => {
      const before = performance.now();
      queue.add('a', { rateLimited: true });
      const handed = queue.next();
      await vi.runAllTimersAsync();
      await handed;
      queue.done('a');
      return performance.now() - before;
    };
    expect([await delay(), await delay(), await delay()]).toEqual([5, 10, 20]);
    queue.forget('a');
    expect(await delay()).toBe(5);
  });

  test('leave one timer, and none after the shutdown', () => {
    const queue = createQueue();
    for (const key of ['a', 'b', 'c']) queue.add(key, { after: 1000 });
    expect(vi.getTimerCount()).toBe(1);
    queue.shutDown();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the shutdown', () => {
  test('lets workers go, hands out nothing and takes nothing', async () => {
    const queue = createQueue();
    const waiting = queue.next();
    queue.shutDown();
    queue.add('a');
    expect([await waiting, await queue.next(), queue.depth]).toEqual([undefined, undefined, 0]);
  });
});

type Step = { add: string; o: AddOptions } | { take: true } | { done: number } | { pass: number };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    add: key,
    o: fc.record({ after: fc.integer({ min: 0, max: 50 }), priority: fc.integer({ min: -2, max: 2 }) }),
  }),
  fc.constant({ take: true as const }),
  fc.record({ done: fc.nat(4) }),
  fc.record({ pass: fc.integer({ min: 1, max: 30 }) }),
);

describe('whatever happens', () => {
  test('no key is with two workers, the best comes first, and every add is followed by a hand-out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const queue = createQueue();
        const model = new Map<string, { priority: number; readyAt: number }>();
        const held: string[] = [];
        const take = async (): Promise<void> => {
          const now = performance.now();
          const open = [...model].filter(([each, { readyAt }]) => readyAt <= now && !held.includes(each));
          if (open.length === 0) return;
          const handed = await queue.next();
          if (!handed) throw new Error('the queue is empty, but should not be');
          expect(open.map(([each]) => each)).toContain(handed.key);
          expect(handed.priority).toBe(Math.max(...open.map(([, { priority }]) => priority)));
          model.delete(handed.key);
          held.push(handed.key);
        };
        const giveBack = (at: number): void => {
          const [given] = held.splice(at, 1);
          if (given !== undefined) queue.done(given);
        };
        for (const each of steps) {
          if ('take' in each) await take();
          else if ('done' in each) giveBack(each.done);
          else if ('pass' in each) await vi.advanceTimersByTimeAsync(each.pass);
          else {
            queue.add(each.add, each.o);
            const known = model.get(each.add);
            model.set(each.add, {
              priority: Math.max(known?.priority ?? -9, each.o.priority ?? 0),
              readyAt: Math.min(known?.readyAt ?? Number.POSITIVE_INFINITY, performance.now() + (each.o.after ?? 0)),
            });
          }
        }
        while (held.length > 0) giveBack(0);
        await vi.advanceTimersByTimeAsync(100);
        while (model.size > 0) {
          await take();
          giveBack(0);
        }
        expect([queue.depth, queue.waiting, vi.getTimerCount()]).toEqual([0, 0, 0]);
      }),
      { numRuns: 300 },
    );
  });

  test('equal priorities come in the order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(500), fc.integer({ min: -3, max: 3 }))), async (adds) => {
        const queue = createQueue();
        const first = new Map(adds.map(([name, priority]) => [String(name), priority] as const).reverse());
        const distinct = [...first].reverse();
        for (const [name, priority] of distinct) queue.add(name, { priority });
        const sorted = distinct.toSorted(([, left], [, right]) => right - left).map(([name]) => name);
        expect(await drain(queue)).toEqual(sorted);
      }),
    );
  });
});

test('100 000 keys come and go, and nothing of them is left', async () => {
  vi.useRealTimers();
  const queue = createQueue();
  for (let at = 0; at < 100_000; at++) queue.add(`key-${at}`, { priority: -100 });
  queue.add('edited');
  expect((await queue.next())?.key).toBe('edited');
  expect(await drain(queue)).toHaveLength(100_000);
  queue.done('edited');
  for (let at = 0; at < 100_000; at++) queue.add(`key-${at}`, { after: 1 + (at % 7) });
  expect([queue.depth, queue.waiting]).toEqual([0, 100_000]);
  const seen = new Set<string>();
  while (seen.size < 100_000) {
    const { key } = (await queue.next()) ?? { key: '' };
    seen.add(key);
    queue.done(key);
  }
  expect([queue.depth, queue.waiting, queue.processing]).toEqual([0, 0, []]);
});
