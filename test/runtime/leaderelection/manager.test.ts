import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Controller } from '../../../src/runtime/controller/types.js';
import { NotLeaderError } from '../../../src/runtime/errors.js';
import { Lease, type LeaseSpec } from '../../../src/runtime/leaderelection/lease.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import type { Manager, ManagerOptions } from '../../../src/runtime/manager/types.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { type FakeCluster, fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { ConfigMap, key, Widget, type WidgetObject, widget } from '../../support/widget.js';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const leaderElection = { id: 'op', namespace: 'default', releaseOnCancel: true };

function start(cluster: FakeCluster, parts: Parameters<Manager['add']>, options: ManagerOptions = {}) {
  const recorded = recordingLogger();
  const manager = createManager({ cluster, log: recorded.log, leaderElection, ...options });
  manager.add(...parts);
  const stop = new AbortController();
  const ended = manager.start(stop.signal);
  ended.catch(() => {});
  const end = (): Promise<void> => {
    stop.abort();
    return ended;
  };
  stops.push(() => end().catch(() => {}));
  return { ...recorded, manager, ended, end };
}

/** A cluster whose lease somebody else has. */
async function taken(): Promise<FakeCluster> {
  const cluster = fakeCluster({ resources: [Widget], objects: [widget('a')] });
  const spec: LeaseSpec = { holderIdentity: 'somebody else', leaseDurationSeconds: 600 };
  await cluster.client.create(Lease, { metadata: key('op'), spec });
  return cluster;
}

const giveUp = (cluster: FakeCluster) =>
  cluster.client.patch(Lease, { metadata: key('op') }, { type: 'merge', body: { spec: { holderIdentity: '' } } });

const controllerOf = (part: Partial<Controller<WidgetObject>>): Controller<WidgetObject> => ({
  for: Widget,
  reconcile: async () => {},
  ...part,
});

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

describe('a replica that does not lead', () => {
  test('runs what needs no lease, and is ready', async () => {
    const seen: string[] = [];
    const noting = (name: string) => (signal: AbortSignal) => {
      seen.push(name);
      return untilAborted(signal);
    };
    const cluster = await taken();
    const { manager, lines } = start(
      cluster,
      [
        controllerOf({
          name: 'everywhere',
          needLeaderElection: false,
          async reconcile({ client, patchStatus }) {
            await client.ensure(ConfigMap, key('made'), () => {});
            await patchStatus((draft) => {
              draft.status = { seen: 1 };
            });
            seen.push('everywhere');
          },
        }),
        controllerOf({ name: 'leader', reconcile: async () => void seen.push('leader') }),
        { needLeaderElection: false, start: noting('server') },
        { start: noting('worker') },
      ],
      { health: { bindAddress: '127.0.0.1:0' } },
    );
    await vi.waitFor(() => expect(new Set(seen)).toEqual(new Set(['everywhere', 'server'])));
    const port = lines.find(({ message }) => message === 'Health checks answer')?.port;
    await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200));
    await expect(manager.client.create(ConfigMap, { metadata: key('b') })).rejects.toThrow(NotLeaderError);
    let isElected = false;
    void manager.elected.then(() => {
      isElected = true;
    });
    await cluster.settle();
    expect(isElected).toBe(false);
  });

  test('watches nothing for the leader, unless it warms up', async () => {
    const watched: string[] = [];
    const cluster = fakeCluster({
      resources: [Widget],
      async intercept(verb, { kind }, _key, next) {
        if (verb === 'watch') watched.push(kind);
        return next();
      },
    });
    await cluster.client.create(Lease, {
      metadata: key('op'),
      spec: { holderIdentity: 'other', leaseDurationSeconds: 600 },
    });
    const cold = start(cluster, [controllerOf({})]);
    await vi.waitFor(() => expect(cold.messages()).toContain('Another replica leads'));
    expect(watched).toEqual([]);
    const reconcile = vi.fn(async () => {});
    start(cluster, [controllerOf({ warmup: true, reconcile })]);
    await vi.waitFor(() => expect(watched).toEqual(['Widget']));
    await cluster.settle();
    expect(reconcile).not.toHaveBeenCalled();
  });

  test('ends without having started what waits', async () => {
    const started = vi.fn(async () => {});
    const { end, manager } = start(await taken(), [{ start: started }]);
    await end();
    expect(started).not.toHaveBeenCalled();
    expect(() => manager.add({ start: started })).toThrow('but it has stopped');
  });
});

describe('a replica that leads', () => {
  test('works, says so in a metric, and runs what is added later at once', async () => {
    const cluster = await taken();
    const reconcile = vi.fn(async () => {});
    const { manager, end } = start(cluster, [controllerOf({ reconcile })]);
    const status = async () =>
      /leader_election_master_status\{name="op"\} (\d)/.exec(await metrics.registry.metrics())?.[1];
    expect(await status()).toBe('0');
    await giveUp(cluster);
    await manager.elected;
    expect(await status()).toBe('1');
    await vi.waitFor(() => expect(reconcile).toHaveBeenCalled());
    const later = vi.fn(async () => {});
    manager.add({ start: later });
    expect(later).toHaveBeenCalled();
    await manager.client.create(ConfigMap, { metadata: key('b') });
    await end();
    expect(await status()).toBe('0');
  });

  test('writes its events, then gives the lease up, and writes nothing after it', async () => {
    const writes: string[] = [];
    const cluster = fakeCluster({
      resources: [Widget],
      objects: [widget('a')],
      async intercept(verb, { kind }, _key, next) {
        if (/^(create|update|patch)/.test(verb)) writes.push(`${verb} ${kind}`);
        return next();
      },
    });
    const { manager, end } = start(cluster, [
      controllerOf({
        async reconcile({ object, events, signal }) {
          await untilAborted(signal);
          events.emit(object, { type: 'Normal', reason: 'Stopped', action: 'Reconcile', note: 'the operator stops' });
        },
      }),
    ]);
    await manager.elected;
    await cluster.settle();
    writes.length = 0;
    await end();
    expect(writes).toEqual(['create Event', 'create Event', 'update Lease']);
    await expect(manager.client.create(ConfigMap, { metadata: key('b') })).rejects.toThrow('does not lead any more');
  });

  test('keeps the lease when a reconcile outlives the grace period', async () => {
    const cluster = fakeCluster({ resources: [Widget], objects: [widget('a')] });
    const reconcile = vi.fn(() => new Promise<void>(() => {}));
    const { end } = start(cluster, [controllerOf({ reconcile })], { gracefulShutdownTimeout: 30 });
    await vi.waitFor(() => expect(reconcile).toHaveBeenCalled());
    await expect(end()).rejects.toThrow('these still run: controller widget default/a');
    expect((await cluster.client.get(Lease, key('op')))?.spec?.holderIdentity).not.toBe('');
  });
});

test('without an election a manager is elected when its caches are filled', async () => {
  const cluster = fakeCluster({ resources: [Widget] });
  const { manager } = start(cluster, [controllerOf({})], { leaderElection: false });
  await expect(manager.elected).resolves.toBeUndefined();
  expect(await cluster.client.list(Lease)).toEqual([]);
});
