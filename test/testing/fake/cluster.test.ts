import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../src/runtime/errors.js';
import { textOf } from '../../../src/runtime/request.js';
import type { K8sObject, Resource } from '../../../src/runtime/resource.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { ConfigMap, crdOf, Memcached, memcachedCrd } from './objects.js';

const configMap = (name: string, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', ...metadata },
  data: { a: '1' },
});
const memcached = { metadata: { name: 'one', namespace: 'default' }, spec: { size: 2 } };
const key = { name: 'one', namespace: 'default' };

const Crd: Resource<K8sObject> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

describe('objects', () => {
  test('that are there at the start keep what they say of themselves', async () => {
    const seed = {
      apiVersion: 'cache.example.com/v1alpha1',
      kind: 'Memcached',
      metadata: { name: 'one', uid: 'u', generation: 4 },
      status: { nodes: ['x'] },
    };
    const { client } = fakeCluster({ crds: [memcachedCrd()], objects: [{ ...seed, spec: {} } as K8sObject] });
    expect(await client.get(Memcached, key)).toMatchObject({ ...seed, spec: { size: 3 } });
  });

  test('of an unknown kind are refused with what to pass', () => {
    const object = { apiVersion: 'x/v1', kind: 'Y', metadata: { name: 'a' } };
    expect(() => fakeCluster({ objects: [object] })).toThrow(
      'fakeCluster must know the kinds of its objects, but `Y` of `x/v1` is unknown. hint: pass its CRD in `crds`',
    );
  });

  test('that are handed in or out are never shared', async () => {
    const seed = configMap('a');
    const { client } = fakeCluster({ objects: [seed] });
    seed.data.a = '2';
    const read = await client.get(ConfigMap, seed.metadata);
    expect(read?.data).toEqual({ a: '1' });
    read!.data!.a = '3';
    expect((await client.get(ConfigMap, seed.metadata))?.data).toEqual({ a: '1' });
  });
});

describe('kinds', () => {
  test('of a handle take any object, with a status of its own', async () => {
    const { client } = fakeCluster({ resources: [Memcached] });
    const made = await client.create(Memcached, { ...memcached, spec: { size: 99 }, status: { nodes: ['x'] } });
    expect(made.spec).toEqual({ size: 99 });
    expect(made.status).toBeUndefined();
    const written = await client.status.patch(Memcached, made, (draft) => {
      draft.status = { nodes: ['y'] };
    });
    expect(written).toMatchObject({ status: { nodes: ['y'] }, metadata: { generation: 1 } });
  });

  test('that are unknown are not found, with a hint', async () => {
    const { request } = fakeCluster();
    const answer = await request({ method: 'GET', path: '/apis/cache.example.com/v1alpha1/memcacheds' });
    expect(answer.status).toBe(404);
    expect(JSON.parse(await textOf(answer))).toMatchObject({
      reason: 'NotFound',
      message:
        'the server could not find the requested resource (fakeCluster serves built-in kinds and those of `crds` and ' +
        '`resources`, but none of them is `memcacheds` of `cache.example.com/v1alpha1`)',
    });
  });

  test('come and go with CRDs that are created and deleted', async () => {
    const { client } = fakeCluster();
    const crd = await client.create(Crd, memcachedCrd() as K8sObject);
    expect(await client.get(Crd, { name: crd.metadata?.name ?? '' })).toMatchObject({
      status: { conditions: [{ type: 'NamesAccepted' }, { type: 'Established', status: 'True' }] },
    });
    await client.create(Memcached, memcached);
    await client.delete(Crd, { name: crd.metadata?.name ?? '' });
    await expect(client.list(Memcached)).rejects.toMatchObject({ code: 404 });
    await client.create(Crd, memcachedCrd() as K8sObject);
    expect(await client.list(Memcached)).toEqual([]);
  });

  test('have a scale where their CRD has one', async () => {
    const Database = { group: 'mycompany.io', version: 'v1', kind: 'Database', plural: 'databases', namespaced: true };
    const { client } = fakeCluster({ crds: [crdOf('database-namespaced', 'mycompany.io_databases.yaml')] });
    const spec = { engine: 'postgres', replicas: 3, storageGB: 20, backup: { schedule: '0 3 * * *' } };
    const made = await client.create(Database, { metadata: key, spec } as K8sObject);
    await client.subresource('scale').patch(Database, made, { type: 'merge', body: { spec: { replicas: 5 } } });
    expect(await client.get(Database, key)).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } });
    expect(await client.subresource('scale').get(Database, key)).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 5 },
    });
  });
});

describe('answers', () => {
  test('warn of unknown fields', async () => {
    const { request } = fakeCluster({ crds: [memcachedCrd()] });
    const body = {
      apiVersion: 'cache.example.com/v1alpha1',
      kind: 'Memcached',
      metadata: key,
      spec: { colour: 'red' },
    };
    const path = '/apis/cache.example.com/v1alpha1/namespaces/default/memcacheds';
    const { headers } = await request({ method: 'POST', path, body: JSON.stringify(body) });
    expect(headers.warning).toBe('299 - "unknown field \\"spec.colour\\""');
  });

  test('are not given for what was aborted before', async () => {
    const { client } = fakeCluster();
    await expect(client.list(ConfigMap, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  test('of a list go on at the version of its first page, until that is forgotten', async () => {
    const { client, request, compact } = fakeCluster({ objects: ['a', 'b', 'c'].map((name) => configMap(name)) });
    const page = async (query: Record<string, string>) => {
      return JSON.parse(await textOf(await request({ method: 'GET', path: '/api/v1/configmaps', query })));
    };
    const first = await page({ limit: '1' });
    expect(first.metadata.remainingItemCount).toBe(2);
    await client.delete(ConfigMap, configMap('b').metadata);
    const second = await page({ continue: first.metadata.continue });
    expect(second.items.map(({ metadata }: K8sObject) => metadata?.name)).toEqual(['b', 'c']);
    compact();
    expect(await page({ continue: first.metadata.continue })).toMatchObject({ code: 410, reason: 'Expired' });
  });
});

describe('intercept', () => {
  test('sees every request about a kind', async () => {
    const seen: string[] = [];
    const { client } = fakeCluster({
      crds: [memcachedCrd()],
      intercept(verb, { plural }, { name, namespace }, next) {
        seen.push(`${verb} ${plural} ${namespace}/${name}`);
        return next();
      },
    });
    const made = await client.create(Memcached, memcached);
    await client.status.patch(Memcached, made, { type: 'merge', body: { status: { nodes: [] } } });
    await client.list(Memcached, { namespace: 'default' });
    await client.delete(Memcached, key);
    expect(seen).toEqual([
      'create memcacheds default/',
      'patch/status memcacheds default/one',
      'list memcacheds default/',
      'delete memcacheds default/one',
    ]);
  });

  test('answers with the ApiError that it throws, and breaks the connection with other errors', async () => {
    const errors = [
      new ApiError(429, { reason: 'TooManyRequests', details: { retryAfterSeconds: 7 } }),
      new Error('reset'),
    ];
    const { client } = fakeCluster({ intercept: async () => Promise.reject(errors.shift()) });
    await expect(client.create(ConfigMap, configMap('a'))).rejects.toMatchObject({
      code: 429,
      reason: 'TooManyRequests',
      details: { retryAfterSeconds: 7 },
    });
    await expect(client.create(ConfigMap, configMap('a'))).rejects.toThrow('reset');
  });

  test('may change the answer', async () => {
    const { client } = fakeCluster({ intercept: async () => configMap('made-up') });
    expect((await client.get(ConfigMap, key))?.metadata?.name).toBe('made-up');
  });
});

describe('garbage collection', () => {
  const owned = (name: string, owner: K8sObject, more: object = {}) => ({
    ...configMap(name, {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata?.name, uid: owner.metadata?.uid, ...more },
      ],
    }),
  });
  async function family(options: { garbageCollection?: boolean } = {}, more: object = {}) {
    const cluster = fakeCluster(options);
    const owner = await cluster.client.create(ConfigMap, configMap('owner'));
    const child = await cluster.client.create(ConfigMap, owned('child', owner, more));
    await cluster.client.create(ConfigMap, owned('grandchild', child));
    const names = async () => (await cluster.client.list(ConfigMap)).map(({ metadata }) => metadata?.name);
    return { ...cluster, names };
  }

  test('deletes dependents with their owner, and theirs in turn', async () => {
    const { client, names } = await family();
    await client.delete(ConfigMap, configMap('owner').metadata);
    expect(await names()).toEqual([]);
  });

  test('leaves orphans when asked', async () => {
    const { client, names } = await family();
    await client.delete(ConfigMap, configMap('owner').metadata, { propagation: 'Orphan' });
    expect(await names()).toEqual(['child', 'grandchild']);
    expect((await client.get(ConfigMap, configMap('child').metadata))?.metadata?.ownerReferences).toBeUndefined();
  });

  test('keeps an owner that is deleted in the foreground until the dependents that block it are gone', async () => {
    const { client, names } = await family({}, { blockOwnerDeletion: true });
    const finalizers = (list: string[] | null) => ({
      type: 'merge' as const,
      body: { metadata: { finalizers: list } },
    });
    await client.patch(ConfigMap, configMap('child'), finalizers(['example.com/a']));
    await client.delete(ConfigMap, configMap('owner').metadata, { propagation: 'Foreground' });
    expect(await names()).toEqual(['child', 'grandchild', 'owner']);
    await client.patch(ConfigMap, configMap('child'), finalizers(null));
    expect(await names()).toEqual([]);
  });

  test('empties a namespace that is deleted', async () => {
    const { client, names } = await family();
    const Namespace: Resource<K8sObject> = {
      group: '',
      version: 'v1',
      kind: 'Namespace',
      plural: 'namespaces',
      namespaced: false,
    };
    await client.create(Namespace, { metadata: { name: 'default' } });
    await client.delete(Namespace, { name: 'default' });
    expect(await names()).toEqual([]);
  });

  test('can be switched off', async () => {
    const { client, names } = await family({ garbageCollection: false });
    await client.delete(ConfigMap, configMap('owner').metadata);
    expect(await names()).toEqual(['child', 'grandchild']);
  });
});

test('an apply merges lists by their keys, and takes back items', async () => {
  const { client } = fakeCluster({ crds: [memcachedCrd()] });
  const condition = (type: string, status = 'True') => ({
    type,
    status,
    reason: 'Set',
    message: '',
    lastTransitionTime: '2030-01-02T03:04:05Z',
  });
  await client.create(Memcached, memcached);
  const apply = (fieldOwner: string, ...types: string[]) =>
    client.status.apply(
      Memcached,
      { metadata: key, status: { conditions: types.map((type) => condition(type)) } } as never,
      { fieldOwner },
    );
  await apply('m', 'A', 'B');
  const both = await apply('n', 'C');
  expect(both.status).toEqual({ conditions: expect.arrayContaining(['A', 'B', 'C'].map((type) => condition(type))) });
  const left = await apply('m', 'B');
  expect(left.status).toEqual({ conditions: expect.arrayContaining([condition('B'), condition('C')]) });
  expect(JSON.stringify(left.status)).not.toContain('"A"');
});

test('metadata of another type is refused', async () => {
  const { client } = fakeCluster();
  const odd = configMap('a', { finalizers: 'none' });
  await expect(client.create(ConfigMap, odd)).rejects.toMatchObject({ code: 400, reason: 'BadRequest' });
});
