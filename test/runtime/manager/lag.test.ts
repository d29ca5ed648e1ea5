import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLagWatch } from '../../../src/runtime/manager/lag.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('a loop that is on time is in order, and so is one that is not watched', () => {
  const lag = createLagWatch();
  expect(lag.check).not.toThrow();
  const stop = lag.start();
  for (let second = 0; second < 30; second++) {
    vi.advanceTimersByTime(1000);
    expect(lag.check).not.toThrow();
  }
  stop();
  vi.advanceTimersByTime(60_000);
  expect(lag.check).not.toThrow();
  expect(vi.getTimerCount()).toBe(0);
});

test('a loop that was blocked is not in order until ten seconds later', () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const lag = createLagWatch();
  const stop = lag.start();
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    vi.advanceTimersToNextTimer();
  };
  pass(1000);
  pass(2900);
  expect(lag.check).not.toThrow();
  pass(4000);
  expect(lag.check).toThrow('the event loop was blocked for 3000 ms');
  for (let second = 0; second < 9; second++) pass(1000);
  expect(lag.check).toThrow('3000 ms');
  pass(1000);
  expect(lag.check).not.toThrow();
  stop();
});
