import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { electionSettings } from '../../../src/runtime/leaderelection/options.js';
import { tempFolder } from '../../support/temp.js';

const nowhere = '/nonexistent';
const given = { id: 'op.example.com', namespace: 'system' };

test('defaults', () => {
  const settings = electionSettings(given, nowhere);
  expect(settings).toMatchObject({
    ...given,
    leaseDuration: 15_000,
    renewDeadline: 10_000,
    retryPeriod: 2_000,
    releaseOnCancel: false,
    requestTimeout: 5_000,
  });
  expect(settings.identity).toMatch(/^.+_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(electionSettings(given, nowhere).identity).not.toBe(settings.identity);
});

test('a request gets at least a second', () => {
  const short = { ...given, leaseDuration: 1500, renewDeadline: 1000, retryPeriod: 200 };
  expect(electionSettings(short, nowhere).requestTimeout).toBe(1000);
});

test('the namespace is that of the service account', () => {
  const folder = join(tempFolder(), 'serviceaccount');
  mkdirSync(folder);
  writeFileSync(join(folder, 'namespace'), 'mine\n');
  expect(electionSettings({ id: 'op' }, folder).namespace).toBe('mine');
  expect(electionSettings(given, folder).namespace).toBe('system');
});

describe('a mistake is a ConfigError that says what to do', () => {
  test.each([
    [{ id: 'op' }, 'needs a namespace outside of a pod: type --leader-election-namespace=NAMESPACE'],
    [
      { ...given, id: '' },
      '`leaderElection.id` must be a name of lower-case letters, digits, `-` and `.`, but there is none',
    ],
    [{ ...given, id: 'Op' }, 'but it is "Op": type --leader-election-id=NAME'],
    [
      { ...given, namespace: 'a.b' },
      '`leaderElection.namespace` must be a name of lower-case letters, digits, `-`, but it is "a.b"',
    ],
    [
      { ...given, leaseDuration: 10_000 },
      'retryPeriod × 1.2 < renewDeadline < leaseDuration, but are 2000, 10000 and 10000',
    ],
    [{ ...given, retryPeriod: 9_000 }, 'but are 9000, 10000 and 15000'],
    [{ ...given, retryPeriod: 0 }, '`leaderElection.retryPeriod` must be a number of milliseconds above 0, but is 0'],
    [{ ...given, leaseDuration: Number.NaN }, '`leaderElection.leaseDuration` must be a number'],
  ])('%j', (options, message) => {
    expect(() => electionSettings(options, nowhere)).toThrow(ConfigError);
    expect(() => electionSettings(options, nowhere)).toThrow(message);
  });
});
