/** Milliseconds. */
const limits = { every: 1000, window: 10_000, longest: 2000 };

/** Notices code that blocks the event loop. */
export interface LagWatch {
  /** Measures until the result is called. Keeps no process alive. */
  start(): () => void;
  /** Throws when the event loop was late by more than two seconds within the last ten. */
  check(): void;
}

export function createLagWatch(): LagWatch {
  let late: readonly { readonly at: number; readonly by: number }[] = [];
  let expected = Number.POSITIVE_INFINITY;
  const measure = (): void => {
    const now = performance.now();
    late = [...late, { at: now, by: now - expected }].filter(({ at, by }) => by > limits.longest && isRecent(at));
    expected = now + limits.every;
  };
  return {
    start() {
      expected = performance.now() + limits.every;
      const timer = setInterval(measure, limits.every).unref();
      return () => {
        clearInterval(timer);
        expected = Number.POSITIVE_INFINITY;
      };
    },
    check() {
      const recent = late.filter(({ at }) => isRecent(at)).map(({ by }) => by);
      const worst = Math.max(performance.now() - expected, ...recent);
      if (worst > limits.longest) throw new Error(`the event loop was blocked for ${Math.round(worst)} ms`);
    },
  };
}

const isRecent = (at: number): boolean => performance.now() - at < limits.window;
