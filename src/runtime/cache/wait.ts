/**
 * Resolves with the promise; rejects with the reason of the first signal that aborts before.
 *
 * Guarantees: no listener stays behind.
 */
export async function unlessAborted<T>(promise: Promise<T>, signals: readonly (AbortSignal | undefined)[]): Promise<T> {
  const given = signals.filter((signal) => signal !== undefined);
  for (const signal of given) signal.throwIfAborted();
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(given.find((signal) => signal.aborted)?.reason);
  });
  for (const signal of given) signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    for (const signal of given) signal.removeEventListener('abort', abort);
  }
}
