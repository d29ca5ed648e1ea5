import { describe, expect, test, vi } from 'vitest';
import type { Cache } from '../../../src/runtime/cache/types.js';
import type { Client } from '../../../src/runtime/client/types.js';
import { channel } from '../../../src/runtime/controller/channel.js';
import { itself, owned, watch } from '../../../src/runtime/controller/sources.js';
import type { Predicate, Source } from '../../../src/runtime/controller/types.js';
import type { Event } from '../../../src/runtime/event.js';
import type { AnyResource, K8sObject, OwnerReference } from '../../../src/runtime/resource.js';
import { recordingLogger } from '../../support/log.js';
import { ConfigMap, Widget } from '../../support/widget.js';

/** Starts a source on an informer whose events the test makes. */
async function feed(source: Source, controllerFor: AnyResource = Widget) {
  let handler: (event: Event<K8sObject>) => void = () => {};
  const remove = vi.fn();
  const cache = {
    informer: () => ({
      synced: Promise.resolve(),
      addHandler: (added: typeof handler) => {
        handler = added;
        return remove;
      },
    }),
  } as unknown as Cache;
  const added: [string, number][] = [];
  const stop = new AbortController();
  const { log, lines } = recordingLogger();
  await source.start(
    { add: ({ namespace, name }, o) => void added.push([`${namespace ?? ''}/${name}`, o?.priority ?? 0]) },
    stop.signal,
    { cache, client: {} as Client, log, controllerFor },
  );
  const send = async (event: Event<K8sObject>): Promise<[string, number][]> => {
    added.length = 0;
    handler(event);
    await new Promise((resolve) => setImmediate(resolve));
    return [...added];
  };
  return { send, stop, remove, lines, added };
}

const named = (name: string, metadata: K8sObject['metadata'] = {}): K8sObject => ({
  kind: 'ConfigMap',
  metadata: { namespace: 'default', resourceVersion: '1', ...metadata, name },
});

const created = (object: K8sObject, initial = false): Event<K8sObject> => ({ type: 'create', object, initial });

describe('the kind itself', () => {
  test('news come once, at 0; the first list and what is the same as before at -100', async () => {
    const { send } = await feed(itself(ConfigMap));
    const [old, same, newer] = [named('a'), named('a'), named('a', { resourceVersion: '2' })];
    expect(await send(created(old))).toEqual([['default/a', 0]]);
    expect(await send(created(old, true))).toEqual([['default/a', -100]]);
    expect(await send({ type: 'update', old, object: same })).toEqual([['default/a', -100]]);
    expect(await send({ type: 'update', old, object: newer })).toEqual([['default/a', 0]]);
    expect(await send({ type: 'delete', object: old, stateUnknown: true })).toEqual([['default/a', 0]]);
  });

  test('a predicate drops events; one that throws is logged with the key and lets them pass', async () => {
    const dropping = await feed(itself(ConfigMap, () => false));
    expect(await dropping.send(created(named('a')))).toEqual([]);
    const failing: Predicate<K8sObject> = () => {
      throw new Error('broken');
    };
    const { send, lines } = await feed(itself(ConfigMap, failing));
    expect(await send(created(named('a')))).toEqual([['default/a', 0]]);
    expect(lines).toMatchObject([{ level: 'error', error: 'broken', namespace: 'default', name: 'a' }]);
  });

  test('nothing comes after the stop', async () => {
    const { send, stop, remove } = await feed(itself(ConfigMap));
    stop.abort();
    expect(remove).toHaveBeenCalledOnce();
    expect(await send(created(named('a')))).toEqual([]);
  });
});

const owner = (name: string, other: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'test.example.com/v1alpha1',
  kind: 'Widget',
  name,
  uid: `uid-${name}`,
  controller: true,
  ...other,
});

const ownedBy = (...ownerReferences: OwnerReference[]): K8sObject => named('child', { ownerReferences });

describe('owned', () => {
  test('enqueues the controller owner, by group and kind', async () => {
    const { send } = await feed(owned(ConfigMap));
    expect(await send(created(ownedBy(owner('w'))))).toEqual([['default/w', 0]]);
    expect(await send(created(ownedBy(owner('w', { controller: false }))))).toEqual([]);
    expect(await send(created(ownedBy(owner('w', { kind: 'Gadget' }))))).toEqual([]);
    expect(await send(created(ownedBy(owner('w', { apiVersion: 'other.example.com/v1' }))))).toEqual([]);
    expect(await send(created(named('orphan')))).toEqual([]);
  });

  test('enqueues the owners of the old and of the new object', async () => {
    const { send } = await feed(owned(ConfigMap));
    const event: Event<K8sObject> = { type: 'update', old: ownedBy(owner('a')), object: ownedBy(owner('b')) };
    expect((await send(event)).map(([text]) => text)).toEqual(['default/a', 'default/b']);
  });

  test('enqueues every owner of the kind when asked to', async () => {
    const { send } = await feed(owned(ConfigMap, { everyOwner: true }));
    const object = ownedBy(owner('a'), owner('b', { controller: false }), owner('c', { kind: 'Gadget' }));
    expect((await send(created(object))).map(([text]) => text)).toEqual(['default/a', 'default/b']);
  });

  test('owners of the cluster have no namespace', async () => {
    const { send } = await feed(owned(ConfigMap), { ...Widget, namespaced: false });
    expect(await send(created(ownedBy(owner('w'))))).toEqual([['/w', 0]]);
  });

  test('the kind of the core group has the empty group', async () => {
    const { send } = await feed(owned(ConfigMap), { ...ConfigMap });
    const object = ownedBy(owner('w', { apiVersion: 'v1', kind: 'ConfigMap' }));
    expect(await send(created(object))).toEqual([['default/w', 0]]);
  });
});

describe('watch', () => {
  test('enqueues what the map returns, at once or later', async () => {
    const keys = (object: K8sObject) => [{ name: `of-${object.metadata?.name}` }];
    const direct = await feed(watch(ConfigMap, keys));
    expect(await direct.send(created(named('a')))).toEqual([['/of-a', 0]]);
    const later = await feed(watch(ConfigMap, async (object) => keys(object)));
    expect(await later.send(created(named('a'), true))).toEqual([['/of-a', -100]]);
  });

  test.each([
    ['throws', () => JSON.parse('{')],
    ['rejects', () => Promise.reject(new Error('later'))],
    ['returns no list', () => undefined as never],
  ])('a map that %s is logged with the key and enqueues nothing', async (_how, map) => {
    const { send, lines } = await feed(watch(ConfigMap, map));
    expect(await send(created(named('a')))).toEqual([]);
    expect(lines).toMatchObject([{ level: 'error', namespace: 'default', name: 'a' }]);
  });
});

describe('channel', () => {
  test('enqueues for each event, survives a failing map, and logs its own failure', async () => {
    async function* events(): AsyncGenerator<number> {
      yield 1;
      yield 2;
      yield 3;
      throw new Error('the line is dead');
    }
    const source = channel(events(), (event) => {
      if (event === 2) throw new Error('no key for 2');
      return [{ name: `n${event}` }];
    });
    const { added, lines } = await feed(source);
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    expect(added.map(([text]) => text)).toEqual(['/n1', '/n3']);
    expect(lines.map((line) => line.error)).toEqual(['no key for 2', 'the line is dead']);
  });

  test('closes what it reads at the stop', async () => {
    const returned = vi.fn(async () => ({ done: true as const, value: undefined }));
    const events = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}), return: returned }),
    };
    const { stop } = await feed(channel(events, () => []));
    stop.abort();
    await vi.waitFor(() => expect(returned).toHaveBeenCalledOnce());
  });
});
