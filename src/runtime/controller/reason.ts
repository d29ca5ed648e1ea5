import { ApiError, NoAnswerError } from '../errors.js';
import { messageOf } from '../log.js';
import { CircuitOpenError } from './breaker.js';
import { tellingCause } from './cause.js';

/** What a failed status condition says. */
export interface FailureReason {
  /** A word in CamelCase, as conditions have it. */
  reason: string;
  message: string;
}

const longest = 1024;

/**
 * A failure as `reason` and `message` of a condition: `QuotaExceeded`, `Forbidden`, `Invalid`, …, `CircuitOpen`, `APIServerUnreachable`;
 * anything else is `ReconcileFailed`. The same failure gives the same text, so that writing it again changes nothing.
 */
export const failureReason = (error: unknown): FailureReason => ({
  reason: reasonOf(tellingCause(error)),
  message: messageOf(error).slice(0, longest),
});

function reasonOf(error: unknown): string {
  if (error instanceof CircuitOpenError) return 'CircuitOpen';
  if (error instanceof NoAnswerError) return 'APIServerUnreachable';
  if (!(error instanceof ApiError)) return 'ReconcileFailed';
  if (error.isQuotaExceeded) return 'QuotaExceeded';
  return /^[A-Z][A-Za-z]*$/.test(error.reason) ? error.reason : 'ReconcileFailed';
}
