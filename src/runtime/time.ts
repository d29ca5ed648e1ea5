/** Milliseconds; a timer that is set for longer fires at once. */
export const longestTimer = 2 ** 31 - 1;

/** Resolves after `milliseconds`; rejects with the reason of the signal when it aborts first. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (milliseconds > longestTimer)
    return sleep(longestTimer, signal).then(() => sleep(milliseconds - longestTimer, signal));
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
    function done(): void {
      signal?.removeEventListener('abort', abort);
      resolve();
    }
    function abort(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}

/** Now in RFC 3339 with seconds, as `metav1.Time` has it: `2030-01-02T03:04:05Z`. */
export const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

/** Now as `metav1.MicroTime` has it, with six digits of a second: the API server refuses three. */
export const microTime = (): string => new Date().toISOString().replace('Z', '000Z');
