import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CircuitOpenError, circuitBreaker } from '../../../src/runtime/controller/breaker.js';
import { TerminalError } from '../../../src/runtime/errors.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { Widget, widget } from '../../support/widget.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: Error) => (error instanceof CircuitOpenError ? 'rests' : error.message),
  );

test('rests after failures in a row, then lets one call try', async () => {
  const call = vi.fn(async (): Promise<string> => Promise.reject(new Error('down')));
  const breaker = circuitBreaker({ name: 'the provider', failures: 3, rest: 10_000 });
  const outcomes = async (times: number) => {
    const all: string[] = [];
    for (let count = 0; count < times; count++) all.push(await outcome(breaker(call)));
    return all;
  };
  expect(await outcomes(5)).toEqual(['down', 'down', 'down', 'rests', 'rests']);
  expect(call).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await outcomes(2)).toEqual(['down', 'rests']);
  await vi.advanceTimersByTimeAsync(10_000);
  call.mockResolvedValue('up');
  expect(await outcomes(3)).toEqual(['ok', 'ok', 'ok']);
  call.mockRejectedValueOnce(new Error('once'));
  expect(await outcomes(2)).toEqual(['once', 'ok']);
});

test('only one call tries at a time, and one that hangs holds the others back for one rest only', async () => {
  const breaker = circuitBreaker({ name: 'the provider', failures: 1, rest: 1_000 });
  await outcome(breaker(() => Promise.reject(new Error('down'))));
  await vi.advanceTimersByTimeAsync(1_000);
  void breaker(() => new Promise(() => {}));
  expect(await outcome(breaker(async () => 'up'))).toBe('rests');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await outcome(breaker(async () => 'up'))).toBe('ok');
});

test('says what rests, why and how long', async () => {
  const breaker = circuitBreaker({ name: 'the provider', failures: 1, rest: 1_000 });
  await outcome(breaker(() => Promise.reject(new Error('503 from the provider'))));
  await vi.advanceTimersByTimeAsync(400);
  const error: CircuitOpenError = await breaker(async () => expect.fail('it was called')).catch((reason) => reason);
  expect(error.message).toBe(
    'Calls of the provider failed too often, so they rest for a while. The last failure: 503 from the provider',
  );
  expect(error.retryAfter).toBe(600);
});

test('mistakes of the caller and aborts do not count', async () => {
  const breaker = circuitBreaker({ name: 'the provider', failures: 1 });
  for (const error of [new TerminalError('bad name'), new DOMException('stop', 'AbortError')])
    expect(await outcome(breaker(() => Promise.reject(error)))).toBe(error.message);
  expect(await outcome(breaker(async () => 1))).toBe('ok');
  const own = circuitBreaker({ name: 'x', failures: 1, isFailure: (error) => (error as Error).message !== 'mine' });
  await outcome(own(() => Promise.reject(new Error('mine'))));
  expect(await outcome(own(async () => 1))).toBe('ok');
});

test('spares a provider that is down from many objects, which are all done when it is back', async () => {
  const { log, messages } = recordingLogger();
  const objects = Array.from({ length: 40 }, (_, index) => widget(`w${index}`));
  const breaker = circuitBreaker({ name: 'the provider', failures: 5, rest: 5_000 });
  let calls = 0;
  let isUp = false;
  const done = new Set<string>();
  const manager = createManager({ cluster: fakeCluster({ resources: [Widget], objects }), log }).add({
    for: Widget,
    concurrency: 4,
    async reconcile({ key }) {
      await breaker(async () => {
        calls++;
        if (!isUp) throw new Error('the provider is down');
      });
      done.add(key.name);
    },
  });
  const stop = new AbortController();
  const ended = manager.start(stop.signal);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toBeLessThan(30);
  expect(messages('error').length).toBe(calls);
  isUp = true;
  await vi.advanceTimersByTimeAsync(12_000);
  expect(done.size).toBe(40);
  stop.abort();
  await vi.advanceTimersByTimeAsync(100);
  await ended;
});

test.each([{ failures: 0 }, { failures: Number.NaN }, { rest: Number.NaN }, { rest: -1 }])(
  '%o is refused',
  (options) => {
    expect(() => circuitBreaker({ name: 'the provider', ...options })).toThrow(/must be .* but is /);
  },
);
