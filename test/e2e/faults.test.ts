import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createManager,
  defineController,
  defineResource,
  type FailureReason,
  failureReason,
  type K8sObject,
  silentLogger,
} from '../../src/runtime/index.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { accessOf, send } from '../support/access.js';
import { describeWithCluster } from '../support/assets.js';
import { kubectl } from '../support/kubectl.js';
import { recordingLogger } from '../support/log.js';
import { tempFolder } from '../support/temp.js';

const ConfigMap = defineResource<K8sObject & { data?: Record<string, string> }>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
});
const key = { name: 'watched', namespace: 'default' };

/** The processes with this text in their command line. */
const processesWith = (text: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine(pid).includes(text))
    .map(Number);

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describeWithCluster('an operator whose API server is killed', () => {
  let envtest: Envtest;
  beforeAll(async () => {
    envtest = await startEnvtest();
  }, 120_000);
  afterAll(() => envtest?.stop());

  test.skipIf(process.platform !== 'linux')('goes on when there is one again', async () => {
    const seen: (string | undefined)[] = [];
    const controller = defineController({
      for: ConfigMap,
      async reconcile({ object }) {
        if (object.metadata?.name === key.name) seen.push(object.data?.size);
      },
    });
    const manager = createManager({ cluster: envtest.cluster, log: silentLogger }).add(controller);
    const stop = new AbortController();
    const ended = manager.start(stop.signal);
    const { client } = manager;
    await client.create(ConfigMap, { metadata: key, data: { size: '1' } });
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe('1');

    const port = new URL(envtest.url).port;
    const servers = processesWith(`--secure-port=${port}`);
    expect(servers.length).toBeGreaterThan(0);
    for (const pid of servers) process.kill(pid, 'SIGKILL');
    await expect(client.live.get(ConfigMap, key)).rejects.toThrow();
    expect((await client.get(ConfigMap, key))?.data, 'the cache answers as before').toEqual({ size: '1' });

    await envtest.restartApiServer();
    await client.patch(ConfigMap, { metadata: key }, { type: 'merge', body: { data: { size: '2' } } });
    await expect.poll(() => seen.at(-1), { timeout: 60_000 }).toBe('2');
    stop.abort();
    await ended;
  });
});

interface Quota extends K8sObject {
  spec?: { hard: Record<string, string> };
  status?: { hard: Record<string, string>; used: Record<string, string> };
}
const ResourceQuota = defineResource<Quota>({ group: '', version: 'v1', kind: 'ResourceQuota' });

describeWithCluster('on a real API server', () => {
  let envtest: Envtest;
  beforeAll(async () => {
    envtest = await startEnvtest();
  }, 120_000);
  afterAll(() => envtest?.stop());

  test('a quota that is exceeded is told from missing rights, and is not tried again in a hurry', async () => {
    const stop = new AbortController();
    let tries = 0;
    let reason: FailureReason | undefined;
    const controller = defineController({
      for: ResourceQuota,
      async reconcile({ object, client }) {
        if (object.status?.hard?.configmaps !== '0') return;
        tries++;
        try {
          await client.create(ConfigMap, { metadata: { name: 'one-too-many', namespace: 'default' } });
        } catch (error) {
          reason = failureReason(error);
          throw error;
        }
      },
    });
    const manager = createManager({ cluster: envtest.cluster, log: silentLogger }).add(controller);
    const ended = manager.start(stop.signal);
    const place = { name: 'tight', namespace: 'default' };
    const hard = { configmaps: '0' };
    await manager.client.create(ResourceQuota, { metadata: place, spec: { hard } });
    const status = { hard, used: { configmaps: '0' } };
    await manager.client.status.patch(ResourceQuota, { metadata: place }, { type: 'merge', body: { status } });
    await expect.poll(() => reason, { timeout: 20_000 }).toBeDefined();
    expect(reason).toMatchObject({
      reason: 'QuotaExceeded',
      message: expect.stringContaining('exceeded quota: tight, requested: configmaps=1, used: configmaps=0'),
    });
    await new Promise((done) => setTimeout(done, 2_000));
    expect(tries).toBeLessThanOrEqual(3);
    await manager.client.delete(ResourceQuota, place);
    stop.abort();
    await ended;
  });

  test('5 s after a storm of conflicts every object is reconciled', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `storm-${index}`);
    const { log, messages } = recordingLogger();
    const controller = defineController({
      for: ConfigMap,
      where: ({ object }) => object.metadata?.name?.startsWith('storm-') === true,
      concurrency: 4,
      async reconcile({ object, client }) {
        const { annotations } = object.metadata ?? {};
        if (annotations?.seen === object.data?.size) return;
        // Another writer comes between the read and the write.
        await sleep(20);
        const seen = { ...annotations, seen: String(object.data?.size) };
        await client.update(ConfigMap, { ...object, metadata: { ...object.metadata, annotations: seen } });
      },
    });
    const manager = createManager({ cluster: envtest.cluster, log }).add(controller);
    const { client } = manager;
    for (const name of names)
      await client.create(ConfigMap, { metadata: { name, namespace: 'default' }, data: { size: '0' } });
    const stop = new AbortController();
    const ended = manager.start(stop.signal);
    for (let size = 1; size <= 500; size++) {
      const metadata = { name: names[size % 2] as string, namespace: 'default' };
      await Promise.all([client.patch(ConfigMap, { metadata }, mergeOf({ data: { size: String(size) } })), sleep(10)]);
    }
    const late = async () => {
      const objects = await client.live.list(ConfigMap, { namespace: 'default' });
      const own = objects.filter(({ metadata }) => metadata?.name?.startsWith('storm-'));
      return own.filter(({ metadata, data }) => metadata?.annotations?.seen !== data?.size).length;
    };
    await expect.poll(late, { timeout: 5000 }).toBe(0);
    expect(messages('debug').filter((message) => message === 'A reconcile met a conflict').length).toBeGreaterThan(5);
    expect(messages('error')).toEqual([]);
    stop.abort();
    await ended;
  });

  test('a token that is revoked is replaced by the one that its file has by then', async () => {
    const run = (...args: string[]): string => {
      const { status, stdout, stderr } = kubectl(envtest, [...args, '--namespace=default']);
      if (status !== 0) throw new Error(stderr);
      return stdout.trim();
    };
    run('create', 'serviceaccount', 'rotating');
    run('create', 'rolebinding', 'rotating', '--clusterrole=cluster-admin', '--serviceaccount=default:rotating');
    /** A token that lives as long as a Secret of that name. */
    const tokenOf = (secret: string): string => {
      run('create', 'secret', 'generic', secret);
      return run('create', 'token', 'rotating', '--bound-object-kind=Secret', `--bound-object-name=${secret}`);
    };
    const { token: _, ...access } = accessOf(envtest);
    async function revoke(secret: string, token: string): Promise<void> {
      run('delete', 'secret', secret);
      const read = () => send({ ...access, token }, 'GET', '/api/v1/namespaces/default/configmaps');
      await expect.poll(async () => (await read()).status, { timeout: 30_000 }).toBe(401);
    }

    const folder = tempFolder();
    const [kubeconfig, tokenFile] = [join(folder, 'kubeconfig'), join(folder, 'token')];
    writeFileSync(kubeconfig, envtest.kubeconfig.replace(/token: .*/, `tokenFile: ${tokenFile}`));
    const first = tokenOf('first');
    writeFileSync(tokenFile, first);
    const seen: (string | undefined)[] = [];
    const controller = defineController({
      for: ConfigMap,
      where: ({ object }) => object.metadata?.name === 'rotated',
      reconcile: async ({ object }) => void seen.push(object.data?.size),
    });
    const cache = { namespaces: { default: {} } };
    const manager = createManager({ kubeconfig, cache, log: silentLogger }).add(controller);
    const stop = new AbortController();
    const ended = manager.start(stop.signal);
    const metadata = { name: 'rotated', namespace: 'default' };
    await manager.client.create(ConfigMap, { metadata, data: { size: '1' } });
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe('1');

    const second = tokenOf('second');
    writeFileSync(tokenFile, second);
    await revoke('first', first);
    await manager.client.patch(ConfigMap, { metadata }, mergeOf({ data: { size: '2' } }));
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe('2');

    await revoke('second', second);
    const refused = manager.client.patch(ConfigMap, { metadata }, mergeOf({ data: { size: '3' } }));
    await expect(refused, 'nobody has written a new one').rejects.toMatchObject({ code: 401 });
    writeFileSync(tokenFile, tokenOf('third'));
    await manager.client.patch(ConfigMap, { metadata }, mergeOf({ data: { size: '4' } }));
    await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe('4');
    stop.abort();
    await ended;
  });
});

const mergeOf = (body: object) => ({ type: 'merge' as const, body });
