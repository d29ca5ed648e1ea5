import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { endpointOf, proxyFromEnv, proxyOf } from '../../../src/runtime/kubeconfig/index.js';
import { createCertificate } from '../../support/certificate.js';
import { tempFolder } from '../../support/temp.js';
import { base64, find } from './kubeconfigs.js';

const { cert, key } = createCertificate('client');

/** Values as they are, or as people and programs get them wrong. */
const value = fc.oneof(
  fc.constantFrom<unknown>(null, '', ' ', 0, 1, true, false, 'true', [], {}, [null], { name: null }, '\u0000', '☃'),
  fc.constantFrom<unknown>('https://127.0.0.1:1', 'http://x/y', 'ftp://x', 'https://[', 'https://x:99999', '//x', '@'),
  fc.constantFrom<unknown>(cert, key, base64(cert), base64(key), base64('x'), 'ca.crt', '/', '..', 'missing'),
  fc.constantFrom<unknown>('socks5://a:b@c', 'socks5://%zz@c', 'client.authentication.k8s.io/v1', 'Always', 'main'),
  fc.jsonValue({ maxDepth: 2 }),
);

/** With at most three of the fields. */
const record = (...names: string[]): fc.Arbitrary<object> =>
  fc
    .subarray(names, { maxLength: 3 })
    .chain((some) => fc.record(Object.fromEntries(some.map((name) => [name, value]))));

const cluster = record(
  'server',
  'certificate-authority',
  'certificate-authority-data',
  'tls-server-name',
  'insecure-skip-tls-verify',
  'proxy-url',
  'extensions',
);
const user = fc
  .tuple(
    record('token', 'tokenFile', 'username', 'password', 'client-certificate', 'client-certificate-data', 'client-key'),
    record('client-key-data', 'auth-provider', 'exec', 'as', 'as-uid', 'as-groups', 'as-user-extra'),
    fc.option(record('apiVersion', 'command', 'args', 'env', 'interactiveMode', 'provideClusterInfo')),
  )
  .map(([login, other, exec]) => ({ ...login, ...other, ...(exec && { exec }) }));
const list = (title: string, each: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 9, arbitrary: each.map((fields) => [{ name: 'main', [title]: fields }]) },
    { weight: 1, arbitrary: value },
  );
const config = fc.record({
  'current-context': fc.oneof({ weight: 9, arbitrary: fc.constant('main') }, { weight: 1, arbitrary: value }),
  contexts: list('context', fc.constant({ cluster: 'main', user: 'main' })),
  clusters: list(
    'cluster',
    fc.oneof(
      cluster,
      cluster.map((fields) => ({ ...fields, server: 'https://127.0.0.1:1' })),
      value,
    ),
  ),
  users: list('user', fc.oneof(user, value)),
});

/** Whether it works; anything but a ConfigError of one line fails the test. */
function works(load: () => unknown): boolean {
  try {
    load();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).not.toMatch(/\n|undefined|\[object/);
    return false;
  }
}

test('a kubeconfig works, or its mistake is told in one line', () => {
  const file = join(tempFolder(), 'config');
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(config, (content) => {
      writeFileSync(file, JSON.stringify(content));
      seen.add(works(() => endpointOf(find({ kubeconfig: file }), {})));
    }),
    { numRuns: 1500 },
  );
  expect(seen).toEqual(new Set([true, false]));
});

test('any text is no kubeconfig', () => {
  const file = join(tempFolder(), 'config');
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      writeFileSync(file, text);
      expect(works(() => find({ kubeconfig: file }))).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('any text is a proxy, or a mistake', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl(),
    fc
      .tuple(fc.constantFrom('http', 'socks5', 'socks5h', 'ftp'), fc.string(), fc.string())
      .map(([scheme, login, host]) => `${scheme}://${login}@${host}`),
  );
  fc.assert(
    fc.property(text, (proxy) => {
      works(() => proxyOf(proxy, 'it'));
      works(() => proxyFromEnv('https://api', { HTTPS_PROXY: proxy, NO_PROXY: proxy }));
    }),
  );
});
