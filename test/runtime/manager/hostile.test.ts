import { afterEach, expect, test, vi } from 'vitest';
import { channel } from '../../../src/runtime/controller/channel.js';
import { owned, watch } from '../../../src/runtime/controller/sources.js';
import type { Controller, Source } from '../../../src/runtime/controller/types.js';
import type { Logger } from '../../../src/runtime/log.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import type { Manager, ManagerOptions } from '../../../src/runtime/manager/types.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { keyOf, type OwnerReference } from '../../../src/runtime/resource.js';
import { type FakeCluster, fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { ConfigMap, key, Widget, type WidgetObject, widget } from '../../support/widget.js';
import { parseExposition, valueIn } from '../metrics/exposition.js';

let end = async (): Promise<void> => {};
afterEach(() => end());

function start(cluster: FakeCluster, parts: Parameters<Manager['add']>, options: ManagerOptions = {}): Manager {
  const manager = createManager({ cluster, log: recordingLogger().log, ...options }).add(...parts);
  const stop = new AbortController();
  const ended = manager.start(stop.signal);
  end = async () => {
    stop.abort();
    await ended;
  };
  return manager;
}

const broken = (): never => {
  throw new Error('broken');
};
const rejected = async (): Promise<never> => broken();

test('an operator whose code fails wherever it is called goes on with its work', async () => {
  const cluster = fakeCluster({ resources: [Widget], objects: [widget('a')] });
  const failures = new Map<string, number>();
  const seen: string[] = [];
  async function* events(): AsyncGenerator<number> {
    yield 1;
    broken();
  }
  const careless: Source = {
    async start(q) {
      q.add(undefined as never);
      q.add({ name: 'a' });
      q.add(key('a'), { priority: Number.NaN, after: Number.NaN });
    },
  };
  const controller: Controller<WidgetObject> = {
    for: Widget,
    where: broken,
    rateLimiter: { when: broken, forget: broken, requeues: broken },
    sources: [
      owned(ConfigMap, { where: broken }),
      watch(ConfigMap, broken),
      watch(ConfigMap, rejected),
      watch(ConfigMap, () => [undefined, {}] as never),
      channel(events(), broken),
      careless,
    ],
    finalizer: { name: 'test.example.com/cleanup', cleanup: async () => failOnce('cleanup') },
    async onGone({ name }) {
      failOnce('onGone');
      seen.push(`${name} is gone`);
    },
    async reconcile({ object, key: { name }, client, patchStatus, events: recorder }) {
      recorder.emit(
        {
          get kind() {
            return broken();
          },
        } as never,
        { type: 'Normal', reason: 'r', action: 'a', note: 'n' },
      );
      await expect(client.ensure(ConfigMap, key(name), broken)).rejects.toThrow('broken');
      await expect(patchStatus(broken)).rejects.toThrow('broken');
      failOnce(name);
      await client.ensure(ConfigMap, key(name), (draft) => Object.assign(draft, { data: {} }), { owner: object });
      seen.push(name);
      return { requeueAfter: seen.length === 1 ? Number.NaN : 0 };
    },
  };
  function failOnce(what: string): void {
    const count = failures.get(what) ?? 0;
    failures.set(what, count + 1);
    if (count === 0) broken();
  }
  const log: Logger = { debug: broken, info: rejected as never, error: broken, with: broken };
  const health = { bindAddress: '127.0.0.1:0' };
  const manager = start(cluster, [controller], { log, health, cache: { transform: broken } })
    .index(Widget, 'spec.size', broken)
    .healthz('mine', broken)
    .readyz('other', rejected);
  await vi.waitFor(() => expect(seen).toContain('a'));
  await cluster.client.create(Widget, widget('b'));
  await vi.waitFor(() => expect(seen).toContain('b'));
  await cluster.client.delete(Widget, key('b'));
  await vi.waitFor(() => expect(seen).toContain('b is gone'));
  expect(await manager.client.list(Widget, { fields: { 'spec.size': '1' } })).toEqual([]);
  expect([...failures.values()].every((count) => count > 1)).toBe(true);
  const counted = parseExposition(await metrics.registry.metrics());
  for (const part of ['index', 'map', 'predicate', 'transform'])
    expect([part, valueIn(counted, 'opgen_event_handling_errors_total', { part })]).not.toEqual([part, 0]);
});

test('a logger that fails takes nothing from a leader', async () => {
  const cluster = fakeCluster({ resources: [Widget], objects: [widget('a')] });
  const seen: string[] = [];
  const log: Logger = { debug: broken, info: broken, error: broken, with: () => log };
  cluster.down(true);
  const leaderElection = { id: 'op', namespace: 'system', leaseDuration: 300, renewDeadline: 200, retryPeriod: 20 };
  const manager = start(cluster, [{ for: Widget, reconcile: async ({ key: { name } }) => void seen.push(name) }], {
    log,
    leaderElection,
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  cluster.down(false);
  await manager.elected;
  await vi.waitFor(() => expect(seen).toEqual(['a']));
});

test.each([Number.NaN, '30s' as never])('a grace period of %s is refused', (gracefulShutdownTimeout) => {
  expect(() => createManager({ cluster: fakeCluster(), gracefulShutdownTimeout })).toThrow('must be milliseconds');
});

test('a kind of the cluster has one key, though what wakes it is in a namespace', async () => {
  const Room = { ...Widget, kind: 'Room', plural: 'rooms', namespaced: false };
  const room = { ...widget('r'), kind: 'Room', metadata: { name: 'r' } };
  const cluster = fakeCluster({ resources: [Room], objects: [room] });
  let running = 0;
  let most = 0;
  const keys: unknown[] = [];
  start(cluster, [
    {
      for: Room,
      concurrency: 4,
      sources: [watch(ConfigMap, (object) => [{ ...keyOf(object), name: 'r' }])],
      async reconcile({ key: own }: { key: object }) {
        keys.push(own);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running--;
      },
    } as Controller<WidgetObject>,
  ]);
  for (const namespace of ['one', 'two', 'three'])
    await cluster.client.create(ConfigMap, { metadata: { name: 'x', namespace } });
  await vi.waitFor(() => expect(keys.length).toBeGreaterThan(1));
  await cluster.settle();
  expect(new Set(keys.map((each) => JSON.stringify(each)))).toEqual(new Set(['{"name":"r"}']));
  expect(most).toBe(1);
});

test('a child that is made again under its name, while the watch is away, wakes its old and its new owner', async () => {
  const owner = (name: string): OwnerReference => ({
    apiVersion: 'test.example.com/v9',
    kind: 'Widget',
    name,
    uid: `uid-${name}`,
    controller: true,
  });
  const cluster = fakeCluster({
    resources: [Widget],
    objects: [widget('a', 1, { uid: 'uid-a' }), widget('b', 1, { uid: 'uid-b' })],
    garbageCollection: false,
  });
  await cluster.client.create(ConfigMap, { metadata: { ...key('child'), ownerReferences: [owner('a')] } });
  const seen: string[] = [];
  const controller: Controller<WidgetObject> = {
    for: Widget,
    sources: [owned(ConfigMap)],
    reconcile: async ({ key: { name } }) => void seen.push(name),
  };
  start(cluster, [controller]);
  await vi.waitFor(() => expect(seen.toSorted()).toEqual(['a', 'b']));
  await cluster.settle();
  seen.length = 0;
  cluster.down(true);
  cluster.disconnect();
  cluster.down(false);
  await cluster.client.delete(ConfigMap, key('child'));
  await cluster.client.create(ConfigMap, { metadata: { ...key('child'), ownerReferences: [owner('b')] } });
  cluster.compact();
  await vi.waitFor(() => expect(seen.toSorted()).toEqual(['a', 'b']), { timeout: 10_000 });
});

test('a finalizer that somebody else takes away during the cleanup is not missed', async () => {
  const name = 'test.example.com/cleanup';
  const other = 'other.example.com/hold';
  const cluster = fakeCluster({ resources: [Widget], objects: [widget('a', 1, { finalizers: [name, other] })] });
  const { log, messages } = recordingLogger();
  const patch = (finalizers: readonly string[]) =>
    cluster.client.patch(Widget, widget('a'), { type: 'merge', body: { metadata: { finalizers } } });
  const cleanup = vi.fn(async () => void (await patch([other])));
  const reconcile = vi.fn(async () => {});
  start(cluster, [{ for: Widget, finalizer: { name, cleanup }, reconcile }], { log });
  await vi.waitFor(() => expect(reconcile).toHaveBeenCalled());
  await cluster.client.delete(Widget, key('a'));
  await vi.waitFor(() => expect(cleanup).toHaveBeenCalled());
  await cluster.settle();
  await patch([]);
  await vi.waitFor(async () => expect(await cluster.client.get(Widget, key('a'))).toBeUndefined());
  expect(cleanup).toHaveBeenCalledTimes(1);
  expect(messages('error')).toEqual([]);
});
