import { ApiError } from '../errors.js';
import { type Logger, messageOf } from '../log.js';
import type { Candidate, Outcome } from './candidate.js';
import type { Hold } from './hold.js';
import type { Observation } from './observation.js';
import { type ElectionSettings, jitterFactor } from './options.js';

/** The tries of one replica, one after the other. */
export interface Campaign {
  /** Resolves when the lease is held; rejects with the reason of the signal. */
  acquire(signal: AbortSignal): Promise<void>;
  /** Renews the lease until the hold has ended or the signal aborts; then it resolves. */
  keep(signal: AbortSignal): Promise<void>;
  /** Why the last try failed; empty where it did not. */
  readonly problem: string;
}

interface Tools {
  readonly settings: ElectionSettings;
  readonly candidate: Candidate;
  readonly observation: Observation;
  readonly hold: Hold;
  readonly log: Logger;
}

/**
 * Guarantees: failures are tried again for ever, and logged as errors once in a row. A follower tries at the latest when the lease that it
 * sees has run out. After each pause of the leader its hold is checked before anything else happens.
 */
export function createCampaign({ settings, candidate, observation, hold, log }: Tools): Campaign {
  const { identity, retryPeriod } = settings;
  let problem = '';
  let isReported = false;
  let leader: string | undefined;

  const succeeded = (outcome: Outcome): Outcome => {
    problem = '';
    isReported = false;
    return outcome;
  };

  const failed = (error: unknown): void => {
    if (error instanceof ApiError && (error.isConflict || error.isAlreadyExists)) {
      log.debug('Another writer of the lease was first', { error });
      return;
    }
    problem = messageOf(error);
    if (isReported) log.debug('The lease cannot be read or written', { error });
    else log.error(error, 'The lease cannot be read or written');
    isReported = true;
  };

  async function tried(attempt: () => Promise<Outcome>, signal: AbortSignal): Promise<Outcome | undefined> {
    try {
      return succeeded(await attempt());
    } catch (error) {
      if (!signal.aborted) failed(error);
      return undefined;
    }
  }

  function noteLeader(): void {
    const other = observation.other(identity);
    if (other !== undefined && other !== leader) log.info('Another replica leads', { leader: other });
    leader = other;
  }

  /** Followers spread their tries, so that they do not all come at once. */
  function untilNextTry(): number {
    const pause = retryPeriod / (1 + Math.random() * (jitterFactor - 1));
    const free = observation.untilFree(identity);
    return free > 0 ? Math.min(pause, free) : pause;
  }

  async function renewed(signal: AbortSignal): Promise<Outcome | undefined> {
    try {
      return succeeded(await candidate.renew(signal));
    } catch (error) {
      if (signal.aborted || !hold.check()) return undefined;
      log.debug('The lease is read again, for it cannot be renewed as it was last seen', { error });
      problem = messageOf(error);
      return tried(() => candidate.contend(signal), signal);
    }
  }

  return {
    get problem() {
      return problem;
    },
    async acquire(signal) {
      for (;;) {
        signal.throwIfAborted();
        const outcome = await tried(() => candidate.contend(signal), signal);
        if (outcome === 'held') return;
        if (outcome === 'foreign') noteLeader();
        await nap(untilNextTry(), signal);
      }
    },
    async keep(signal) {
      while (!signal.aborted && hold.check()) {
        await nap(retryPeriod, signal, hold.check).catch(() => {});
        if (signal.aborted || !hold.check()) return;
        const outcome = await renewed(signal);
        if (outcome === 'foreign') hold.end(new Error(`another replica holds it: ${observation.other(identity)}`));
      }
    },
  };
}

/** Resolves after so many milliseconds, having called `onWake` in the turn of the timer; rejects with the reason of the signal. */
function nap(milliseconds: number, signal: AbortSignal, onWake: () => unknown = () => {}): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      onWake();
      signal.removeEventListener('abort', abort);
      resolve();
    }, Math.ceil(milliseconds));
    signal.addEventListener('abort', abort, { once: true });
  });
}
