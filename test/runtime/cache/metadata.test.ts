import { afterEach, describe, expect, test } from 'vitest';
import { createCache } from '../../../src/runtime/cache/index.js';
import { createClient } from '../../../src/runtime/client/index.js';
import type { ClusterRequest } from '../../../src/runtime/cluster.js';
import { owned } from '../../../src/runtime/controller/sources.js';
import { metadataOnly } from '../../../src/runtime/define.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { ConfigMap, key, Widget, widget } from '../../support/widget.js';
import { settled } from './run.js';
import { list, Memcached, memcached, recordingLogger, scriptedCluster, stream } from './scripted.js';

let end = new AbortController();
afterEach(async () => {
  end.abort();
  end = new AbortController();
  await settled();
});

const { lines: _, ...log } = recordingLogger();
const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
const partialList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

function recorded(fake: ReturnType<typeof fakeCluster>) {
  const requests: ClusterRequest[] = [];
  const request: typeof fake.request = (each) => {
    requests.push(each);
    return fake.request(each);
  };
  return { cluster: { ...fake, request }, requests };
}

describe('metadataOnly', () => {
  test('lists and watches metadata alone, in an informer of its own', async () => {
    const fake = fakeCluster({ resources: [Widget], objects: [widget('a', 1, { labels: { app: 'web' } })] });
    const { cluster, requests } = recorded(fake);
    const cache = createCache({ cluster, log });
    cache.start(end.signal);
    const whole = cache.informer(Widget);
    const slim = cache.informer(metadataOnly(Widget));
    expect(cache.informer(metadataOnly(Widget))).toBe(slim);
    await Promise.all([whole.synced, slim.synced]);
    await fake.client.patch(Widget, widget('a'), { type: 'merge', body: { metadata: { labels: { app: 'db' } } } });
    await expect.poll(() => slim.get(key('a'))?.metadata?.labels).toEqual({ app: 'db' });

    expect(Object.keys(slim.get(key('a')) ?? {})).toEqual(['apiVersion', 'kind', 'metadata']);
    expect(slim.get(key('a'))).toMatchObject({ apiVersion: 'test.example.com/v1', kind: 'Widget' });
    await expect.poll(() => whole.get(key('a'))?.metadata?.labels).toEqual({ app: 'db' });
    expect(whole.get(key('a'))?.spec).toEqual({ size: 1 });
    const accepts = requests.map(({ headers }) => headers?.accept).sort();
    expect(accepts).toEqual(['application/json', 'application/json', partial, partialList]);
  });

  test('drops the rest where the server sends whole objects', async () => {
    const watch = stream();
    const cluster = scriptedCluster({ list: [list(5, [memcached('a', 3)])], watch: [watch.answer] });
    const cache = createCache({ cluster, log });
    cache.start(end.signal);
    const slim = cache.informer(metadataOnly(Memcached));
    await slim.synced;
    watch.event('ADDED', memcached('b', 6));
    await settled();
    expect([...slim.objects()].map((object) => Object.keys(object))).toEqual(
      Array(2).fill(['apiVersion', 'kind', 'metadata']),
    );
  });

  test('has the scope of the kind, unless it has one of its own', async () => {
    const cluster = scriptedCluster({ list: [list(5)] });
    const scopes = { labels: 'app=web', transform: (object: object) => object };
    const cache = createCache({ cluster, log, options: { byResource: [[Memcached, scopes]] } });
    cache.start(end.signal);
    await cache.informer(metadataOnly(Memcached)).synced;
    expect(cluster.calls[0]?.query?.labelSelector).toBe('app=web');
  });

  test('can be read and patched by a client, not created nor updated', async () => {
    const fake = fakeCluster({ resources: [Widget], objects: [widget('a')] });
    const client = createClient({ cluster: fake });
    const slim = metadataOnly(Widget);
    expect(Object.keys((await client.get(slim, key('a'))) ?? {})).toEqual(['apiVersion', 'kind', 'metadata']);
    expect((await client.list(slim)).map(({ kind, metadata }) => [kind, metadata?.name])).toEqual([['Widget', 'a']]);
    const patched = await client.patch(slim, widget('a'), {
      type: 'merge',
      body: { metadata: { labels: { a: 'b' } } },
    });
    expect(Object.keys(patched)).toEqual(['apiVersion', 'kind', 'metadata']);
    expect((await fake.client.get(Widget, key('a')))?.spec).toEqual({ size: 1 });
    await expect(client.update(slim, patched)).rejects.toThrow(
      'A handle of `metadataOnly` has no more than the metadata of a Widget, so it cannot update one. Use the handle of the kind',
    );
    await expect(client.create(slim, widget('b'))).rejects.toThrow(/cannot create one/);
  });

  test('lets a controller follow what it owns', async () => {
    const fake = fakeCluster({ resources: [Widget], objects: [widget('a')] });
    const { cluster, requests } = recorded(fake);
    let runs = 0;
    const manager = createManager({ cluster, log }).add({
      for: Widget,
      sources: [owned(ConfigMap, { metadataOnly: true })],
      async reconcile({ object, client }) {
        runs++;
        if (runs === 1) await client.ensure(ConfigMap, key('a'), () => {}, { owner: object });
      },
    });
    const stop = new AbortController();
    const ended = manager.start(stop.signal);
    await expect.poll(() => runs).toBeGreaterThan(0);
    await expect.poll(async () => fake.client.get(ConfigMap, key('a'))).toBeDefined();
    const before = runs;
    await fake.client.delete(ConfigMap, key('a'));
    await expect.poll(() => runs).toBeGreaterThan(before);
    const watches = requests.filter(({ path, query }) => query?.watch && path.endsWith('/configmaps'));
    expect(watches.some(({ headers }) => headers?.accept === partial)).toBe(true);
    stop.abort();
    await ended;
  });
});
