/**
 * Runs `work` with a signal that aborts as `signal` does, or after `milliseconds`; then the result rejects with the reason at once, whether
 * or not `work` ends.
 *
 * Guarantees: the signal is aborted when the result rejects, so nothing that hangs on it stays open; no timer and no listener stays behind.
 */
export async function withDeadline<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (within: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const within = new AbortController();
  const follow = (): void => within.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => within.abort(late(milliseconds)), milliseconds);
  try {
    return await Promise.race([work(within.signal), aborted(within.signal)]);
  } catch (error) {
    within.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}

const late = (milliseconds: number): Error => new Error(`no answer within ${milliseconds / 1000} s`);

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
