import { describe, expect, test, vi } from 'vitest';
import { ApiError, isNotFound, NoAnswerError, retryOnConflict, type Status } from '../../src/runtime/errors.js';
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

  test.each([0, Number.NaN])('cannot be tried %s times', async (steps) => {
    await expect(retryOnConflict(vi.fn(), { steps })).rejects.toThrow('`steps` must be a number from 1 on');
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

  test.each<[string, object, number, string]>([
    ['text is cut', { status: 502, body: 'x'.repeat(1000) }, 502, 'x'.repeat(500)],
    ['an empty answer gets words', { status: 503, body: '' }, 503, 'the API server answered with the status 503'],
    [
      'a web page is named by its title',
      { status: 502, body: '<!DOCTYPE html><html><title>\n  Bad\n Gateway </title><body>x</body></html>' },
      502,
      'the answer has the status 502, and is a web page: Bad Gateway',
    ],
    [
      'a web page may have none',
      { status: 403, body: ' <HTML>x' },
      403,
      'the answer has the status 403, and is a web page',
    ],
    [
      'a redirect says where to',
      { status: 302, headers: { location: 'https://login.example.com/' }, body: '<html>Found</html>' },
      302,
      'the answer has the status 302, and leads to https://login.example.com/. hint: check `server` of the cluster: something else than an API server answers there',
    ],
    ['a redirect may lead nowhere', { status: 304, body: '' }, 304, 'the API server answered with the status 304'],
    ['JSON that is no Status is text', { status: 500, body: { error: 'x' } }, 500, '{"error":"x"}'],
  ])('%s', async (_what, answer, code, message) => {
    const error = await ask(answer).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code, message });
  });

  test('a Status whose members are of the wrong type harms nobody', async () => {
    const hostile = { kind: 'Status', message: { a: 1 }, reason: 7, details: { causes: 'x', name: 'n' } };
    const error = await ask({ status: 409, body: hostile }).catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 409, reason: '', details: { name: 'n' }, isApplyConflict: false });
    const other = { kind: 'Status', details: { causes: [null, 'x', { reason: 'FieldManagerConflict' }] } };
    expect(await ask({ status: 409, body: other }).catch((each: unknown) => each)).toMatchObject({
      isApplyConflict: true,
    });
    expect(
      await ask({ status: 409, body: { kind: 'Status', details: [] } }).catch((each: unknown) => each),
    ).toMatchObject({
      isConflict: true,
    });
  });

  test.each([
    ['', 'must be JSON, but is empty'],
    ['<html>login</html>', 'must be JSON, but is `<html>login</html>`. hint: check `server` of the cluster'],
    ['{"kind":"Pod', 'must be JSON, but is `{"kind":"Pod`'],
    ['null', 'must be a JSON object, but is `null`'],
    ['[]', 'must be a JSON object, but is `[]`'],
    ['"ok"', 'must be a JSON object, but is `"ok"`'],
    ['k8s\u0000\n\u000c\n', 'must be JSON, but is `k8s'],
  ])('a success with %j is as good as no answer', async (body, message) => {
    const error = await ask({ body }).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(String(error)).toContain(`The answer to GET /x ${message}`);
  });
});
