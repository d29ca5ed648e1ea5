import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CircuitOpenError } from '../../../src/runtime/controller/breaker.js';
import { failureReason } from '../../../src/runtime/controller/reason.js';
import { createRetries } from '../../../src/runtime/controller/retries.js';
import { ApiError, NoAnswerError, RetryLaterError, TerminalError } from '../../../src/runtime/errors.js';
import { Widget } from '../../support/widget.js';

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const quota = new ApiError(403, {
  reason: 'Forbidden',
  message: 'pods "a" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4',
});
const forbidden = new ApiError(403, { reason: 'Forbidden', message: 'pods is forbidden: User "x" cannot list' });
const conflict = new ApiError(409, { reason: 'Conflict', message: 'the object has been modified' });
const refused = new NoAnswerError('cannot be reached', { code: 'ECONNREFUSED' });

/** The delays of so many failures in a row. */
function delays(error: unknown, times: number): unknown[] {
  const retries = createRetries(Widget);
  return Array.from({ length: times }, () => {
    const { again } = retries.after('default/a', error);
    return again && 'after' in again ? Math.round(again.after) : again;
  });
}

describe('how long a failed key waits', () => {
  test('for room in a quota: 10 s to 5 min', () => {
    expect(delays(quota, 7)).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  });

  test('for a server that does not answer: to 10 s, with a line at error only for the first time', () => {
    const waits = delays(refused, 14) as number[];
    expect(waits.slice(0, 4)).toEqual([200, 300, 450, 675]);
    expect(waits.at(-1)).toBe(10_000);
    const retries = createRetries(Widget);
    const levels = [1, 2, 3].map(() => retries.after('default/a', refused).level);
    expect(levels).toEqual(['error', 'debug', 'debug']);
    retries.forget('default/a');
    expect(retries.after('default/a', refused).level).toBe('error');
  });

  test.each([429, 502, 503, 504])('for a server that answers %i: as long as it asks for', (code) => {
    expect(delays(new ApiError(code, {}), 2)).toEqual([200, 300]);
    expect(delays(new ApiError(code, { details: { retryAfterSeconds: 25 } }), 1)).toEqual([25_000]);
  });

  test('after a conflict: 5 ms to 1 s', () => {
    expect(delays(conflict, 10)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
  });

  test('where it says so itself: as long', () => {
    expect(delays(new RetryLaterError('not yet', { retryAfter: 7_000 }), 3)).toEqual([7_000, 7_000, 7_000]);
    expect(delays(new RetryLaterError('at once', { retryAfter: 0 }), 2)).toEqual([5, 5]);
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    'a wait of %d is a mistake of who asks for it',
    (retryAfter) => {
      expect(() => new RetryLaterError('not yet', { retryAfter })).toThrow('must be milliseconds from 0 on, but is');
    },
  );

  test('else as the limiter of the controller says, and for good after a TerminalError', () => {
    const owned = new ApiError(409, { reason: 'Conflict', details: { causes: [{ reason: 'FieldManagerConflict' }] } });
    const ordinary = [owned, forbidden, new ApiError(500, {}), new Error('broken'), 'text', undefined, null];
    for (const error of ordinary) expect(delays(error, 1)).toEqual([{ rateLimited: true }]);
    expect(delays(new TerminalError('never'), 1)).toEqual([undefined]);
  });

  test('the cause decides for an error that wraps it', () => {
    expect(delays(new Error('cannot make the pod', { cause: quota }), 1)).toEqual([10_000]);
    expect(delays(new TerminalError('never', { cause: quota }), 1)).toEqual([undefined]);
    const circle = new Error('a');
    circle.cause = circle;
    expect(delays(circle, 1)).toEqual([{ rateLimited: true }]);
  });
});

test.each<[unknown, string, string]>([
  [quota, 'QuotaExceeded', quota.message],
  [forbidden, 'Forbidden', forbidden.message],
  [conflict, 'Conflict', conflict.message],
  [refused, 'APIServerUnreachable', 'cannot be reached'],
  [new CircuitOpenError('rests', { retryAfter: 1 }), 'CircuitOpen', 'rests'],
  [new ApiError(500, {}), 'ReconcileFailed', 'the API server answered with the status 500'],
  [new Error('no pod', { cause: refused }), 'APIServerUnreachable', 'no pod: cannot be reached'],
  [new Error('a', { cause: new Error('b') }), 'ReconcileFailed', 'a: b'],
  ['text', 'ReconcileFailed', 'text'],
  [new Error('x'.repeat(5_000)), 'ReconcileFailed', 'x'.repeat(1_024)],
])('a condition says of %s: %s', (error, reason, message) => {
  expect(failureReason(error)).toEqual({ reason, message });
});
