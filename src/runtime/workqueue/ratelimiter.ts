import type { RateLimiter } from '../controller/types.js';

/** Per key `first` × `factor`ⁿ milliseconds, where n counts the calls since the key was forgotten; at most `most`. */
export function exponentialLimiter({ first = 5, factor = 2, most = 1_000_000 } = {}): RateLimiter {
  const failures = new Map<string, number>();
  return {
    when(key) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      return Math.min(first * factor ** count, most);
    },
    forget: (key) => void failures.delete(key),
    requeues: (key) => failures.get(key) ?? 0,
  };
}

/** A token bucket that all keys share: `burst` calls are free, then `perSecond` of them. */
export function bucketLimiter({ perSecond = 10, burst = 100, now = () => performance.now() } = {}): RateLimiter {
  let tokens = burst;
  let filledAt = now();
  return {
    when() {
      const time = now();
      tokens = Math.min(burst, tokens + ((time - filledAt) * perSecond) / 1000) - 1;
      filledAt = time;
      return tokens >= 0 ? 0 : (-tokens * 1000) / perSecond;
    },
    forget() {},
    requeues: () => 0,
  };
}

/** The longest delay of all. */
export const longestOf = (...limiters: readonly RateLimiter[]): RateLimiter => ({
  when: (key) => Math.max(...limiters.map((each) => each.when(key))),
  forget: (key) => {
    for (const each of limiters) each.forget(key);
  },
  requeues: (key) => Math.max(...limiters.map((each) => each.requeues(key))),
});

/** The limiter of a queue that has none of its own: without priorities, the shared bucket holds failures back too. */
export const defaultLimiter = (usePriorityQueue: boolean): RateLimiter =>
  usePriorityQueue ? exponentialLimiter() : longestOf(exponentialLimiter(), bucketLimiter());

/** The limiter of a user: what it throws, or returns in place of a delay, goes to `onError`, and the default decides. */
export function containedLimiter(limiter: RateLimiter, onError: (error: unknown) => void): RateLimiter {
  const spare = exponentialLimiter();
  const contained = <T>(call: () => T, otherwise: T): T => {
    try {
      return call();
    } catch (error) {
      onError(error);
      return otherwise;
    }
  };
  return {
    when(key) {
      const otherwise = spare.when(key);
      const delay = contained(() => limiter.when(key), otherwise);
      if (Number.isFinite(delay) && delay >= 0) return delay;
      onError(new TypeError(`A rate limiter must return milliseconds from 0 on, but returned ${String(delay)}`));
      return otherwise;
    },
    forget(key) {
      spare.forget(key);
      contained(() => limiter.forget(key), undefined);
    },
    requeues: (key) => contained(() => limiter.requeues(key), spare.requeues(key)),
  };
}
