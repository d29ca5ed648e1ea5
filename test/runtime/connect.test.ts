import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import type { Cluster, KubeConfigLike } from '../../src/runtime/cluster.js';
import { type ConnectOptions, connect } from '../../src/runtime/connect.js';
import { ConfigError } from '../../src/runtime/errors.js';
import { textOf } from '../../src/runtime/request.js';
import { serve } from '../support/api-server.js';
import { createCertificate } from '../support/certificate.js';
import { tempFolder } from '../support/temp.js';
import { base64, folderWith, kubeconfigOf } from './kubeconfig/kubeconfigs.js';

const authority = createCertificate('authority');
const serving = createCertificate('api', authority);
const get = { method: 'GET', path: '/api' };

function connected(options: ConnectOptions) {
  const connection = connect(options);
  onTestFinished(connection.close);
  return connection;
}

const answerOf = async (cluster: Cluster): Promise<string> => textOf(await cluster.request(get));

test('a kubeconfig leads to its API server', async () => {
  const { url } = await serve((request, answer) => answer.end(request.headers.authorization), serving);
  const cluster = { server: url, 'certificate-authority-data': base64(authority.cert) };
  const file = join(folderWith({ config: kubeconfigOf(cluster, { token: 'abc' }) }), 'config');
  const connection = connected({ kubeconfig: file });
  expect(connection).toMatchObject({ server: url, source: `${file} (context main)` });
  expect(await answerOf(connection.cluster)).toBe('Bearer abc');
  expect(connected({ kubeconfig: file, context: 'main' }).source).toBe(`${file} (context main)`);
  expect(() => connect({ kubeconfig: file, context: 'other' })).toThrow(ConfigError);
});

test('a token that was replaced in its file is taken after a 401', async () => {
  const folder = tempFolder();
  const { url } = await serve((request, answer) => {
    answer.writeHead(request.headers.authorization === 'Bearer new' ? 200 : 401).end('{}');
  });
  writeFileSync(join(folder, 'config'), kubeconfigOf({ server: url }, { tokenFile: 'token' }));
  writeFileSync(join(folder, 'token'), 'old');
  const { cluster } = connected({ kubeconfig: join(folder, 'config') });
  expect((await cluster.request(get)).status).toBe(401);
  writeFileSync(join(folder, 'token'), 'new');
  expect((await cluster.request(get)).status).toBe(200);
});

test('warnings arrive', async () => {
  const { url } = await serve((_, answer) => answer.setHeader('warning', '299 - "old"').end());
  const warnings: string[] = [];
  const kubeconfig = join(folderWith({ config: kubeconfigOf({ server: url }) }), 'config');
  await answerOf(connected({ kubeconfig, onWarning: (text) => warnings.push(text) }).cluster);
  expect(warnings).toEqual(['old']);
});

test('a Cluster is used as it is', () => {
  const cluster: Cluster = { request: () => Promise.reject(new Error('unused')) };
  expect(connected({ cluster }).cluster).toBe(cluster);
});

test('anything else is a ConfigError', () => {
  expect(() => connect({ cluster: {} as Cluster })).toThrow(ConfigError);
});

describe('a KubeConfig of @kubernetes/client-node', () => {
  /** Fills in what the class of the package does. */
  const kubeConfig = (server: string, options: object): KubeConfigLike => ({
    getCurrentCluster: () => ({ server }),
    async applyToHTTPSOptions(target) {
      Object.assign(target, { ca: Buffer.from(authority.cert), servername: undefined, agent: {} }, options);
    },
  });

  test('gives certificates, and connections are reused', async () => {
    const { cert, key } = createCertificate('jane', authority);
    const { url, sockets } = await serve(
      (request, answer) => {
        const { subject } = (request.socket as import('node:tls').TLSSocket).getPeerCertificate();
        answer.end(subject.CN);
      },
      { ...serving, ca: authority.cert, requestCert: true },
    );
    expectTypeOf<KubeConfig>().toExtend<KubeConfigLike>();
    const config = kubeConfig(url, { cert: Buffer.from(cert), key: Buffer.from(key) });
    const { cluster, server } = connected({ cluster: config });
    expect(server).toBe(url);
    expect([await answerOf(cluster), await answerOf(cluster)]).toEqual(['jane', 'jane']);
    expect(sockets).toHaveLength(1);
  });

  test.each([
    [{ headers: { Authorization: 'Bearer abc' } }, 'Bearer abc'],
    [{ headers: { Authorization: ['Bearer abc'] } }, 'Bearer abc'],
    [{ auth: 'jane:secret' }, `Basic ${base64('jane:secret')}`],
  ])('gives headers: %o', async (options, authorization) => {
    const { url } = await serve((request, answer) => answer.end(request.headers.authorization), serving);
    expect(await answerOf(connected({ cluster: kubeConfig(url, options) }).cluster)).toBe(authorization);
  });

  test('is asked again with every request', async () => {
    const { url } = await serve((request, answer) => answer.end(request.headers.authorization), serving);
    const options = { headers: { Authorization: 'Bearer first' } };
    const { cluster } = connected({ cluster: kubeConfig(url, options) });
    expect(await answerOf(cluster)).toBe('Bearer first');
    options.headers = { Authorization: 'Bearer second' };
    expect(await answerOf(cluster)).toBe('Bearer second');
  });

  test('needs a current context, and a proxy that can be used', () => {
    const config = kubeConfig('https://127.0.0.1:1', {});
    const atCluster = (cluster: ReturnType<KubeConfigLike['getCurrentCluster']>) => ({
      cluster: { ...config, getCurrentCluster: () => cluster },
    });
    expect(() => connect(atCluster(null))).toThrow(ConfigError);
    const proxied = { server: 'https://127.0.0.1:1', proxyUrl: 'socks4://127.0.0.1:2' };
    for (const server of ['', '127.0.0.1:6443', undefined as unknown as string])
      expect(() => connect(atCluster({ server }))).toThrow(
        `The current cluster of the given KubeConfig must have a URL with https:// or http:// as \`server\`, but it is \`${server}\``,
      );
    expect(() => connect(atCluster(proxied))).toThrow(/^`proxyUrl` of the given KubeConfig must be a proxy with http:/);
  });
});
