import type { LeaseObject, LeaseSpec } from './lease.js';

/** What a replica has seen of the lease, and since when it looks like that. */
export interface Observation {
  /** The lease as it was last seen. */
  readonly lease: LeaseObject | undefined;
  see(lease: LeaseObject): void;
  /** Who holds the lease, where it is another replica. */
  other(identity: string): string | undefined;
  /** Milliseconds until the lease of another replica has run out; 0 where nobody else holds it. */
  untilFree(identity: string): number;
}

/**
 * Guarantees: no clock of another machine counts, and neither does the time of day here: the lease of a leader runs out when this process
 * has seen it unchanged for as long as it says it is good, by the monotonic clock. `fallback` milliseconds where it does not say.
 */
export function createObservation(fallback: number): Observation {
  let lease: LeaseObject | undefined;
  let text = '';
  let since = 0;
  const other = (identity: string): string | undefined => {
    const { holderIdentity = '' } = lease?.spec ?? {};
    return holderIdentity === '' || holderIdentity === identity ? undefined : holderIdentity;
  };
  return {
    get lease() {
      return lease;
    },
    see(seen) {
      lease = seen;
      const now = JSON.stringify(seen.spec ?? {});
      if (now === text) return;
      text = now;
      since = performance.now();
    },
    other,
    untilFree(identity) {
      if (other(identity) === undefined) return 0;
      return Math.max(0, since + durationOf(lease?.spec, fallback) - performance.now());
    },
  };
}

const durationOf = ({ leaseDurationSeconds = 0 }: LeaseSpec = {}, fallback: number): number =>
  leaseDurationSeconds > 0 ? leaseDurationSeconds * 1000 : fallback;
