import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { endpointOf } from '../../../src/runtime/kubeconfig/index.js';
import { createCertificate } from '../../support/certificate.js';
import { find, folderWith, kubeconfigOf } from './kubeconfigs.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2030-01-01T00:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

const v1 = 'client.authentication.k8s.io/v1';
const count = `const fs = require('node:fs'); fs.appendFileSync(__dirname + '/runs', 'x');`;
const answer = (status: string, apiVersion = v1): string =>
  `${count} console.log(JSON.stringify({ apiVersion: '${apiVersion}', kind: 'ExecCredential', status: ${status} }));`;
const counted = `{ token: 'token-' + fs.readFileSync(__dirname + '/runs', 'utf8').length, ...JSON.parse(process.env.MORE ?? '{}') }`;

/** Credentials of a plugin, which is a program for Node.js. */
function plugin(program: string, exec: object = {}, cluster: Record<string, unknown> = {}) {
  const folder = folderWith({
    'plugin.cjs': program,
    config: kubeconfigOf(cluster, {
      exec: { apiVersion: v1, command: process.execPath, args: ['plugin.cjs'], ...exec },
    }),
  });
  const config = readFileSync(join(folder, 'config'), 'utf8').replace(
    '"plugin.cjs"',
    JSON.stringify(join(folder, 'plugin.cjs')),
  );
  const { credentials } = endpointOf(find({ kubeconfig: join(folderWith({ config }), 'config') }));
  const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').length;
  return { credentials, runs };
}

test('the token is kept until it is rejected, and made once for all who ask', async () => {
  const { credentials, runs } = plugin(answer(counted));
  const [first, same] = await Promise.all([credentials(), credentials()]);
  expect(first.headers).toEqual({ authorization: 'Bearer token-1' });
  expect(same).toBe(first);
  expect(await credentials()).toBe(first);
  const renewed = await Promise.all([credentials(first), credentials(first)]);
  expect(renewed.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-2', 'Bearer token-2']);
  expect((await credentials(first)).headers.authorization).toBe('Bearer token-2');
  expect(runs()).toBe(2);
});

test('the token is kept until it expires', async () => {
  const more = JSON.stringify({ expirationTimestamp: '2030-01-01T00:10:00Z' });
  const { credentials, runs } = plugin(answer(counted), { env: [{ name: 'MORE', value: more }] });
  await credentials();
  vi.advanceTimersByTime(9 * 60_000);
  await credentials();
  expect(runs()).toBe(1);
  vi.advanceTimersByTime(2 * 60_000);
  expect((await credentials()).headers.authorization).toBe('Bearer token-2');
});

test('a client certificate authenticates', async () => {
  const { cert, key } = createCertificate('client');
  const status = JSON.stringify({ clientCertificateData: cert, clientKeyData: key });
  const { credentials } = plugin(
    answer(status, `${v1}beta1`),
    { apiVersion: `${v1}beta1` },
    { 'tls-server-name': 'api' },
  );
  expect(await credentials()).toEqual({ tls: { servername: 'api', cert, key }, headers: {} });
});

test.each([
  [false, { interactive: false }],
  [true, { interactive: false, cluster: { server: 'https://127.0.0.1:1', 'tls-server-name': 'api' } }],
])('the plugin is told about the cluster with provideClusterInfo: %s', async (provideClusterInfo, spec) => {
  const { credentials } = plugin(
    answer('{ token: Buffer.from(process.env.KUBERNETES_EXEC_INFO).toString("base64") }'),
    { provideClusterInfo },
    { 'tls-server-name': 'api' },
  );
  const info = String((await credentials()).headers.authorization).replace('Bearer ', '');
  expect(JSON.parse(Buffer.from(info, 'base64').toString())).toEqual({ apiVersion: v1, kind: 'ExecCredential', spec });
});

test('the plugin is told all of the cluster that it may need, with the content of its authority', async () => {
  const authority = createCertificate('authority');
  const folder = folderWith({ 'ca.crt': authority.cert });
  const config = { issuer: 'https://login.example.com' };
  const { credentials } = plugin(
    answer('{ token: Buffer.from(process.env.KUBERNETES_EXEC_INFO).toString("base64") }'),
    { provideClusterInfo: true },
    {
      'certificate-authority': join(folder, 'ca.crt'),
      'proxy-url': 'socks5://proxy',
      'disable-compression': true,
      extensions: [
        { name: 'other', extension: {} },
        { name: 'client.authentication.k8s.io/exec', extension: config },
      ],
    },
  );
  const token = String((await credentials()).headers.authorization).replace('Bearer ', '');
  expect(JSON.parse(Buffer.from(token, 'base64').toString()).spec.cluster).toEqual({
    server: 'https://127.0.0.1:1',
    'proxy-url': 'socks5://proxy',
    'disable-compression': true,
    'certificate-authority-data': Buffer.from(authority.cert).toString('base64'),
    config,
  });
});

test('arguments and variables may be numbers and booleans', async () => {
  const program = `console.log(JSON.stringify({ apiVersion: '${v1}', kind: 'ExecCredential', status: { token: [process.env.A, process.env.B, process.env.C].join('-') } }))`;
  const { credentials } = plugin(program, {
    env: [{ name: 'A', value: 1 }, { name: 'B', value: true }, { name: 'C' }],
  });
  expect((await credentials()).headers).toEqual({ authorization: 'Bearer 1-true-' });
});

test('a command with a folder is relative to the kubeconfig', async () => {
  const credential = `{"apiVersion":"${v1}","kind":"ExecCredential","status":{"token":"relative"}}`;
  const folder = folderWith({
    'bin/login': `#!/bin/sh\necho '${credential}'\n`,
    config: kubeconfigOf({}, { exec: { apiVersion: v1, command: 'bin/login' } }),
  });
  const { credentials } = endpointOf(find({ kubeconfig: join(folder, 'config') }));
  expect((await credentials()).headers).toEqual({ authorization: 'Bearer relative' });
});

describe('a plugin that fails is a ConfigError:', () => {
  const title = 'the exec plugin of the user `main`';
  test.each<[string, string, object, string]>([
    [
      'missing, with its hint',
      '',
      { command: 'opgen-no-such-login', installHint: 'Install it:\n  login.example.com' },
      `${title} needs the program \`opgen-no-such-login\`, but it is not there. hint: Install it: login.example.com`,
    ],
    ['missing, without a hint', '', { command: 'opgen-no-such-login' }, 'hint: install it, or add its folder to PATH'],
    ['an exit code', 'console.error("please log in"); process.exit(3)', {}, 'failed: exit code 3: please log in'],
    [
      'other output',
      'console.log("hello")',
      {},
      `${title} must print an ExecCredential as JSON, but printed something else`,
    ],
    [
      'another version',
      answer('{ token: "a" }', `${v1}beta1`),
      {},
      `must answer with the apiVersion ${v1}, but answered with \`${v1}beta1\``,
    ],
    ['no status', answer('undefined'), {}, 'must answer with a `status`, but has none'],
    ['no credentials', answer('{}'), {}, 'but has neither'],
    ['a token that is a number', answer('{ token: 1 }'), {}, 'must have a text as `token`, but it is a number'],
    ['a token of two lines', answer('{ token: "a\\nb" }'), {}, 'must have one word as `token`, but it has blanks'],
    ['a bad time', answer('{ token: "a", expirationTimestamp: "soon" }'), {}, 'but it is `soon`'],
    [
      'a bad certificate',
      answer('{ clientCertificateData: "a", clientKeyData: "b" }'),
      {},
      'must have a client certificate with its key, but: ',
    ],
  ])('%s', async (_, program, exec, message) => {
    const error = await plugin(program, exec)
      .credentials()
      .catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain(message);
  });

  test('the next request tries again', async () => {
    const { credentials, runs } = plugin(`${count} process.exit(1)`);
    await expect(credentials()).rejects.toThrow(ConfigError);
    await expect(credentials()).rejects.toThrow(ConfigError);
    expect(runs()).toBe(2);
  });
});
