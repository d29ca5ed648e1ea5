import { unlessAborted } from '../abort.js';
import type { Cluster } from '../cluster.js';
import type { Connected } from '../connect.js';
import type { Logger } from '../log.js';
import type { LeaderObserver } from '../metrics/leader.js';
import { createCampaign } from './campaign.js';
import { createCandidate } from './candidate.js';
import { fenced } from './fence.js';
import { createHerald } from './herald.js';
import { createHold } from './hold.js';
import { leaseStore } from './lease.js';
import { createObservation } from './observation.js';
import type { ElectionSettings } from './options.js';

export { type ElectionSettings, electionSettings, type LeaderElectionOptions } from './options.js';

/** Decides which replica works. */
export interface Election {
  /** Whether anything has to be won. */
  readonly isNeeded: boolean;
  /** For those who work only as the leader: refuses writes of anyone else. */
  readonly cluster: Cluster;
  /** Resolves when this replica leads. */
  readonly elected: Promise<void>;
  /**
   * Competes until this replica leads, and keeps the lease from then on. False when the signal has aborted before. `onLost` gets the reason
   * when the lease is lost later; by then nothing can be written any more.
   */
  win(signal: AbortSignal, onLost: (error: Error) => void): Promise<boolean>;
  /** Resolves when the lease is lost. */
  readonly lost: Promise<void>;
  readonly isLost: boolean;
  /** Stops competing or leading. The lease is given up where that was asked for and `isIdle`: nobody works as the leader any more. */
  end(isIdle: boolean): Promise<void>;
}

/** For an operator of one replica: it leads from the start. */
export function noElection(cluster: Cluster): Election {
  const elected = deferred();
  return {
    isNeeded: false,
    cluster,
    elected: elected.promise,
    async win(signal) {
      if (!signal.aborted) elected.resolve();
      return !signal.aborted;
    },
    lost: new Promise(() => {}),
    isLost: false,
    async end() {},
  };
}

interface Tools {
  readonly connected: Pick<Connected, 'cluster' | 'apart'>;
  readonly log: Logger;
  readonly observer?: LeaderObserver;
}

/**
 * An election by a Lease. The lease has a connection of its own, so that other requests never keep a renewal waiting.
 *
 * Guarantees: at any time at most one replica can write through `cluster`, provided that monotonic clocks run alike on all machines.
 */
export function createElection(settings: ElectionSettings, { connected, log: parent, observer }: Tools): Election {
  const { id, namespace, identity, renewDeadline, requestTimeout } = settings;
  const title = `${namespace}/${id}`;
  const log = parent.with({ lease: title, identity });
  const apart = connected.apart(requestTimeout);
  const hold = createHold(renewDeadline, () => late(renewDeadline, campaign.problem));
  const observation = createObservation(settings.leaseDuration);
  const candidate = createCandidate({ settings, store: leaseStore(apart.cluster, settings), observation, hold });
  const campaign = createCampaign({ settings, candidate, observation, hold, log });
  const cluster = fenced(connected.cluster, hold, title);
  const [elected, lost] = [deferred(), deferred()];
  const ending = new AbortController();
  const herald = createHerald({ identity, cluster, log, about: () => observation.lease, observer });
  let kept: Promise<void> | undefined;
  let isLost = false;
  let isEnding = false;

  function lead(onLost: (error: Error) => void): void {
    herald.started();
    const onEnded = (): void => {
      herald.stopped();
      if (isEnding) return;
      isLost = true;
      onLost(new Error(`leader election lost: the lease \`${title}\``, { cause: hold.ended.reason }));
      lost.resolve();
    };
    if (hold.ended.aborted) onEnded();
    else hold.ended.addEventListener('abort', onEnded, { once: true });
    kept = campaign.keep(ending.signal);
    elected.resolve();
  }

  async function giveUp(): Promise<void> {
    const attempt = (): Promise<void> => candidate.giveUp(new AbortController().signal);
    try {
      await attempt().catch(attempt);
    } catch (error) {
      log.info('The lease could not be given up, so that it has to run out', { error });
    }
  }

  return {
    isNeeded: true,
    cluster,
    elected: elected.promise,
    lost: lost.promise,
    get isLost() {
      return isLost;
    },
    async win(signal, onLost) {
      if (signal.aborted) return false;
      log.info('This replica competes for the lease');
      try {
        await unlessAborted(campaign.acquire(ending.signal), [signal]);
      } catch (error) {
        ending.abort(error);
        if (signal.aborted) return false;
        throw error;
      }
      lead(onLost);
      return true;
    },
    async end(isIdle) {
      await herald.end(!isLost);
      isEnding = true;
      ending.abort(new Error('the election has ended'));
      hold.end(new Error('the manager has stopped'));
      await kept;
      if (isIdle && !isLost && settings.releaseOnCancel) await giveUp();
      apart.close();
    },
  };
}

const late = (renewDeadline: number, problem: string): Error =>
  new Error(`it was not renewed within ${renewDeadline} ms (renewDeadline)${problem && `: ${problem}`}`);

function deferred(): { promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
