import { readdirSync, readFileSync } from 'node:fs';
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
import { describeWithCluster } from '../support/assets.js';

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
    stop.abort();
    await ended;
  });
});
