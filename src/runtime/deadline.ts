import { follow, unlessAborted } from './abort.js';
import { sleep } from './time.js';

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
  const within = follow([signal]);
  const timer = setTimeout(() => within.abort(late(milliseconds)), milliseconds);
  try {
    return await unlessAborted(work(within.signal), [within.signal]);
  } catch (error) {
    within.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    within.release();
  }
}

const late = (milliseconds: number): Error => new Error(`no answer within ${milliseconds / 1000} s`);

/** Resolves when the promise has settled, at the latest after so many milliseconds; negative = no limit. Never rejects. */
export async function withinTime(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  const settled = promise.then(
    () => {},
    () => {},
  );
  if (milliseconds < 0) return settled;
  const timer = new AbortController();
  const timeIsUp = sleep(milliseconds, timer.signal).catch(() => {});
  await Promise.race([settled, timeIsUp]);
  timer.abort();
}
