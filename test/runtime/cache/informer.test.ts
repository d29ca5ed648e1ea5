import { afterEach, describe, expect, test } from 'vitest';
import type { Event } from '../../../src/runtime/event.js';
import { run, settled, stopAll } from './run.js';
import { described, events, held, list, Memcached, memcached, scriptedCluster, stream } from './scripted.js';

const a = (version: number) => memcached('a', version);
const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };

afterEach(stopAll);

describe('handlers', () => {
  test('a handler that comes late gets what is there as initial creates, then what happens', async () => {
    const watch = stream();
    const { informer } = run(scriptedCluster({ list: [list(5, [a(3)])], watch: [watch.answer] }));
    await settled();
    const seen: string[] = [];
    informer.addHandler((event) => void seen.push(described(event)));
    expect(seen).toEqual(['create default/a 3 (initial)']);
    watch.event('MODIFIED', a(6));
    await settled();
    expect(seen.slice(1)).toEqual(['update default/a 3→6']);
  });

  test('a handler that comes in the middle of a long list sees every object once', async () => {
    const items = Array.from({ length: 1200 }, (_, index) => memcached(`m${index}`, index + 1));
    const { informer, seen } = run(scriptedCluster({ list: [list(5, items)] }));
    const late: string[] = [];
    informer.addHandler(() => {
      if (seen.length === 700) informer.addHandler((event) => void late.push(described(event)));
    });
    await informer.synced;
    expect(seen).toHaveLength(1200);
    expect(late.toSorted()).toEqual(seen.toSorted());
  });

  test('synced resolves when the handlers have seen the whole list', async () => {
    const items = Array.from({ length: 1200 }, (_, index) => memcached(`m${index}`, index + 1));
    const { informer, seen } = run(scriptedCluster({ list: [list(5, items)] }));
    expect(informer.isSynced).toBe(false);
    await informer.synced;
    expect([seen.length, informer.isSynced]).toEqual([1200, true]);
  });

  test('a handler that was removed gets nothing any more', async () => {
    const watch = stream();
    const { informer } = run(scriptedCluster({ list: [list(5)], watch: [watch.answer] }));
    const seen: string[] = [];
    const remove = informer.addHandler((event) => void seen.push(described(event)));
    await settled();
    remove();
    watch.event('ADDED', a(6));
    await settled();
    expect(seen).toEqual([]);
  });

  test('a handler that throws or rejects is logged; the others and the informer go on', async () => {
    const watch = stream();
    const cluster = scriptedCluster({ list: [list(5)], watch: [watch.answer] });
    const { informer, lines, seen } = run(cluster);
    informer.addHandler(() => {
      throw new Error('thrown');
    });
    informer.addHandler(async () => {
      throw new Error('rejected');
    });
    const after: string[] = [];
    informer.addHandler((event) => void after.push(described(event)));
    await settled();
    watch.event('ADDED', a(6));
    watch.event('MODIFIED', a(7));
    await settled();
    expect(after).toEqual(['create default/a 6', 'update default/a 6→7']);
    expect(seen).toEqual(after);
    expect(lines.toSorted()).toEqual([
      'error A handler of events failed: rejected',
      'error A handler of events failed: rejected',
      'error A handler of events failed: thrown',
      'error A handler of events failed: thrown',
    ]);
    expect(cluster.asked).toEqual(['list', 'watch 5']);
  });

  test('events carry frozen objects', async () => {
    const { informer } = run(scriptedCluster({ list: [list(5, [a(3)])], watch: [events(['MODIFIED', a(6)])] }));
    const seen: Event<Memcached>[] = [];
    informer.addHandler((event) => void seen.push(event));
    await settled();
    const objects = seen.flatMap((event) => (event.type === 'update' ? [event.old, event.object] : [event.object]));
    expect(objects).toHaveLength(3);
    expect(objects.every((each) => Object.isFrozen(each) && Object.isFrozen(each.metadata))).toBe(true);
    expect(objects.every((each) => Object.isFrozen(each.spec))).toBe(true);
  });
});

describe('identity', () => {
  const other = memcached('a', 8, {
    metadata: { name: 'a', namespace: 'default', uid: 'another', resourceVersion: '8' },
  });

  test('another uid under the same name is a delete and a create: in a watch', async () => {
    const { seen } = run(scriptedCluster({ list: [list(5, [a(3)])], watch: [events(['MODIFIED', other])] }));
    await settled();
    expect(seen.slice(1)).toEqual(['delete default/a 3 (state unknown)', 'create default/a 8']);
  });

  test('the deletion of another uid under the same name is the end of both', async () => {
    const { seen, cached } = run(scriptedCluster({ list: [list(5, [a(3)])], watch: [events(['DELETED', other])] }));
    await settled();
    expect(seen.slice(1)).toEqual(['delete default/a 3 (state unknown)', 'delete default/a 8']);
    expect(cached()).toEqual([]);
  });

  test('another uid under the same name is a delete and a create: in a list', async () => {
    const cluster = scriptedCluster({ list: [list(5, [a(3)]), list(9, [other])], watch: [events(['ERROR', gone])] });
    const { seen } = run(cluster);
    await settled();
    expect(seen.slice(1)).toEqual(['delete default/a 3 (state unknown)', 'create default/a 8']);
  });

  test('an object that a new list shows unchanged stays the same object', async () => {
    const cluster = scriptedCluster({ list: [list(5, [a(3)]), list(9, [a(3)])], watch: [events(['ERROR', gone])] });
    const { informer } = run(cluster);
    const updates: boolean[] = [];
    informer.addHandler((event) => {
      if (event.type === 'update') updates.push(event.old === event.object);
    });
    await settled();
    expect(updates).toEqual([true]);
  });

  test('objects at the cluster have no namespace', async () => {
    const node = { metadata: { name: 'n', uid: 'u', resourceVersion: '3' }, spec: { size: 1 } };
    const { seen, informer } = run(scriptedCluster({ list: [list(5, [node])], watch: [events(['DELETED', node])] }));
    await settled();
    expect(seen).toEqual(['create n 3 (initial)', 'delete n 3']);
    expect(informer.get({ name: 'n' })).toBeUndefined();
  });
});

describe('what is stored', () => {
  const managed = (version: number) =>
    memcached('a', version, {
      metadata: { ...a(version).metadata, managedFields: [{ manager: 'kubectl' }], labels: { app: 'x' } },
    });

  test('apiVersion and kind are there, managedFields are not', async () => {
    const { informer } = run(scriptedCluster({ list: [list(5, [managed(3)])] }));
    await settled();
    expect(informer.get({ name: 'a', namespace: 'default' })).toEqual({
      apiVersion: 'cache.example.com/v1alpha1',
      kind: 'Memcached',
      metadata: { ...a(3).metadata, labels: { app: 'x' } },
      spec: { size: 3 },
    });
  });

  test('stripManagedFields: false keeps them', async () => {
    const { informer } = run(scriptedCluster({ list: [list(5, [managed(3)])] }), { stripManagedFields: false });
    await settled();
    expect(informer.get({ name: 'a', namespace: 'default' })?.metadata?.managedFields).toHaveLength(1);
  });

  test('the transform changes what is stored, from the list and from the watch', async () => {
    const transform = (each: Memcached) => {
      delete each.spec;
      return each;
    };
    const cluster = scriptedCluster({ list: [list(5, [a(3)])], watch: [events(['ADDED', memcached('b', 6)])] });
    const { informer } = run(cluster, { transform });
    await settled();
    expect([...informer.objects()].map((each) => Object.keys(each))).toEqual([
      ['metadata', 'apiVersion', 'kind'],
      ['metadata', 'apiVersion', 'kind'],
    ]);
  });

  const failing: readonly [string, (each: Memcached) => unknown][] = [
    [
      'throws',
      (each) => {
        delete each.spec;
        throw new Error('poison');
      },
    ],
    ['returns nothing', () => undefined],
    ['changes the name', (each) => ({ ...each, metadata: { ...each.metadata, name: 'z' } })],
  ];

  test.each(failing)('a transform that %s is logged, and the object is stored as it is', async (_, transform) => {
    const { informer, lines } = run(scriptedCluster({ list: [list(5, [a(3)])] }), { transform });
    await settled();
    expect(informer.get({ name: 'a', namespace: 'default' })).toMatchObject(a(3));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^error A transform failed; the object is cached as it is: /);
  });
});

describe('several namespaces', () => {
  const inNamespace = (name: string, namespace: string, version: number) =>
    memcached(name, version, { metadata: { ...memcached(name, version).metadata, namespace } });

  test('there is a list and a watch for each, with its selectors, and one store', async () => {
    const cluster = scriptedCluster({
      list: [list(5, [inNamespace('x', 'a', 1)]), list(6, [inNamespace('x', 'b', 2)])],
    });
    const { cached, informer, cache } = run(cluster, {
      namespaces: { a: {}, b: { labels: 'app=b', fields: 'metadata.name=x' } },
    });
    await informer.synced;
    expect(cluster.calls.slice(0, 2).map(({ path, query }) => [path.split('/')[5], query])).toEqual([
      ['a', { limit: '500' }],
      ['b', { limit: '500', labelSelector: 'app=b', fieldSelector: 'metadata.name=x' }],
    ]);
    await settled();
    expect(cluster.calls.slice(2).map(({ query }) => query?.labelSelector)).toEqual([undefined, 'app=b']);
    expect(cached()).toEqual(['x@1', 'x@2']);
    await expect(cache.get(informer.resource, { name: 'x', namespace: 'c' })).rejects.toThrow(
      'The cache holds memcacheds.cache.example.com of `a`, `b`, but `c` was read. Add it to `cache.namespaces`, or use `client.live`',
    );
  });

  test('it is synced when all lists are complete', async () => {
    const second = held(list(6));
    const { informer } = run(scriptedCluster({ list: [list(5), second.answer] }), { namespaces: { a: {}, b: {} } });
    await settled();
    expect(informer.isSynced).toBe(false);
    second.release();
    await informer.synced;
    expect(informer.isSynced).toBe(true);
  });

  test('a new list of one namespace leaves the others alone', async () => {
    const first = stream();
    const cluster = scriptedCluster({
      list: [list(5, [inNamespace('x', 'a', 1)]), list(6, [inNamespace('x', 'b', 2)]), list(9)],
      watch: [first.answer],
    });
    const { seen, cached } = run(cluster, { namespaces: { a: {}, b: {} } });
    await settled();
    first.event('ERROR', gone);
    await settled();
    expect(seen.slice(2)).toEqual(['delete a/x 1 (state unknown)']);
    expect(cached()).toEqual(['x@2']);
  });
});

test('many kinds may be watched with one signal, without a warning of Node.js', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  const { cache, stop } = run(scriptedCluster({ list: [list(5)] }));
  const kinds = Array.from({ length: 30 }, (_, index) => cache.informer({ ...Memcached, plural: `kind${index}` }));
  await Promise.all(kinds.map(({ synced }) => synced));
  await settled();
  stop();
  await settled();
  process.off('warning', warn);
  expect(warnings).toEqual([]);
  expect(cache.informers).toHaveLength(31);
});
