import { describe, expect, test } from 'vitest';
import { problemOf } from '../../../src/runtime/cache/problem.js';
import { BrokenWatch } from '../../../src/runtime/cache/watchstream.js';
import { defineResource } from '../../../src/runtime/define.js';
import { ApiError } from '../../../src/runtime/errors.js';
import { Memcached } from './scripted.js';

const Pod = defineResource({ group: '', version: 'v1', kind: 'Pod' });
const OldJob = defineResource({ group: 'batch', version: 'v1beta1', kind: 'CronJob' });

describe('problemOf', () => {
  test('names the marker that a kind of the core group needs', () => {
    const error = new ApiError(403, { message: 'pods is forbidden' });
    expect(problemOf(error, 'watch', Pod).sentence).toBe(
      'The operator may not watch pods: pods is forbidden. Add `// +kubebuilder:rbac:groups="",resources=pods,verbs=get;list;watch` and run `opgen generate rbac`',
    );
  });

  test('does not speak of a CRD for a built-in kind', () => {
    expect(problemOf(new ApiError(404, {}), 'list', OldJob).sentence).toBe(
      'The API server has no cronjobs.batch/v1beta1: it does not serve batch/v1beta1. Use a version that `kubectl api-versions` prints',
    );
  });

  test('says which problems need a new list', () => {
    const relists = (code: number, reason = '') => problemOf(new ApiError(code, { reason }), 'watch', Pod).relist;
    expect([410, 404, 400, 403, 429, 500].map((code) => relists(code))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([relists(500, 'Expired'), relists(500, 'Gone')]).toEqual([true, true]);
  });

  test('waits as the server asks, but never longer than 5 minutes', () => {
    const asked = (retryAfterSeconds: number) =>
      problemOf(new ApiError(429, { details: { retryAfterSeconds } }), 'list', Pod).retryAfter;
    expect([asked(7), asked(86_400)]).toEqual([7_000, 300_000]);
  });

  test('tells a stream that broke from a server that does not answer', () => {
    expect(problemOf(new BrokenWatch('read ECONNRESET'), 'watch', Memcached)).toMatchObject({
      kind: 'broken',
      sentence: 'The watch of memcacheds.cache.example.com breaks off: read ECONNRESET',
    });
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    expect(problemOf(refused, 'list', Memcached)).toMatchObject({
      kind: 'unreachable',
      sentence: 'The operator cannot list memcacheds.cache.example.com: ECONNREFUSED',
    });
  });
});
