import { describe, expect, test, vi } from 'vitest';
import { ApiError, isNotFound, retryOnConflict, type Status } from '../../src/runtime/errors.js';
import { requestJson } from '../../src/runtime/request.js';
import { scriptedCluster } from '../support/scripted.js';

const flags = (code: number, status: Status) => {
  const error = new ApiError(code, status);
  const all = [
    'isNotFound',
    'isNotServed',
    'isAlreadyExists',
    'isForbidden',
    'isGone',
    'isTimeout',
    'isConflict',
    'isApplyConflict',
  ] as const;
  return all.filter((flag) => error[flag]);
};

test.each<[string, number, Status, string[]]>([
  ['a missing object', 404, { reason: 'NotFound', details: { name: 'x' } }, ['isNotFound']],
  ['a missing kind', 404, { reason: 'NotFound', details: {} }, ['isNotFound', 'isNotServed']],
  ['a second create', 409, { reason: 'AlreadyExists', details: { name: 'x' } }, ['isAlreadyExists']],
  ['a stale resource version', 409, { reason: 'Conflict', details: { name: 'x' } }, ['isConflict']],
  [
    'a field of another manager',
    409,
    { reason: 'Conflict', details: { causes: [{ reason: 'FieldManagerConflict' }] } },
    ['isApplyConflict'],
  ],
  ['a JSON patch that does not fit', 422, { reason: 'Invalid', details: {} }, ['isConflict']],
  ['an invalid object', 422, { reason: 'Invalid', details: { name: 'x', causes: [{ field: 'spec' }] } }, []],
  [
    'an invalid field manager',
    422,
    { reason: 'Invalid', details: { kind: 'PatchOptions', causes: [{ field: 'fieldManager' }] } },
    [],
  ],
  ['a refusal', 403, { reason: 'Forbidden' }, ['isForbidden']],
  ['an old page token', 410, { reason: 'Expired' }, ['isGone']],
  ['a timeout', 504, { reason: 'Timeout' }, ['isTimeout']],
])('%s', (_what, code, status, expected) => {
  expect(flags(code, status)).toEqual(expected);
});

test('isNotFound takes anything', () => {
  expect([isNotFound(new ApiError(404, {})), isNotFound(new ApiError(403, {})), isNotFound(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
});

describe('retryOnConflict', () => {
  const conflict = new ApiError(409, { reason: 'Conflict' });

  test('calls again after conflicts, five times in all', async () => {
    const fn = vi.fn().mockRejectedValue(conflict);
    await expect(retryOnConflict(fn)).rejects.toBe(conflict);
    expect(fn).toHaveBeenCalledTimes(5);
    const third = vi.fn().mockRejectedValueOnce(conflict).mockRejectedValueOnce(conflict).mockResolvedValue('done');
    expect(await retryOnConflict(third)).toBe('done');
  });

  test('other errors pass at once', async () => {
    const fn = vi.fn().mockRejectedValue(new ApiError(409, { reason: 'AlreadyExists' }));
    await expect(retryOnConflict(fn)).rejects.toMatchObject({ isAlreadyExists: true });
    expect(fn).toHaveBeenCalledTimes(1);
  });

  test('ends with the signal', async () => {
    const fn = vi.fn().mockRejectedValue(conflict);
    await expect(retryOnConflict(fn, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    expect(fn).toHaveBeenCalledTimes(1);
  });
});

describe('requestJson', () => {
  const ask = (answer: object) =>
    requestJson(
      scriptedCluster(() => answer),
      { method: 'GET', path: '/x' },
    );

  test('joins characters that are split between chunks', async () => {
    expect(await ask({ body: { text: 'Füße über €€€ 🚀🚀' } })).toEqual({ text: 'Füße über €€€ 🚀🚀' });
  });

  test('Retry-After becomes retryAfterSeconds, also without a Status', async () => {
    const error = await ask({ status: 429, headers: { 'retry-after': '3' }, body: 'slow down' }).catch(
      (each: unknown) => each,
    );
    expect(error).toMatchObject({ code: 429, message: 'slow down', details: { retryAfterSeconds: 3 } });
  });

  test('a page of a proxy is cut; an empty answer gets words', async () => {
    await expect(ask({ status: 502, body: `<html>${'x'.repeat(1000)}` })).rejects.toMatchObject({
      message: expect.stringMatching(/^<html>x{494}$/),
    });
    await expect(ask({ status: 503, body: '' })).rejects.toThrow('the API server answered with the status 503');
  });

  test('a redirect is an error', async () => {
    await expect(ask({ status: 302, body: '' })).rejects.toMatchObject({ code: 302 });
  });
});
