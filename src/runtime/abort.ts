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
