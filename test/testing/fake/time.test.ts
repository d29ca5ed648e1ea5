import { afterEach, describe, expect, test, vi } from 'vitest';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { ConfigMap, crdOf } from './objects.js';

const configMap = (name: string, more: object = {}) => ({ metadata: { name, namespace: 'default', ...more } });
const time = (hour: number): string => `2030-01-01T0${hour}:00:00Z`;

describe('the clock of a fake cluster', () => {
  test('is what every time of an object comes from', async () => {
    let hour = 1;
    const { client } = fakeCluster({ clock: { now: () => Date.parse(time(hour)) } });
    const made = await client.create(ConfigMap, configMap('a', { finalizers: ['x.io/a'] }));
    hour = 2;
    const applied = await client.apply(ConfigMap, { ...configMap('a'), data: { k: 'v' } }, { fieldOwner: 'm' });
    hour = 3;
    await client.delete(ConfigMap, configMap('a').metadata);
    const held = await client.get(ConfigMap, configMap('a').metadata);
    expect(made.metadata?.creationTimestamp).toBe(time(1));
    expect(applied.metadata?.managedFields).toMatchObject([{ operation: 'Apply', time: time(2) }, { time: time(1) }]);
    expect(held?.metadata).toMatchObject({ creationTimestamp: time(1), deletionTimestamp: time(3) });
  });

  test('also that of seeds and of conditions of a CRD', async () => {
    const crd = crdOf('memcached', 'cache.example.com_memcacheds.yaml');
    const clock = { now: () => Date.parse(time(4)) };
    const cluster = fakeCluster({
      clock,
      crds: [crd],
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', ...configMap('a') }],
    });
    const seeded = await cluster.client.get(ConfigMap, configMap('a').metadata);
    expect(seeded?.metadata?.creationTimestamp).toBe(time(4));
    const crds = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition', namespaced: false };
    const [stored] = await cluster.client.list({ ...crds, plural: 'customresourcedefinitions' });
    expect(stored).toMatchObject({ status: { conditions: [{ lastTransitionTime: time(4) }, {}] } });
  });
});

describe('the latency of a fake cluster', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('delays what it is asked to, and nothing else', async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    const latency = (verb: string, { kind }: { kind: string }): number => {
      asked.push(`${verb} ${kind}`);
      return verb === 'create' ? 1000 : 0;
    };
    const { client } = fakeCluster({ latency });
    let isMade = false;
    const made = client.create(ConfigMap, configMap('a')).then(() => {
      isMade = true;
    });
    expect(await client.list(ConfigMap)).toEqual([]);
    await vi.advanceTimersByTimeAsync(999);
    expect(isMade).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await made;
    expect(asked).toEqual(['create ConfigMap', 'list ConfigMap']);
  });

  test('ends with the signal of the request, and leaves no timer', async () => {
    vi.useFakeTimers();
    const { client } = fakeCluster({ latency: () => 60_000 });
    const aborting = new AbortController();
    const listed = client.list(ConfigMap, { signal: aborting.signal });
    aborting.abort(new Error('enough'));
    await expect(listed).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
  });
});
