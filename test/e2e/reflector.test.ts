import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createCache } from '../../src/runtime/cache/index.js';
import type { Cache } from '../../src/runtime/cache/types.js';
import { createClient } from '../../src/runtime/client/index.js';
import type { Client } from '../../src/runtime/client/types.js';
import { defineResource, metadataOnly } from '../../src/runtime/define.js';
import type { K8sObject } from '../../src/runtime/resource.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { Memcached, recordingLogger } from '../runtime/cache/scripted.js';
import { describeWithCluster } from '../support/assets.js';

interface ConfigMap extends K8sObject {
  data?: Record<string, string>;
}
const ConfigMap = defineResource<ConfigMap>({ group: '', version: 'v1', kind: 'ConfigMap' });
const Crd = defineResource<K8sObject & { spec: object }>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  namespaced: false,
});

const patience = { timeout: 60_000, interval: 50 };
const inDefault = (name: string) => ({ name, namespace: 'default' });
const configMap = (name: string): ConfigMap => ({ metadata: { ...inDefault(name), labels: { suite: 'reflector' } } });

describeWithCluster('a cache on an API server', () => {
  let server: Envtest;
  let client: Client;
  let end: AbortController;

  beforeAll(async () => {
    server = await startEnvtest();
    client = createClient({ cluster: server.cluster });
  });
  afterAll(() => server.stop());
  afterEach(() => end.abort());

  function started(): { cache: Cache; lines: string[] } {
    end = new AbortController();
    const { lines, ...log } = recordingLogger();
    const cache = createCache({ cluster: server.cluster, log, options: { labels: 'suite=reflector' } });
    cache.start(end.signal);
    return { cache, lines };
  }

  /** The events of config maps from now on: `create first`. */
  function follow(cache: Cache): string[] {
    const events: string[] = [];
    cache.informer(ConfigMap).addHandler((event) => void events.push(`${event.type} ${event.object.metadata?.name}`));
    return events;
  }

  test('changes arrive as events, in the state that the server has', async () => {
    await client.create(ConfigMap, configMap('first'));
    const { cache, lines } = started();
    const events = follow(cache);
    await cache.informer(ConfigMap).synced;
    await client.create(ConfigMap, configMap('second'));
    await client.patch(ConfigMap, configMap('second'), { type: 'merge', body: { data: { a: 'ü' } } });
    await client.delete(ConfigMap, inDefault('first'));
    await expect
      .poll(() => events, patience)
      .toEqual(['create first', 'create second', 'update second', 'delete first']);
    const live = await client.get(ConfigMap, inDefault('second'));
    delete live?.metadata?.managedFields;
    expect(await cache.get(ConfigMap, inDefault('second'))).toEqual(live);
    expect(lines).toEqual([]);
  });

  test('a restart of the API server changes nothing; what happens later, and what vanished meanwhile, arrives', async () => {
    await client.create(ConfigMap, configMap('stays'));
    await client.create(ConfigMap, configMap('goes'));
    const { cache } = started();
    const informer = cache.informer(ConfigMap);
    const events = follow(cache);
    await informer.synced;

    const restart = server.restartApiServer();
    expect(await cache.get(ConfigMap, inDefault('stays'))).toBeDefined();
    await restart;
    await client.delete(ConfigMap, inDefault('goes'));
    await client.create(ConfigMap, configMap('comes'));
    await expect
      .poll(() => events.toSorted(), patience)
      .toEqual(expect.arrayContaining(['create comes', 'delete goes']));
    expect(events.filter((event) => event.startsWith('delete'))).toEqual(['delete goes']);
    await expect.poll(() => informer.problem, patience).toBeUndefined();
    expect(informer.get(inDefault('goes'))).toBeUndefined();
    expect(informer.get(inDefault('stays'))).toBeDefined();
  });

  test('metadata alone is watched as such', async () => {
    await client.create(ConfigMap, { ...configMap('heavy'), data: { big: 'x'.repeat(1000) } });
    const { cache, lines } = started();
    const slim = cache.informer(metadataOnly(ConfigMap));
    const events: string[] = [];
    slim.addHandler((event) => void events.push(`${event.type} ${event.object.metadata?.name}`));
    await slim.synced;
    await client.patch(ConfigMap, configMap('heavy'), { type: 'merge', body: { data: { other: 'y' } } });
    await expect.poll(() => events, patience).toContain('update heavy');
    const object = slim.get(inDefault('heavy'));
    expect(Object.keys(object ?? {})).toEqual(['apiVersion', 'kind', 'metadata']);
    expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { labels: { suite: 'reflector' } } });
    const read = await client.get(metadataOnly(ConfigMap), inDefault('heavy'));
    expect(read?.metadata?.resourceVersion).toBe(object?.metadata?.resourceVersion);
    expect(lines).toEqual([]);
  });

  test('a CRD that is installed later is found', async () => {
    const { cache, lines } = started();
    const informer = cache.informer(Memcached);
    await expect
      .poll(() => informer.problem, patience)
      .toBe(
        'The API server has no memcacheds.cache.example.com/v1alpha1: the CRD is not installed. Run `make install` if it is a CRD of this project',
      );
    await client.create(Crd, memcachedCrd);
    await informer.synced;
    expect(informer.problem).toBeUndefined();
    await expect
      .poll(
        () => client.create(Memcached, { metadata: { ...inDefault('m'), labels: { suite: 'reflector' } } }),
        patience,
      )
      .toBeDefined();
    await expect.poll(() => informer.get(inDefault('m')), patience).toMatchObject({ kind: 'Memcached' });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['error', 'info']));
  });
});

const memcachedCrd = {
  metadata: { name: 'memcacheds.cache.example.com' },
  spec: {
    group: 'cache.example.com',
    scope: 'Namespaced',
    names: { kind: 'Memcached', plural: 'memcacheds', singular: 'memcached' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
