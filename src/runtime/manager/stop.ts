import { follow } from '../abort.js';
import type { Logger } from '../log.js';
import { longestTimer } from '../time.js';

/** Decides when a manager stops, and what it says about it. */
export interface Stop {
  /** Aborts when the manager has to stop. */
  readonly signal: AbortSignal;
  /** The stop is needed because of this; the first failure counts. */
  fail(error: unknown): void;
  /** Removes all listeners, and throws the failure if there was one. */
  settle(): void;
}

/**
 * Follows the signal of the user, and takes a promise that was rejected and forgotten, anywhere in the process, for a failure. Keeps the
 * process alive until it is settled.
 */
export function createStop(outer: AbortSignal | undefined, log: Logger): Stop {
  const own = follow([outer]);
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    own.abort(error);
  };
  const onUnhandled = (reason: unknown): void => {
    log.error(reason, 'A promise was rejected and nothing handles it');
    fail(new Error('a promise was rejected and nothing handles it', { cause: reason }));
  };
  const alive = setInterval(() => {}, longestTimer);
  process.on('unhandledRejection', onUnhandled);
  return {
    signal: own.signal,
    fail,
    settle() {
      clearInterval(alive);
      process.off('unhandledRejection', onUnhandled);
      own.release();
      if (failure) throw failure.error;
    },
  };
}
