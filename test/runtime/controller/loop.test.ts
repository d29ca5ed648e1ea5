import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Cache } from '../../../src/runtime/cache/types.js';
import type { Client } from '../../../src/runtime/client/types.js';
import { createLoop } from '../../../src/runtime/controller/loop.js';
import type { Context, Controller, RateLimiter, Source, SourceQueue } from '../../../src/runtime/controller/types.js';
import { ApiError, RetryLaterError, TerminalError } from '../../../src/runtime/errors.js';
import { type Logger, silentLogger } from '../../../src/runtime/log.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { recordingLogger } from '../../support/log.js';
import { key, Widget, type WidgetObject, widget } from '../../support/widget.js';
import { parseExposition, valueIn } from '../metrics/exposition.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const cache = {
  informer: () => ({ synced: Promise.resolve(), addHandler: () => () => {} }),
} as unknown as Cache;

const client = {
  get: async (_r: unknown, { name }: { name: string }) => widget(name),
  with: () => client,
} as unknown as Client;

/** A running controller whose queue the test fills. */
async function start(
  part: Partial<Controller<WidgetObject>> & Pick<Controller<WidgetObject>, 'reconcile'>,
  logger?: Logger,
) {
  const recorded = recordingLogger();
  let queue: SourceQueue | undefined;
  const tap: Source = {
    start: async (q) => {
      queue = q;
    },
  };
  const loop = createLoop(
    { for: Widget, sources: [tap], ...part },
    { client, log: logger ?? recorded.log, events: { emit() {} } },
  );
  const stop = new AbortController();
  await loop.startSources(stop.signal, cache);
  const add = (name: string, priority = 0): void => queue?.add(key(name), { priority });
  let hasEnded = false;
  const begin = (): Promise<void> =>
    loop.work(stop.signal).finally(() => {
      hasEnded = true;
    });
  return { ...recorded, loop, stop, add, begin, hasEnded: () => hasEnded };
}

/** Lets so much of the fake time pass, and the event loop turn. */
async function turns(milliseconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  for (let turn = 0; turn < 3; turn++) await immediate();
}

describe('results', () => {
  test.each([undefined, {}, { requeueAfter: undefined }])('%j waits for the next change', async (result) => {
    const reconcile = vi.fn(async () => result);
    const { add, begin } = await start({ reconcile });
    void begin();
    add('a');
    await turns(10_000_000);
    expect(reconcile).toHaveBeenCalledTimes(1);
  });

  test('requeueAfter comes back after so many milliseconds', async () => {
    const calls: number[] = [];
    const { add, begin } = await start({
      async reconcile() {
        calls.push(performance.now());
        return { requeueAfter: 1000 };
      },
    });
    const before = performance.now();
    add('a');
    void begin();
    await turns(2000);
    expect(calls.map((at) => at - before)).toEqual([0, 1000, 2000]);
  });

  test.each([
    ['the priority that the key had', {}, ['low', 'busy', 'other', 'low']],
    ['the priority of the result', { priority: 5 }, ['low', 'busy', 'low', 'other']],
  ])('requeueAfter comes back at %s', async (_which, result, order) => {
    const seen: string[] = [];
    const { add, begin } = await start({
      async reconcile({ key }) {
        seen.push(key.name);
        if (key.name === 'busy') await new Promise((resolve) => setTimeout(resolve, 500));
        return key.name === 'low' && seen.length === 1 ? { requeueAfter: 1000, ...result } : undefined;
      },
    });
    add('low', -100);
    void begin();
    await turns(900);
    add('busy');
    await turns(200);
    add('other');
    await turns(400);
    expect(seen).toEqual(order);
  });

  test.each<[string, () => never | Promise<never>]>([
    ['rejects', async () => Promise.reject(new Error('broken'))],
    ['throws at once', () => JSON.parse('{')],
    [
      'throws what is no error',
      () => {
        throw 'broken';
      },
    ],
    [
      'throws undefined',
      () => {
        throw undefined;
      },
    ],
    [
      'throws an error that cannot be read',
      () => {
        throw Object.defineProperty(new Error('x'), 'message', {
          get() {
            throw new Error('unreadable');
          },
        });
      },
    ],
  ])('a reconcile that %s is logged and tried again, later each time', async (_how, reconcile) => {
    const calls: number[] = [];
    const { add, begin, messages } = await start({
      reconcile: () => {
        calls.push(performance.now());
        return reconcile();
      },
    });
    const before = performance.now();
    add('a');
    void begin();
    await turns(5 + 10 + 20);
    expect(calls.map((at) => at - before)).toEqual([0, 5, 15, 35]);
    expect(messages('error')).toEqual(Array(4).fill('A reconcile failed'));
  });

  test.each<[string, Partial<RateLimiter>]>([
    [
      'throws',
      {
        when() {
          throw new Error('broken');
        },
      },
    ],
    ['returns no time', { when: () => Number.NaN }],
    ['returns a time in the past', { when: () => -1 }],
    ['returns no end', { when: () => Number.POSITIVE_INFINITY }],
    ['returns text', { when: () => '5' as never }],
    [
      'cannot forget',
      {
        forget() {
          throw new Error('broken');
        },
      },
    ],
  ])('a rate limiter that %s is logged, and the default decides', async (_how, part) => {
    const reconcile = vi.fn(async () => {});
    reconcile.mockRejectedValueOnce(new Error('broken'));
    const { add, begin, messages } = await start({
      reconcile,
      rateLimiter: { when: () => 5, forget() {}, requeues: () => 0, ...part },
    });
    add('a');
    void begin();
    await turns(10);
    expect(reconcile).toHaveBeenCalledTimes(2);
    expect(messages('error')).toContain('A rate limiter failed');
  });

  test.each([
    ['requeueAfter', { requeueAfter: Number.NaN }],
    ['requeueAfter', { requeueAfter: -1 }],
    ['requeueAfter', { requeueAfter: Number.POSITIVE_INFINITY }],
    ['requeueAfter', { requeueAfter: '1000' as never }],
    ['priority', { priority: Number.NaN }],
  ])('a wrong %s is a failure that is tried again: %o', async (option, result) => {
    const reconcile = vi.fn(async () => result);
    const { add, begin, lines } = await start({ reconcile });
    add('a');
    void begin();
    await turns(5 + 10);
    expect(reconcile).toHaveBeenCalledTimes(3);
    expect(lines[0]).toMatchObject({ level: 'error', message: 'A reconcile failed', name: 'a' });
    expect(lines[0]?.error).toContain(`\`${option}\``);
  });

  test('requeueAfter may be many years', async () => {
    const reconcile = vi.fn(async () => ({ requeueAfter: 1e12 }));
    const { add, begin } = await start({ reconcile });
    add('a');
    void begin();
    await turns(100 * 24 * 3600 * 1000);
    expect(reconcile).toHaveBeenCalledTimes(1);
  });

  test('a logger that throws holds no key back for ever', async () => {
    const reconcile = vi.fn(async () => Promise.reject(new Error('broken')));
    const failing: Logger = { ...silentLogger, with: () => failing, error: () => JSON.parse('{') };
    const { add, begin } = await start({ reconcile }, failing);
    add('a');
    void begin();
    await turns(5 + 10);
    expect(reconcile).toHaveBeenCalledTimes(3);
  });

  test('nor does one that throws before the reconcile', async () => {
    const reconcile = vi.fn(async () => {});
    let isBroken = true;
    const failing: Logger = { ...silentLogger, with: () => (isBroken ? JSON.parse('{') : failing) };
    const parent: Logger = { ...silentLogger, with: () => failing };
    const { add, begin, loop } = await start({ reconcile }, parent);
    add('a');
    void begin();
    await turns();
    expect(loop.running).toEqual([]);
    isBroken = false;
    add('a');
    await turns();
    expect(reconcile).toHaveBeenCalledTimes(1);
  });

  test('without a priority queue all keys share a bucket: 100 retries at once, then 10 a second', async () => {
    const reconcile = vi.fn(async () => Promise.reject(new TypeError('broken')));
    const { add, begin } = await start({ reconcile, usePriorityQueue: false });
    for (let index = 0; index < 200; index++) add(`w${index}`);
    void begin();
    await turns(6);
    expect(reconcile).toHaveBeenCalledTimes(300);
    await turns(1_000);
    expect(reconcile).toHaveBeenCalledTimes(310);
  });

  test('success ends the backoff', async () => {
    const outcomes = [false, false, true, false, true];
    const reconcile = vi.fn(async () => {
      if (outcomes.shift() === false) throw new Error('broken');
    });
    const { add, begin } = await start({ reconcile });
    add('a');
    void begin();
    await turns(15);
    expect(reconcile).toHaveBeenCalledTimes(3);
    add('a');
    await turns(5);
    expect(reconcile).toHaveBeenCalledTimes(5);
  });

  test('the poison of one object leaves the others alone', async () => {
    const seen: string[] = [];
    const { add, begin } = await start({
      async reconcile({ key }) {
        seen.push(key.name);
        if (key.name === 'poison') throw new Error('broken');
      },
    });
    void begin();
    add('poison');
    await turns(4000);
    const tries = seen.length;
    add('a');
    add('b');
    await turns();
    expect(seen.slice(tries)).toEqual(['a', 'b']);
    expect(tries).toBe(10);
  });

  test('a TerminalError is logged and not tried again until the next change', async () => {
    const reconcile = vi.fn(async () => {
      throw new TerminalError('the spec cannot be meant');
    });
    const { add, begin, lines } = await start({ reconcile });
    add('a');
    void begin();
    await turns(10_000_000);
    expect(reconcile).toHaveBeenCalledTimes(1);
    expect(lines).toMatchObject([{ level: 'error', error: 'the spec cannot be meant' }]);
    add('a');
    await turns();
    expect(reconcile).toHaveBeenCalledTimes(2);
  });

  test('the cause of a failure decides what is counted, and a wait that is asked for is no failure', async () => {
    const errors = [
      new Error('never', { cause: new TerminalError('the spec cannot be meant') }),
      new Error('later', { cause: new RetryLaterError('the zone is locked', { retryAfter: 60_000 }) }),
    ];
    const { add, begin } = await start({ name: 'counted', reconcile: async () => Promise.reject(errors.shift()) });
    add('a');
    add('b');
    void begin();
    await turns();
    const families = parseExposition(await metrics.registry.metrics());
    const count = (name: string, labels: Record<string, string> = {}) =>
      valueIn(families, `controller_runtime_${name}_total`, { controller: 'counted', ...labels });
    expect(count('reconcile_errors')).toBe(1);
    expect(count('terminal_reconcile_errors')).toBe(1);
    expect(count('reconcile', { result: 'requeue_after' })).toBe(1);
  });

  test('conflicts are no errors, and hold a key back for a second at the most', async () => {
    const reconcile = vi.fn(async () => {
      throw new ApiError(409, { reason: 'Conflict', message: 'the object has been modified' });
    });
    const { add, begin, messages } = await start({ reconcile });
    add('a');
    void begin();
    await turns(60_000);
    const calls = reconcile.mock.calls.length;
    await turns(10_000);
    expect(reconcile.mock.calls.length - calls).toBe(10);
    expect(messages('error')).toEqual([]);
    expect(messages('debug')).toContain('A reconcile met a conflict');
  });

  test('an object that is gone is no error at first, and one if the cache keeps it', async () => {
    const details = { name: 'a', group: 'test.example.com', kind: 'widgets' };
    const { add, begin, messages } = await start({
      reconcile: async () => Promise.reject(new ApiError(404, { reason: 'NotFound', details })),
    });
    void begin();
    add('a');
    await turns(100);
    expect(new Set(messages())).toEqual(new Set(['A reconcile met an object that is gone']));
    await turns(5_000);
    expect(messages('error')).toContain('A reconcile failed');
  });

  test('another object that is missing is an error', async () => {
    const details = { name: 'b', group: 'test.example.com', kind: 'widgets' };
    const { add, begin, messages } = await start({
      reconcile: async () => Promise.reject(new ApiError(404, { reason: 'NotFound', details })),
    });
    void begin();
    add('a');
    await turns();
    expect(messages()).toEqual(['A reconcile failed']);
  });

  test('a failure names the controller, the object and the pass', async () => {
    const { add, begin, lines } = await start({
      name: 'my-widgets',
      async reconcile({ log }) {
        log.info('mine');
        throw new Error('broken');
      },
    });
    add('a');
    void begin();
    await turns();
    const [mine, failure] = lines;
    expect(failure).toMatchObject({
      controller: 'my-widgets',
      controllerGroup: 'test.example.com',
      controllerKind: 'Widget',
      Widget: { name: 'a', namespace: 'default' },
      namespace: 'default',
      name: 'a',
      reconcileID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(mine?.reconcileID).toBe(failure?.reconcileID);
  });
});

describe('workers', () => {
  test('one key is never with two of them, and changes meanwhile make one extra run', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const reconcile = vi.fn(async ({ key }: Context<WidgetObject>) => {
      running.set(key.name, (running.get(key.name) ?? 0) + 1);
      most = Math.max(most, running.get(key.name) ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      running.set(key.name, (running.get(key.name) ?? 0) - 1);
    });
    const { add, begin } = await start({ concurrency: 3, reconcile });
    void begin();
    for (let at = 0; at < 10; at++) {
      add('a');
      await turns(100);
    }
    expect(reconcile).toHaveBeenCalledTimes(1);
    await turns(60_000);
    expect(reconcile).toHaveBeenCalledTimes(2);
    expect(most).toBe(1);
  });

  test('other keys wait while the only worker is busy', async () => {
    const seen: string[] = [];
    const { add, begin } = await start({
      async reconcile({ key }) {
        seen.push(key.name);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      },
    });
    void begin();
    add('a');
    add('b');
    await turns(999);
    expect(seen).toEqual(['a']);
    await turns(1);
    expect(seen).toEqual(['a', 'b']);
  });

  test('a live change overtakes the first list', async () => {
    const seen: string[] = [];
    const { add, begin } = await start({ reconcile: async ({ key }) => void seen.push(key.name) });
    for (let at = 0; at < 1000; at++) add(`old-${at}`, -100);
    add('edited');
    void begin();
    await vi.waitFor(() => expect(seen).toHaveLength(1001));
    expect(seen[0]).toBe('edited');
  });

  test('reconciles that never wait let the event loop have its turn', async () => {
    vi.useRealTimers();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const { add, begin, stop } = await start({
      async reconcile() {
        for (const end = performance.now() + 1; performance.now() < end; );
      },
    });
    for (let at = 0; at < 200; at++) add(`n-${at}`);
    add('last', -1);
    const end = begin();
    await vi.waitFor(() => expect(ticks).toBeGreaterThan(5));
    clearInterval(timer);
    stop.abort();
    await end;
  });
});

describe('time', () => {
  test('reconcileTimeout aborts the signal, and the slot is free only when the promise settles', async () => {
    const signals: AbortSignal[] = [];
    const { add, begin } = await start({
      reconcileTimeout: 1000,
      async reconcile({ signal }) {
        signals.push(signal);
        await new Promise((resolve) => setTimeout(resolve, 5000));
      },
    });
    void begin();
    add('a');
    await turns(999);
    add('a');
    expect(signals[0]?.aborted).toBe(false);
    await turns(1);
    expect(signals[0]?.reason).toMatchObject({ name: 'TimeoutError' });
    await turns(3999);
    expect(signals).toHaveLength(1);
    await turns(1);
    expect(signals).toHaveLength(2);
  });

  test('a reconcileTimeout without end never aborts', async () => {
    const signals: AbortSignal[] = [];
    const { add, begin } = await start({
      reconcileTimeout: Number.POSITIVE_INFINITY,
      async reconcile({ signal }) {
        signals.push(signal);
        await new Promise((resolve) => setTimeout(resolve, 5000));
      },
    });
    void begin();
    add('a');
    await turns(4999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  test('a reconcile that heeds its timeout fails and is tried again', async () => {
    const reconcile = vi.fn(({ signal }: Context<WidgetObject>) => {
      return new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const { add, begin, lines } = await start({ reconcileTimeout: 1000, reconcile });
    add('a');
    void begin();
    await turns(1005);
    expect(reconcile).toHaveBeenCalledTimes(2);
    expect(lines).toMatchObject([{ level: 'error', error: expect.stringContaining('reconcileTimeout') }]);
  });

  test('a reconcile that goes on is said every minute, with its key', async () => {
    const { add, begin, lines } = await start({ reconcileTimeout: 1000, reconcile: () => new Promise(() => {}) });
    add('a');
    void begin();
    await turns(1000 + 3 * 60_000);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ message: 'A reconcile goes on after its end', name: 'a' });
  });

  test('a pass that is done leaves no timer', async () => {
    const { add, begin } = await start({ reconcileTimeout: 1000, reconcile: async () => {} });
    add('a');
    void begin();
    await turns();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the stop', () => {
  test('hands out no more keys, aborts the signals, and waits for what runs', async () => {
    const seen: string[] = [];
    let release = (): void => {};
    const { add, begin, stop, hasEnded, loop } = await start({
      async reconcile({ key, signal }) {
        seen.push(key.name);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        seen.push(`aborted: ${signal.aborted}`);
      },
    });
    const end = begin();
    add('a');
    add('b');
    await turns();
    expect(loop.running).toEqual(['default/a']);
    stop.abort();
    await turns(1000);
    expect(hasEnded()).toBe(false);
    release();
    await end;
    expect(seen).toEqual(['a', 'aborted: true']);
    expect([loop.running, vi.getTimerCount()]).toEqual([[], 0]);
  });

  test('makes the failure of an aborted reconcile no error', async () => {
    const { add, begin, stop, messages } = await start({
      reconcile: ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const end = begin();
    add('a');
    await turns();
    stop.abort();
    await end;
    expect(messages()).toEqual(['A reconcile ended with the stop']);
  });
});
