import { isEqual } from '../json.js';

/** A value that is good for a time. */
export interface Lease<T> {
  readonly value: T;
  isGood(): boolean;
}

/**
 * A value that is made again when its time is over, or when it is the rejected one. Who asks while it is made waits for the same one. A
 * failure rejects for those who wait, and the next who asks tries again.
 */
export function renewable<T>(make: () => Promise<Lease<T>>): (rejected?: T) => Promise<T> {
  let lease: Lease<T> | undefined;
  let making: Promise<Lease<T>> | undefined;

  return async (rejected) => {
    if (lease && lease.value !== rejected && lease.isGood()) return lease.value;
    making ??= make().finally(() => {
      making = undefined;
    });
    lease = await making;
    return lease.value;
  };
}

const rereadAfter = 60_000;

/**
 * What `read` makes of files, which it is called for now, after a minute and for a rejected value. A later reading that fails, as in the
 * middle of a change, leaves the value as it was; equal values are the same.
 */
export function reread<T extends object>(read: () => T): (rejected?: T) => T {
  let value = read();
  let readAt = performance.now();
  return (rejected) => {
    if (value !== rejected && performance.now() - readAt < rereadAfter) return value;
    readAt = performance.now();
    try {
      const next = read();
      if (!isEqual(next, value)) value = next;
    } catch {
      // The files are complete again at the next reading.
    }
    return value;
  };
}
