import { setMaxListeners } from 'node:events';
import type { Logger } from '../log.js';
import { longestTimer } from '../time.js';

/** Milliseconds between two reminders of a call that goes on after its signal has aborted. */
const reminderEvery = 60_000;

export interface ReconcileTimeout {
  /** Aborts the call too. */
  readonly signal: AbortSignal;
  /** Milliseconds that the call gets. Default: no end. */
  readonly timeout?: number | undefined;
  readonly log: Logger;
  /** Called when the timeout is over before the call. */
  readonly onTimeout?: (() => void) | undefined;
}

/**
 * Calls `fn` with a signal that aborts with the given one and after the timeout.
 *
 * Guarantees: settles with `fn` and never before it, whatever the signal; leaves neither timer nor listener behind. A call that does not
 * heed its signal is logged every minute.
 */
export async function withReconcileTimeout<T>(
  { signal, timeout, log, onTimeout }: ReconcileTimeout,
  fn: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  let reminder: NodeJS.Timeout | undefined;
  const abort = (reason: unknown): void => {
    if (own.signal.aborted) return;
    own.abort(reason);
    reminder = setInterval(() => remind(log), reminderEvery).unref();
  };
  const follow = (): void => abort(signal.reason);
  const expire = (milliseconds: number): void => {
    if (!own.signal.aborted) onTimeout?.();
    abort(new DOMException(`no end within ${milliseconds} ms (reconcileTimeout)`, 'TimeoutError'));
  };
  const timer = timeout && setTimeout(() => expire(timeout), Math.min(timeout, longestTimer));
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  try {
    return await fn(own.signal);
  } finally {
    clearTimeout(timer);
    clearInterval(reminder);
    signal.removeEventListener('abort', follow);
  }
}

const remind = (log: Logger): void =>
  log.error('the promise has not settled since its signal aborted', 'A reconcile goes on after its end');
