import { describe, expect, test } from 'vitest';
import { bucketLimiter, exponentialLimiter, longestOf } from '../../../src/runtime/workqueue/ratelimiter.js';

describe('the exponential limiter', () => {
  test('doubles from 5 ms to 1000 s, for each key by itself', () => {
    const limiter = exponentialLimiter();
    const delays = Array.from({ length: 30 }, () => limiter.when('a'));
    expect(delays.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(delays.slice(17)).toEqual([655_360, ...Array(12).fill(1_000_000)]);
    expect(limiter.when('b')).toBe(5);
    expect([limiter.requeues('a'), limiter.requeues('c')]).toEqual([30, 0]);
  });

  test('stays at its longest delay after thousands of failures', () => {
    const limiter = exponentialLimiter({ most: 1000 });
    for (let at = 0; at < 5000; at++) limiter.when('a');
    expect(limiter.when('a')).toBe(1000);
  });

  test('begins anew once the key is forgotten', () => {
    const limiter = exponentialLimiter();
    limiter.when('a');
    limiter.when('a');
    limiter.forget('a');
    expect([limiter.requeues('a'), limiter.when('a')]).toEqual([0, 5]);
  });
});

test('the bucket lets a burst through, then ten in a second', () => {
  let time = 0;
  const limiter = bucketLimiter({ burst: 3, now: () => time });
  expect([1, 2, 3, 4, 5].map(() => limiter.when('a'))).toEqual([0, 0, 0, 100, 200]);
  time = 1000;
  expect(limiter.when('b')).toBe(0);
});

test('of several limiters the longest delay counts', () => {
  const limiter = longestOf(exponentialLimiter({ first: 50 }), exponentialLimiter({ first: 7, most: 7 }));
  expect([limiter.when('a'), limiter.requeues('a')]).toEqual([50, 1]);
  limiter.forget('a');
  expect(limiter.when('a')).toBe(50);
});
