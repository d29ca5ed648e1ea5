import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../src/runtime/cluster.js';
import { createManager, defineController } from '../../src/runtime/index.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { recordingLogger } from '../support/log.js';
import { ConfigMap } from '../support/widget.js';

const names = Array.from({ length: 50 }, (_, index) => `soak-${index}`);
const eventsPerSecond = 50;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are in use when all garbage is gone. */
async function heap(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    await sleep(50);
  }
  return process.memoryUsage().heapUsed;
}

describeWithCluster('an operator that works for a while', () => {
  let envtest: Envtest;
  beforeAll(async () => {
    envtest = await startEnvtest();
  }, 120_000);
  afterAll(() => envtest?.stop());

  test('needs no more memory, and no more than one list and one watch of its kind', async () => {
    const requests: string[] = [];
    const cluster: Cluster = {
      request(r) {
        if (r.method === 'GET') requests.push(r.query?.watch === 'true' ? 'watch' : 'read');
        return envtest.cluster.request(r);
      },
    };
    const { log, messages } = recordingLogger();
    let reconciles = 0;
    const controller = defineController({
      for: ConfigMap,
      where: ({ object }) => object.metadata?.name?.startsWith('soak-') === true,
      concurrency: 4,
      async reconcile({ object, client }) {
        reconciles++;
        if (object.data?.seen === object.data?.count) return;
        const body = { data: { seen: object.data?.count } };
        await client.patch(ConfigMap, object, { type: 'merge', body });
      },
    });
    const manager = createManager({ cluster, log, client: { fieldOwner: 'soak' } }).add(controller);
    const writer = createManager({ cluster: envtest.cluster, log }).client;
    for (const name of names)
      await writer.create(ConfigMap, { metadata: { name, namespace: 'default' }, data: { text: 'x'.repeat(1000) } });
    const stop = new AbortController();
    const ended = manager.start(stop.signal);

    async function write(seconds: number): Promise<void> {
      for (let count = 0; count < seconds * eventsPerSecond; count++) {
        const metadata = { name: names[count % names.length] as string, namespace: 'default' };
        const body = { data: { count: `${seconds}-${count}` } };
        const pause = sleep(1000 / eventsPerSecond);
        await Promise.all([writer.patch(ConfigMap, { metadata }, { type: 'merge', body }), pause]);
      }
    }

    await write(10);
    const before = { heap: await heap(), reconciles, lines: messages().length };
    await write(45);
    const grown = (await heap()) - before.heap;
    expect(reconciles - before.reconciles).toBeGreaterThan(1000);
    expect(grown, 'bytes for more than 2000 events of 2 KB').toBeLessThan(1_500_000);
    expect(requests.toSorted()).toEqual(['read', 'watch']);
    expect(messages('error')).toEqual([]);
    stop.abort();
    await ended;
  });
});
