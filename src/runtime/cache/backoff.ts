/** Milliseconds to wait before the next attempt. */
export interface Backoff {
  /** Default: the wait after it is twice as long. */
  next(factor?: number): number;
  /** As of the first failure of all, which does not count as one. */
  shortest(): number;
  /** The next failure is the first one. */
  reset(): void;
}

const first = 800;
const last = 15_000;
const calm = 120_000;

/**
 * Delays for one thing that is tried for ever: 0.8 to 1.6 s, which grow with each failure up to 15 to 30 s. After two minutes without a
 * failure they start anew.
 */
export function createBackoff(): Backoff {
  let delay = first;
  let quietFrom = Number.POSITIVE_INFINITY;
  return {
    shortest: () => first * (1 + Math.random()),
    reset() {
      delay = first;
    },
    next(factor = 2) {
      if (performance.now() - quietFrom > calm) delay = first;
      const wait = delay * (1 + Math.random());
      delay = Math.min(delay * factor, last);
      quietFrom = performance.now() + wait;
      return wait;
    },
  };
}
