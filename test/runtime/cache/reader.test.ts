import { afterEach, describe, expect, test } from 'vitest';
import { createCache } from '../../../src/runtime/cache/index.js';
import { run, settled, stopAll } from './run.js';
import {
  events,
  failure,
  held,
  list,
  Memcached,
  memcached,
  recordingLogger,
  scriptedCluster,
  stream,
} from './scripted.js';

const a = { name: 'a', namespace: 'default' };
const labelled = (name: string, labels: Record<string, string>, namespace = 'default') =>
  memcached(name, 3, { metadata: { ...memcached(name, 3).metadata, namespace, labels } });

const three = [
  labelled('a', { app: 'web', tier: '1' }),
  labelled('b', { app: 'web', tier: '2' }),
  labelled('c', { app: 'db' }, 'other'),
];

const names = (objects: readonly Memcached[]) => objects.map(({ metadata }) => metadata?.name);

afterEach(stopAll);

describe('get', () => {
  test('gives a private copy, or the frozen object itself', async () => {
    const { cache, informer } = run(scriptedCluster({ list: [list(5, three)] }));
    const copy = await cache.get(Memcached, a);
    copy!.spec!.size = 99;
    expect(await cache.get(Memcached, a)).toMatchObject({ spec: { size: 3 } });
    const frozen = await cache.get(Memcached, a, { frozen: true });
    expect(frozen).toBe(informer.get(a));
    expect(() => Object.assign(frozen!.spec!, { size: 99 })).toThrow(TypeError);
  });

  test('gives undefined for what is not there', async () => {
    const { cache } = run(scriptedCluster({ list: [list(5, three)] }));
    expect(await cache.get(Memcached, { name: 'z', namespace: 'default' })).toBeUndefined();
  });

  test('needs a namespace for a kind of a namespace', async () => {
    const { cache } = run(scriptedCluster({ list: [list(5)] }));
    await expect(cache.get(Memcached, { name: 'a' })).rejects.toThrow(
      'A Memcached lives in a namespace, but the key of `a` has none',
    );
  });

  test('of a kind of the cluster takes no notice of a namespace', async () => {
    const Cluster = { ...Memcached, plural: 'clusters', namespaced: false };
    const one = { metadata: { name: 'one', uid: 'u', resourceVersion: '1' } };
    const { cache } = run(scriptedCluster({ list: [list(5, [one])] }), { namespaces: { x: {} } });
    expect(await cache.get(Cluster, { name: 'one', namespace: 'y' })).toMatchObject(one);
  });
});

describe('list', () => {
  const selections: readonly [string, object, readonly string[]][] = [
    ['everything', {}, ['a', 'b', 'c']],
    ['a namespace', { namespace: 'other' }, ['c']],
    ['labels as text', { labels: 'app=web,tier!=1' }, ['b']],
    ['labels as a selector', { labels: { matchLabels: { app: 'db' } } }, ['c']],
    ['a name', { fields: { 'metadata.name': 'b' } }, ['b']],
    ['a namespace as a field', { fields: { 'metadata.namespace': 'other' } }, ['c']],
    ['an indexed field', { fields: { 'spec.first': 'w' } }, ['a', 'b']],
    ['two indexed fields', { fields: { 'spec.first': 'w', 'spec.tier': '2' } }, ['b']],
    ['an indexed field and a namespace', { namespace: 'other', fields: { 'spec.first': 'w' } }, []],
    ['an indexed value that nothing has', { fields: { 'spec.first': 'x' } }, []],
    ['at most one', { labels: 'app=web', limit: 1 }, ['a']],
  ];

  test.each(selections)('selects %s', async (_, options, expected) => {
    const { cache } = run(scriptedCluster({ list: [list(5, three)] }));
    cache.index(Memcached, 'spec.first', ({ metadata }) => [metadata?.labels?.app?.[0] ?? '']);
    cache.index(Memcached, 'spec.tier', ({ metadata }) => Object.values(metadata?.labels ?? {}));
    expect(names(await cache.list(Memcached, options)).toSorted()).toEqual(expected);
  });

  test('gives private copies, or the frozen objects themselves', async () => {
    const { cache, informer } = run(scriptedCluster({ list: [list(5, three)] }));
    const [copy] = await cache.list(Memcached);
    copy!.spec!.size = 99;
    const frozen = await cache.list(Memcached, { frozen: true });
    expect(frozen[0]).toMatchObject({ spec: { size: 3 } });
    expect(frozen[0]).toBe(informer.get(a));
  });

  test('by a field that has no index says how to add one', async () => {
    const { cache } = run(scriptedCluster({ list: [list(5, three)] }));
    await expect(cache.list(Memcached, { fields: { 'spec.size': '3' } })).rejects.toThrow(
      new TypeError(
        "A list from the cache selects by indexed fields, but `spec.size` of memcacheds.cache.example.com has no index. Add `manager.index(Memcached, 'spec.size', …)` before the start",
      ),
    );
  });
});

describe('an index', () => {
  test('follows the changes of the objects', async () => {
    const watch = stream();
    const { cache } = run(scriptedCluster({ list: [list(5, [memcached('a', 3)])], watch: [watch.answer] }));
    cache.index(Memcached, 'size', ({ spec }) => [String(spec?.size)]);
    const having = async (size: number) => names(await cache.list(Memcached, { fields: { size: String(size) } }));
    expect(await having(3)).toEqual(['a']);
    watch.event('MODIFIED', memcached('a', 6));
    await settled();
    expect([await having(3), await having(6)]).toEqual([[], ['a']]);
    watch.event('DELETED', memcached('a', 7));
    await settled();
    expect(await having(6)).toEqual([]);
  });

  test('exists once for a field', () => {
    const { cache } = run(scriptedCluster({ list: [list(5)] }));
    cache.index(Memcached, 'size', () => []);
    expect(() => cache.index(Memcached, 'size', () => [])).toThrow(
      'A field has one index, but `size` of memcacheds.cache.example.com has one already',
    );
  });

  test('whose function throws is logged; the object is cached', async () => {
    const cluster = scriptedCluster({ list: [list(5)], watch: [events(['ADDED', memcached('a', 6)])] });
    const { cache, lines, cached } = run(cluster);
    cache.index(Memcached, 'size', () => {
      throw new Error('poison');
    });
    await settled();
    expect(cached()).toEqual(['a@6']);
    expect(await cache.list(Memcached, { fields: { size: '6' } })).toEqual([]);
    expect(lines).toEqual(['error An index function failed: poison']);
  });
});

describe('a kind that nothing watches', () => {
  const Other = { ...Memcached, plural: 'others' };

  test('is watched from its first read on, which waits for the list and is logged', async () => {
    const slow = held(list(5, [memcached('a', 3)]));
    const log = recordingLogger();
    const end = new AbortController();
    const cluster = scriptedCluster({ list: [slow.answer] });
    const cache = createCache({ cluster, log });
    cache.start(end.signal);
    const reads = [cache.get(Other, a), cache.get(Other, a)];
    await settled();
    slow.release();
    expect(await Promise.all(reads)).toMatchObject([memcached('a', 3), memcached('a', 3)]);
    await settled();
    expect(cluster.asked).toEqual(['list', 'watch 5']);
    expect(log.lines).toEqual(['info A kind is watched from now on because it was read']);
    expect(cache.informers).toHaveLength(1);
    end.abort();
  });

  test('is not read with failOnMissingInformer', async () => {
    const cluster = scriptedCluster({ list: [list(5)] });
    const { cache } = run(cluster, { failOnMissingInformer: true });
    await expect(cache.list(Other)).rejects.toThrow(
      'A read from the cache needs an informer, but nothing watches others.cache.example.com. Watch the kind in a controller, or use `client.live`',
    );
    expect(await cache.list(Memcached)).toEqual([]);
    expect(cluster.calls.every(({ path }) => path.endsWith('memcacheds'))).toBe(true);
  });

  test('is not read before the start', async () => {
    const cache = createCache({ cluster: scriptedCluster({ list: [list(5)] }), log: recordingLogger() });
    await expect(cache.get(Memcached, a)).rejects.toThrow(/^The cache must have started before memcacheds/);
  });

  test('is waited for until the read or the cache is aborted', async () => {
    const { cache, stop } = run(scriptedCluster({ list: [failure(403, 'Forbidden')] }));
    const reader = new AbortController();
    const first = cache.get(Memcached, a, { signal: reader.signal });
    const second = cache.list(Memcached);
    reader.abort(new Error('the reader went'));
    await expect(first).rejects.toThrow('the reader went');
    stop();
    await expect(second).rejects.toThrow('aborted');
  });

  test('what is cached can be read after the end', async () => {
    const { cache, stop } = run(scriptedCluster({ list: [list(5, three)] }));
    await settled();
    stop();
    expect(await cache.get(Memcached, a)).toMatchObject({ metadata: { name: 'a' } });
  });
});
