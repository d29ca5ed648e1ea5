import { setMaxListeners } from 'node:events';

/** A signal of one's own that follows others. */
export interface Follower {
  readonly signal: AbortSignal;
  /** Aborts it with a reason of one's own. */
  abort(reason: unknown): void;
  /** From then on it does not follow any more, and no listener stays behind. */
  release(): void;
}

/** A signal that aborts with the first of the given ones; it takes any number of listeners. */
export function follow(signals: readonly (AbortSignal | undefined)[]): Follower {
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  const given = signals.filter((signal) => signal !== undefined);
  const onAbort = (): void => own.abort(given.find(({ aborted }) => aborted)?.reason);
  for (const signal of given) signal.addEventListener('abort', onAbort, { once: true });
  if (given.some(({ aborted }) => aborted)) onAbort();
  return {
    signal: own.signal,
    abort: (reason) => own.abort(reason),
    release() {
      for (const signal of given) signal.removeEventListener('abort', onAbort);
    },
  };
}

/** What the promise gives; `undefined` as soon as the signal aborts. A rejection after that is dropped. */
export function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * Settles with the promise; rejects with the reason of the first signal that aborts before. A rejection after that is dropped.
 *
 * Guarantees: no listener stays behind.
 */
export async function unlessAborted<T>(promise: Promise<T>, signals: readonly (AbortSignal | undefined)[]): Promise<T> {
  const given = signals.filter((signal) => signal !== undefined);
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(given.find((signal) => signal.aborted)?.reason);
  });
  for (const signal of given) signal.addEventListener('abort', abort, { once: true });
  if (given.some((signal) => signal.aborted)) abort();
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    for (const signal of given) signal.removeEventListener('abort', abort);
  }
}
