import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type FakeCluster, fakeCluster } from '../../src/testing/fake/index.js';
import { type ServedCluster, serveCluster } from '../../src/testing/serve.js';
import { assets, describeWithCluster } from '../support/assets.js';
import { ConfigMap, Memcached, memcachedCrd } from './fake/objects.js';

const servers: ServedCluster[] = [];
async function served(cluster = fakeCluster()) {
  const server = await serveCluster(cluster);
  servers.push(server);
  const token: string = parse(server.kubeconfig).users[0].user.token;
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  return { cluster, server, call };
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const configMaps = '/api/v1/namespaces/default/configmaps';
const configMap = { metadata: { name: 'a', namespace: 'default' }, data: { a: '1' } };

describe('a served cluster', () => {
  test('answers over HTTP', async () => {
    const { call, cluster } = await served();
    const made = await call(configMaps, { method: 'POST', body: JSON.stringify(configMap) });
    expect(made.status).toBe(201);
    expect(made.headers.get('content-type')).toBe('application/json');
    expect(await cluster.client.get(ConfigMap, { name: 'a', namespace: 'default' })).toMatchObject(configMap);
    const none = await call(`${configMaps}?fieldSelector=metadata.name%3Db`);
    expect(await none.json()).toMatchObject({ kind: 'ConfigMapList', items: [] });
  });

  test('needs the token', async () => {
    const { server, call } = await served();
    expect((await fetch(`${server.url}/version`)).status).toBe(401);
    const answer = await call('/version', { headers: { authorization: 'Bearer other' } });
    expect(await answer.json()).toMatchObject({ reason: 'Unauthorized', code: 401 });
    const inPath: string = parse(server.kubeconfig).clusters[0].cluster.server;
    expect((await fetch(`${inPath}/version`)).status).toBe(200);
  });

  test('refuses bodies that are too large', async () => {
    const { call } = await served();
    const answer = await call(configMaps, { method: 'POST', body: 'x'.repeat(3 * 1024 * 1024 + 1) });
    expect(answer.status).toBe(413);
  });

  test('streams watches, until the client leaves', async () => {
    const { call, cluster } = await served();
    const left = new AbortController();
    const answer = await call(`${configMaps}?watch=true`, { signal: left.signal });
    const reader = answer.body!.getReader();
    await cluster.client.create(ConfigMap, configMap);
    const { value } = await reader.read();
    expect(JSON.parse(new TextDecoder().decode(value))).toMatchObject({ type: 'ADDED', object: configMap });
    left.abort();
    await expect(reader.read()).rejects.toThrow();
    await cluster.client.delete(ConfigMap, configMap.metadata);
    await cluster.settle();
  });

  test('ends open watches when it stops', async () => {
    const { call, server } = await served();
    const answer = await call(`${configMaps}?watch=true`);
    const body = answer.text();
    await server.stop();
    await expect(body).rejects.toThrow();
    await server.stop();
    await expect(call('/version')).rejects.toThrow();
  });

  test('breaks the connection where the cluster does', async () => {
    const { call, cluster } = await served();
    cluster.down(true);
    await expect(call('/version')).rejects.toThrow();
    cluster.down(false);
    expect((await call('/version')).status).toBe(200);
  });
});

describeWithCluster('kubectl', () => {
  const manifest = {
    apiVersion: 'cache.example.com/v1alpha1',
    kind: 'Memcached',
    metadata: { name: 'one', namespace: 'default' },
    spec: { size: 2 },
  };
  const key = { name: 'one', namespace: 'default' };
  const run = async (server: ServedCluster, args: readonly string[], input = '') =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      const dir = mkdtempSync(join(tmpdir(), 'opgen-serve-'));
      writeFileSync(join(dir, 'config'), server.kubeconfig);
      const own = [`--kubeconfig=${join(dir, 'config')}`, `--cache-dir=${join(dir, 'cache')}`];
      const child = spawn(join(assets ?? '', 'kubectl'), [...own, ...args]);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      child.on('close', (status) => {
        rmSync(dir, { recursive: true });
        resolve({ status, stdout, stderr });
      });
      child.stdin.end(input);
    });

  test('reads and writes objects', async () => {
    const { server, cluster } = await served(fakeCluster({ crds: [memcachedCrd()] }));
    const input = JSON.stringify(manifest);
    const applied = await run(server, ['apply', '--server-side', '--validate=false', '-f', '-'], input);
    expect(applied).toEqual({ status: 0, stdout: 'memcached.cache.example.com/one serverside-applied\n', stderr: '' });
    const yaml = await run(server, ['get', 'memcacheds', '-o', 'yaml']);
    expect(parse(yaml.stdout).items).toMatchObject([manifest]);
    const table = await run(server, ['get', 'memcached', 'one']);
    expect(table.stdout).toMatch(/^NAME +SIZE +READY +AGE\none +2 +\d+s\n$/);
    expect((await run(server, ['scale', 'memcached/one', '--replicas=3'])).status).not.toBe(0);
    const labelled = await run(server, ['label', 'memcached', 'one', 'a=b']);
    expect(labelled.stderr).toBe('');
    expect((await cluster.client.get(Memcached, manifest.metadata))?.metadata?.labels).toEqual({ a: 'b' });
    expect((await run(server, ['delete', 'memcached', 'one', '--wait=true'])).stderr).toBe('');
    expect(await cluster.client.get(Memcached, manifest.metadata)).toBeUndefined();
  });

  test('watches', async () => {
    const cluster: FakeCluster = fakeCluster({
      crds: [memcachedCrd()],
      objects: [manifest],
      intercept: async (verb, _resource, _key, next) => {
        const answer = await next();
        if (verb === 'watch')
          await cluster.client.create(Memcached, { ...manifest, metadata: { ...key, name: 'two' } });
        return answer;
      },
    });
    const { server } = await served(cluster);
    const { stdout } = await run(server, ['get', 'memcacheds', '-w', '-o', 'name', '--request-timeout=3s']);
    const name = 'memcached.cache.example.com';
    expect(stdout).toBe(`${name}/one\n${name}/two\n`);
  });
});
