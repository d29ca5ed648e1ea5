import type { Hold } from './hold.js';
import { claim, type LeaseObject, type LeaseStore, release } from './lease.js';
import type { Observation } from './observation.js';
import type { ElectionSettings } from './options.js';

/** How a try at the lease ended: `foreign` where another replica has it, `late` where the answer came too late to be worth anything. */
export type Outcome = 'held' | 'foreign' | 'late';

/** One replica at the lease: each function is one try, and rejects where the API server does not answer or refuses. */
export interface Candidate {
  /** Reads the lease, and takes it where it is free. */
  contend(signal: AbortSignal): Promise<Outcome>;
  /** Renews the lease as it was last seen: one request where nothing came in between. */
  renew(signal: AbortSignal): Promise<Outcome>;
  /** Gives the lease up, where it is this replica's. */
  giveUp(signal: AbortSignal): Promise<void>;
}

interface Tools {
  readonly settings: ElectionSettings;
  readonly store: LeaseStore;
  readonly observation: Observation;
  readonly hold: Hold;
}

/**
 * Guarantees: every write is made for the version of the lease that it follows from, so of two replicas that try at once one succeeds.
 * The hold counts from the sending of the request that renewed it: no other replica can have seen the renewal before. A lease that was
 * deleted is made again by its holder; others wait until it would have run out. The holder never takes the lease back from another one.
 */
export function createCandidate({ settings, store, observation, hold }: Tools): Candidate {
  const { identity } = settings;
  /** A write of the lease was sent, and no answer has come. */
  let isUncertain = false;

  async function write(send: () => Promise<LeaseObject>): Promise<Outcome> {
    const sentAt = performance.now();
    isUncertain = true;
    observation.see(await send());
    isUncertain = false;
    return hold.renewed(sentAt) ? 'held' : 'late';
  }

  const put = (lease: LeaseObject, signal: AbortSignal): Promise<Outcome> =>
    write(() => store.replace(lease, claim(settings, lease.spec), signal));

  const mayTake = (): boolean =>
    hold.check() ? observation.other(identity) === undefined : observation.untilFree(identity) === 0;

  async function contend(signal: AbortSignal): Promise<Outcome> {
    const found = await store.read(signal);
    if (found) observation.see(found);
    if (!mayTake()) return 'foreign';
    return found ? put(found, signal) : write(() => store.create(claim(settings, observation.lease?.spec), signal));
  }

  return {
    contend,
    renew: (signal) => (observation.lease ? put(observation.lease, signal) : contend(signal)),
    async giveUp(signal) {
      const lease = isUncertain ? await store.read(signal) : observation.lease;
      if (lease?.spec?.holderIdentity === identity) await store.replace(lease, release(), signal);
    },
  };
}
