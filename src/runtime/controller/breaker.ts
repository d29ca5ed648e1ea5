import { RetryLaterError, TerminalError } from '../errors.js';
import { messageOf } from '../log.js';

/** When the calls of something outside of the cluster rest. */
export interface BreakerOptions {
  /** What is called, for messages: `the DNS provider`. */
  name: string;
  /** Failures in a row after which calls rest. Default 5. */
  failures?: number;
  /** Milliseconds of rest, and that a call after it gets to show that all is well. Default 30_000. */
  rest?: number;
  /** Which errors count. Default: all but TerminalError and aborts. */
  isFailure?(error: unknown): boolean;
}

/** What a call of a circuit breaker rejects with while it rests. The reconcile is tried again after the rest, and is no failure. */
export class CircuitOpenError extends RetryLaterError {
  override name = 'CircuitOpenError';
}

/** Makes a call, or rejects with CircuitOpenError without making it. */
export type CircuitBreaker = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * Spares a system that is down: after some failures in a row, calls reject at once with CircuitOpenError. After the rest one call is
 * made; if it succeeds all is as before, else the next rest begins. One breaker serves all reconciles:
 *
 *     const dns = circuitBreaker({ name: 'the DNS provider' });
 *     … await dns(() => provider.createRecord(name, { signal }));
 *
 * Guarantees: has no timer; the errors of the calls pass through. Throws TypeError for numbers that cannot be meant.
 */
export function circuitBreaker(options: BreakerOptions): CircuitBreaker {
  const { name, failures: most = 5, rest = 30_000, isFailure = counts } = options;
  checkNumbers({ failures: most, rest });
  let failures = 0;
  let restsUntil = 0;
  let lastError: unknown;

  const left = (): number => (failures < most ? 0 : restsUntil - performance.now());

  const failed = (error: unknown): void => {
    if (!isFailure(error)) return;
    failures++;
    lastError = error;
    restsUntil = performance.now() + rest;
  };

  return async (call) => {
    const wait = left();
    if (wait > 0) throw circuitOpen(name, wait, lastError);
    if (failures >= most) restsUntil = performance.now() + rest;
    try {
      const result = await call();
      failures = 0;
      return result;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

function checkNumbers({ failures, rest }: { failures: number; rest: number }): void {
  if (!(Number.isInteger(failures) && failures >= 1))
    throw new TypeError(`\`failures\` of a circuit breaker must be a whole number from 1 on, but is ${failures}`);
  if (!(Number.isFinite(rest) && rest >= 0))
    throw new TypeError(`\`rest\` of a circuit breaker must be milliseconds from 0 on, but is ${rest}`);
}

const counts = (error: unknown): boolean =>
  !(error instanceof TerminalError) && !(error instanceof Error && error.name === 'AbortError');

const circuitOpen = (name: string, wait: number, cause: unknown): CircuitOpenError =>
  new CircuitOpenError(
    `Calls of ${name} failed too often, so they rest for a while. The last failure: ${messageOf(cause)}`,
    { retryAfter: wait, cause },
  );
