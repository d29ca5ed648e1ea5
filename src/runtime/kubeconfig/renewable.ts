/** A value that is good until a time in milliseconds. */
export interface Lease<T> {
  readonly value: T;
  readonly until: number;
}

/**
 * A value that is made again when its time is over, or when it is the rejected one. Who asks while it is made waits for the same one. A
 * failure rejects for those who wait, and the next who asks tries again.
 */
export function renewable<T>(make: () => Promise<Lease<T>>): (rejected?: T) => Promise<T> {
  let lease: Lease<T> | undefined;
  let making: Promise<Lease<T>> | undefined;

  return async (rejected) => {
    const isGood = lease && lease.value !== rejected && Date.now() < lease.until;
    if (lease && isGood) return lease.value;
    making ??= make().finally(() => {
      making = undefined;
    });
    lease = await making;
    return lease.value;
  };
}
