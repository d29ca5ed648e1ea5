import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { endpointOf } from '../../../src/runtime/kubeconfig/index.js';
import { createCertificate } from '../../support/certificate.js';
import { base64, endpointFor, find, folderWith, kubeconfigOf } from './kubeconfigs.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const { cert, key } = createCertificate('client');

test.each<[string, Record<string, string>, string | undefined]>([
  ['a token', { token: 'abc\n' }, 'Bearer abc'],
  ['a name and a password', { username: 'jane', password: 'pässword' }, `Basic ${base64('jane:pässword')}`],
  ['nothing', {}, undefined],
])('%s authenticates', async (_, user, authorization) => {
  const { headers } = await endpointFor({}, user).credentials();
  expect(headers).toEqual(authorization === undefined ? {} : { authorization });
});

test('whom a user impersonates goes along, whatever it authenticates with', async () => {
  const groups = { as: 'jane', 'as-groups': ['a', 'b'], 'as-user-extra': { 'example.com/Scope(s)': ['c'], none: [] } };
  const { headers } = await endpointFor({}, { token: 'abc', ...groups }).credentials();
  expect(headers).toEqual({
    authorization: 'Bearer abc',
    'impersonate-user': 'jane',
    'impersonate-group': ['a', 'b'],
    'impersonate-extra-example.com%2FScope%28s%29': ['c'],
  });
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 'x' } };
  const exec = {
    apiVersion: credential.apiVersion,
    command: process.execPath,
    args: ['-p', JSON.stringify(JSON.stringify(credential))],
  };
  expect((await endpointFor({}, { exec, as: 'jane', 'as-uid': 'u' }).credentials()).headers).toEqual({
    authorization: 'Bearer x',
    'impersonate-user': 'jane',
    'impersonate-uid': 'u',
  });
});

test('a client certificate authenticates, as data or as files', async () => {
  const data = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
  expect((await endpointFor({}, data).credentials()).tls).toEqual({ cert, key });
  const files = { 'client-certificate': 'a/client.crt', 'client-key': 'a/client.key' };
  const endpoint = endpointFor({}, files, { 'a/client.crt': cert, 'a/client.key': key });
  expect((await endpoint.credentials()).tls).toEqual({ cert, key });
});

test('the cluster says how its certificate is checked', async () => {
  const named = endpointFor({ 'tls-server-name': 'api', 'certificate-authority-data': base64(cert) });
  expect((await named.credentials()).tls).toEqual({ ca: cert, servername: 'api' });
  expect(named.trust).toBe('certificate-authority of the cluster `main`');
  const insecure = endpointFor({ 'insecure-skip-tls-verify': true });
  expect((await insecure.credentials()).tls).toEqual({ rejectUnauthorized: false });
});

test('a context may do without a user', async () => {
  const config = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a' } }],
    clusters: [{ name: 'a', cluster: { server: 'http://127.0.0.1:8001' } }],
  };
  const endpoint = endpointOf(find({ kubeconfig: join(folderWith({ config: JSON.stringify(config) }), 'config') }));
  expect(endpoint.server).toBe('http://127.0.0.1:8001');
  expect(await endpoint.credentials()).toEqual({ tls: {}, headers: {} });
});

test('a token file is read again after a minute, or when its token is rejected', async () => {
  const folder = folderWith({ config: kubeconfigOf({}, { tokenFile: 'token' }), token: 'first\n' });
  const { credentials } = endpointOf(find({ kubeconfig: join(folder, 'config') }));
  const token = async (rejected?: Awaited<ReturnType<typeof credentials>>) =>
    (await credentials(rejected)).headers.authorization;
  expect(await token()).toBe('Bearer first');
  writeFileSync(join(folder, 'token'), 'second');
  vi.advanceTimersByTime(59_000);
  expect(await token()).toBe('Bearer first');
  vi.advanceTimersByTime(2_000);
  expect(await token()).toBe('Bearer second');
  const second = await credentials();
  writeFileSync(join(folder, 'token'), 'third');
  expect(await token(second)).toBe('Bearer third');
  rmSync(join(folder, 'token'));
  vi.advanceTimersByTime(61_000);
  expect(await token()).toBe('Bearer third');
});

describe('files that change', () => {
  const authority = createCertificate('authority');
  const pair = (name: string) => createCertificate(name, authority);

  test('are read again after a minute: the authority, the certificate with its key', async () => {
    const folder = folderWith({
      config: kubeconfigOf(
        { 'certificate-authority': 'ca.crt' },
        { 'client-certificate': 'client.crt', 'client-key': 'client.key' },
      ),
      'ca.crt': authority.cert,
      'client.crt': cert,
      'client.key': key,
    });
    const { credentials } = endpointOf(find({ kubeconfig: join(folder, 'config') }));
    const first = await credentials();
    expect(first.tls).toEqual({ ca: authority.cert, cert, key });
    vi.advanceTimersByTime(61_000);
    expect(await credentials(), 'the same files are the same credentials').toBe(first);

    const [next, other] = [pair('next'), createCertificate('other')];
    writeFileSync(join(folder, 'ca.crt'), other.cert);
    writeFileSync(join(folder, 'client.crt'), next.cert);
    vi.advanceTimersByTime(61_000);
    expect((await credentials()).tls, 'a certificate without its key is not used').toEqual({
      ca: other.cert,
      cert,
      key,
    });
    writeFileSync(join(folder, 'client.key'), next.key);
    vi.advanceTimersByTime(61_000);
    expect((await credentials()).tls).toEqual({ ca: other.cert, cert: next.cert, key: next.key });
  });

  test('a certificate that the server rejects is read again at once', async () => {
    const folder = folderWith({
      config: kubeconfigOf({}, { 'client-certificate': 'client.crt', 'client-key': 'client.key' }),
      'client.crt': cert,
      'client.key': key,
    });
    const { credentials } = endpointOf(find({ kubeconfig: join(folder, 'config') }));
    const first = await credentials();
    const next = pair('next');
    writeFileSync(join(folder, 'client.crt'), next.cert);
    writeFileSync(join(folder, 'client.key'), next.key);
    expect((await credentials(first)).tls).toEqual({ cert: next.cert, key: next.key });
  });

  test('a clock that jumps back an hour does not keep an old token', async () => {
    const folder = folderWith({ config: kubeconfigOf({}, { tokenFile: 'token' }), token: 'first' });
    const { credentials } = endpointOf(find({ kubeconfig: join(folder, 'config') }));
    await credentials();
    writeFileSync(join(folder, 'token'), 'second');
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(61_000);
    expect((await credentials()).headers).toEqual({ authorization: 'Bearer second' });
  });
});
