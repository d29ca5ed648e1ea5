import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGuard } from '../../../src/runtime/metrics/guard.js';
import { recordingLogger } from '../../support/log.js';
import { failure, type Sent, scriptedCluster } from '../../support/scripted.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const wish = { verb: 'get', path: '/metrics' };
const reader = { username: 'reader', uid: 'u', groups: ['a', 'b'], extra: { x: ['1'] } };

/** A guard before an API server that knows the token `good`, and allows what the set has. */
function guardOf({
  allowed = true,
  answer,
}: {
  allowed?: boolean;
  answer?: (request: Sent) => object | undefined;
} = {}) {
  let isAllowed = allowed;
  const cluster = scriptedCluster((request) => {
    const other = answer?.(request);
    if (other) return other;
    const { spec } = request.body as { spec: { token?: string } };
    if (!request.path.endsWith('/tokenreviews')) return { status: 201, body: { status: { allowed: isAllowed } } };
    const known = { authenticated: true, user: reader };
    return { status: 201, body: { status: spec.token === 'good' ? known : { error: 'invalid bearer token' } } };
  });
  const { log, lines } = recordingLogger();
  const ending = new AbortController();
  const guard = createGuard({ cluster, log, signal: ending.signal });
  const paths = () => cluster.requests.map(({ path }) => path.replace(/.*\//, ''));
  const set = (value: boolean): void => {
    isAllowed = value;
  };
  return { guard, cluster, lines, paths, set, ending };
}

describe('a request', () => {
  test('passes with the token of a user that may read the path', async () => {
    const { guard, cluster } = guardOf();
    expect(await guard('Bearer good', wish)).toBeUndefined();
    expect(cluster.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      {
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/tokenreviews',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'good' } },
      },
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: { user: 'reader', uid: 'u', groups: ['a', 'b'], extra: { x: ['1'] }, nonResourceAttributes: wish },
        },
      },
    ]);
  });

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic Z29vZA==', 'good', 'Bearer a b'])(
    'with the header %j is not known, and nobody is asked',
    async (header) => {
      const { guard, paths } = guardOf();
      expect(await guard(header, wish)).toMatchObject({ status: 401 });
      expect(paths()).toEqual([]);
    },
  );

  test('with an unknown token is refused as such, and one without the permission as forbidden', async () => {
    expect(await guardOf().guard('bearer bad', wish)).toMatchObject({ status: 401 });
    expect(await guardOf({ allowed: false }).guard('bearer good', wish)).toMatchObject({ status: 403 });
  });

  test('is refused where the operator may not ask, and the log says what to add', async () => {
    const { guard, lines } = guardOf({ answer: () => failure(403, 'Forbidden') });
    expect(await guard('Bearer good', wish)).toMatchObject({ status: 500 });
    expect(await guard('Bearer good', wish)).toMatchObject({ status: 500 });
    expect(lines.map(({ level, hint }) => [level, hint])).toEqual([
      ['error', expect.stringContaining('`create` on tokenreviews')],
      ['debug', expect.stringContaining('metrics_auth_role.yaml')],
    ]);
  });

  test('is refused where the API server does not answer within ten seconds', async () => {
    const { guard } = guardOf({ answer: () => new Promise(() => {}) as never });
    const answer = guard('Bearer good', wish);
    await vi.advanceTimersByTimeAsync(9_999);
    const early = await Promise.race([answer, Promise.resolve('waiting')]);
    expect(early).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toMatchObject({ status: 500 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is refused when the server stops meanwhile', async () => {
    const { guard, ending } = guardOf({ answer: () => new Promise(() => {}) as never });
    const answer = guard('Bearer good', wish);
    ending.abort(new Error('stopped'));
    expect(await answer).toMatchObject({ status: 500 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what the API server said is remembered', () => {
  const count = (paths: readonly string[], kind: string): number => paths.filter((path) => path === kind).length;

  test('for a minute of a token, known or not', async () => {
    const { guard, paths } = guardOf();
    for (const token of ['good', 'good', 'bad', 'bad']) await guard(`Bearer ${token}`, wish);
    expect(count(paths(), 'tokenreviews')).toBe(2);
    await vi.advanceTimersByTimeAsync(59_999);
    await guard('Bearer good', wish);
    expect(count(paths(), 'tokenreviews')).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    await guard('Bearer good', wish);
    expect(count(paths(), 'tokenreviews')).toBe(3);
  });

  test('for five minutes of a permission, and for half a minute of its absence', async () => {
    const { guard, paths, set } = guardOf({ allowed: false });
    expect(await guard('Bearer good', wish)).toMatchObject({ status: 403 });
    set(true);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(await guard('Bearer good', wish)).toMatchObject({ status: 403 });
    await vi.advanceTimersByTimeAsync(1);
    expect(await guard('Bearer good', wish)).toBeUndefined();
    set(false);
    await vi.advanceTimersByTimeAsync(299_999);
    expect(await guard('Bearer good', wish)).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await guard('Bearer good', wish)).toMatchObject({ status: 403 });
    expect(count(paths(), 'subjectaccessreviews')).toBe(3);
  });

  test('separately for each verb, and once for all who ask at the same time', async () => {
    const { guard, paths } = guardOf();
    await Promise.all([guard('Bearer good', wish), guard('Bearer good', wish)]);
    expect(paths()).toEqual(['tokenreviews', 'subjectaccessreviews']);
    await guard('Bearer good', { ...wish, verb: 'post' });
    expect(count(paths(), 'subjectaccessreviews')).toBe(2);
  });

  test('but not that it failed', async () => {
    let failures = 1;
    const { guard } = guardOf({ answer: () => (failures-- > 0 ? failure(500, 'InternalError') : undefined) });
    expect(await guard('Bearer good', wish)).toMatchObject({ status: 500 });
    expect(await guard('Bearer good', wish)).toBeUndefined();
  });
});
