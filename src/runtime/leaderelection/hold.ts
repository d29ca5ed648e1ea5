import { setMaxListeners } from 'node:events';

/** The right to write, which ends some time after the last renewal, and then never comes back. */
export interface Hold {
  /** Whether it is there now. Where its time has passed, it has ended when this returns. */
  check(): boolean;
  /**
   * A request that was sent at `sentAt` (of `performance.now()`) has renewed the lease. False where that is too long ago to be worth
   * anything, or the hold has ended.
   */
  renewed(sentAt: number): boolean;
  /** Ends it at once, for this reason. */
  end(reason: Error): void;
  /** Aborts with the reason when it has ended. */
  readonly ended: AbortSignal;
}

/**
 * A hold that begins with the first renewal, and lasts `renewDeadline` milliseconds after the sending of the last one. `late` says why it
 * ended by itself.
 *
 * Guarantees: the clock is monotonic. The hold ends in the first turn that looks at it after its time, even if the process stood still in
 * the meantime: whoever asks `check` never sees a hold that has expired.
 */
export function createHold(renewDeadline: number, late: () => Error): Hold {
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  let until: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function end(reason: Error): void {
    clearTimeout(timer);
    own.abort(reason);
  }

  function check(): boolean {
    if (until === undefined || own.signal.aborted) return false;
    if (performance.now() < until) return true;
    end(late());
    return false;
  }

  /** A timer may fire a little early. */
  function watch(): void {
    clearTimeout(timer);
    if (check()) timer = setTimeout(watch, Math.ceil((until ?? 0) - performance.now()));
  }

  return {
    check,
    renewed(sentAt) {
      const isInTime = performance.now() < sentAt + renewDeadline;
      if (until !== undefined && !check()) return false;
      if (!isInTime || own.signal.aborted) return false;
      until = Math.max(until ?? 0, sentAt + renewDeadline);
      watch();
      return true;
    },
    end,
    ended: own.signal,
  };
}
