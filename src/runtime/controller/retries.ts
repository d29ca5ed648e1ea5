import { ApiError, NoAnswerError, RetryLaterError, TerminalError } from '../errors.js';
import { type AnyResource, type Key, parseKey } from '../resource.js';
import { exponentialLimiter } from '../workqueue/ratelimiter.js';
import { tellingCause } from './cause.js';
import type { RateLimiter } from './types.js';

/** What becomes of a key after a failure. */
export interface Verdict {
  readonly level: 'debug' | 'error';
  readonly message: string;
  /** When the key comes again: after so many milliseconds, or as the limiter of the queue says; undefined: at its next change. */
  readonly again: { readonly after: number } | { readonly rateLimited: true } | undefined;
}

export interface Retries {
  after(key: string, error: unknown): Verdict;
  /** The key has succeeded: its failures no longer count. */
  forget(key: string): void;
}

/** Another writer was first, or the object has just gone: no reason to wait for long, however often it happens. */
const conflictDelays = { first: 5, most: 1_000 };

/** What asks to be tried at once could otherwise keep a worker busy for ever. */
const leastWait = 5;

/** Nothing is wrong with the object: it is soon tried again when the API server is back. */
const outageDelays = { first: 200, factor: 1.5, most: 10_000 };

/** Room in a quota comes with no event, and not soon. */
const quotaDelays = { first: 10_000, most: 300_000 };

/** Tries until an object that the cache has and the API server has not is a failure: its status subresource may be what is missing. */
const mostGoneTries = 8;

/** Decides after what time a failed key of a controller of `resource` comes again. The error, or a cause of it, decides. */
export function createRetries(resource: AnyResource): Retries {
  const conflicts = exponentialLimiter(conflictDelays);
  const outages = exponentialLimiter(outageDelays);
  const quotas = exponentialLimiter(quotaDelays);

  const outage = (key: string, seconds = 0): Verdict => ({
    level: outages.requeues(key) === 0 ? 'error' : 'debug',
    message: 'A reconcile failed because the API server does not answer',
    again: after(Math.max(jittered(outages.when(key)), seconds * 1000)),
  });

  const answered = (key: string, error: ApiError): Verdict => {
    const isGone = isGoneFrom(error, resource, parseKey(key)) && conflicts.requeues(key) < mostGoneTries;
    if (isGone) return quiet('A reconcile met an object that is gone', key, conflicts);
    if (error.isConflict) return quiet('A reconcile met a conflict', key, conflicts);
    if (error.isQuotaExceeded)
      return { level: 'error', message: 'A reconcile exceeds a quota', again: after(jittered(quotas.when(key))) };
    if (error.isOverloaded) return outage(key, error.details?.retryAfterSeconds);
    return failed;
  };

  return {
    after(key, error) {
      const cause = tellingCause(error);
      if (cause instanceof TerminalError)
        return { level: 'error', message: 'A reconcile failed for good', again: undefined };
      if (cause instanceof RetryLaterError)
        return {
          level: 'debug',
          message: 'A reconcile has to wait',
          again: after(jittered(Math.max(cause.retryAfter, leastWait))),
        };
      if (cause instanceof NoAnswerError) return outage(key);
      return cause instanceof ApiError ? answered(key, cause) : failed;
    },
    forget(key) {
      for (const limiter of [conflicts, outages, quotas]) limiter.forget(key);
    },
  };
}

const failed: Verdict = { level: 'error', message: 'A reconcile failed', again: { rateLimited: true } };

const quiet = (message: string, key: string, limiter: RateLimiter): Verdict => ({
  level: 'debug',
  message,
  again: after(limiter.when(key)),
});

const after = (milliseconds: number): Verdict['again'] => ({ after: milliseconds });

const jittered = (milliseconds: number): number => milliseconds * (1 + Math.random() / 10);

/** Whether the API server says that the reconciled object itself is missing: the cache will soon know. */
function isGoneFrom(error: ApiError, { group, plural }: AnyResource, { name }: Key): boolean {
  const { details = {} } = error;
  return error.isNotFound && details.name === name && details.kind === plural && (details.group ?? '') === group;
}
