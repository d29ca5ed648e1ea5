import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/runtime/client/index.js';
import { defineResource } from '../../src/runtime/define.js';
import {
  addFinalizer,
  containsFinalizer,
  dropFinalizer,
  putFinalizer,
  removeFinalizer,
} from '../../src/runtime/finalizers.js';
import type { K8sObject } from '../../src/runtime/resource.js';
import { fakeCluster } from '../../src/testing/fake/index.js';
import { type Answer, notFound, scriptedCluster, unfit } from '../support/scripted.js';

const Thing = defineResource<K8sObject>({ group: 'demo.example.com', version: 'v1', kind: 'Thing' });
const name = 'demo.example.com/clean';
const thing = (...finalizers: string[]): K8sObject => ({
  metadata: { name: 'x', namespace: 'd', uid: 'u', ...(finalizers.length > 0 && { finalizers }) },
});

function clientFor(answer: Answer) {
  const cluster = scriptedCluster(() => answer);
  return { client: createClient({ cluster }), bodies: () => cluster.requests.map(({ body }) => body) };
}

test('add, contains and remove tell whether they changed the object', () => {
  const object: K8sObject = {};
  expect([addFinalizer(object, name), addFinalizer(object, name), containsFinalizer(object, name)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(object.metadata?.finalizers).toEqual([name]);
  addFinalizer(object, 'other');
  expect([removeFinalizer(object, name), removeFinalizer(object, name), containsFinalizer(object, name)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(object.metadata?.finalizers).toEqual(['other']);
});

describe('putFinalizer', () => {
  const sameObject = { op: 'test', path: '/metadata/uid', value: 'u' };
  const alive = { op: 'test', path: '/metadata/deletionTimestamp', value: null };

  test('tests the list that it adds to', async () => {
    const { client, bodies } = clientFor({ body: thing('a', name) });
    expect(await putFinalizer(client, Thing, thing(), name)).toEqual({ ...thing('a', name) });
    await putFinalizer(client, Thing, thing('a'), name);
    expect(bodies()).toEqual([
      [
        sameObject,
        alive,
        { op: 'test', path: '/metadata/finalizers', value: null },
        { op: 'add', path: '/metadata/finalizers', value: [name] },
      ],
      [
        sameObject,
        alive,
        { op: 'test', path: '/metadata/finalizers', value: ['a'] },
        { op: 'add', path: '/metadata/finalizers/-', value: name },
      ],
    ]);
  });

  test('a deletion that has begun is a conflict', async () => {
    const { client } = fakeCluster({ resources: [Thing] });
    const metadata = { name: 'x', namespace: 'd', finalizers: ['demo.example.com/other'] };
    const stale = await client.create(Thing, { metadata });
    await client.delete(Thing, stale);
    await expect(putFinalizer(client, Thing, stale, name)).rejects.toMatchObject({ isConflict: true });
  });

  test('sends nothing for a finalizer that is there', async () => {
    const { client, bodies } = clientFor({});
    const object = thing(name);
    expect(await putFinalizer(client, Thing, object, name)).toBe(object);
    expect(bodies()).toEqual([]);
  });

  test('another list by now is a conflict', async () => {
    const { client } = clientFor(unfit);
    await expect(putFinalizer(client, Thing, thing(), name)).rejects.toMatchObject({ isConflict: true });
  });
});

describe('dropFinalizer', () => {
  test('tests the place that it removes', async () => {
    const { client, bodies } = clientFor({ body: thing('a') });
    await dropFinalizer(client, Thing, thing('a', name), name);
    expect(bodies()).toEqual([
      [
        { op: 'test', path: '/metadata/uid', value: 'u' },
        { op: 'test', path: '/metadata/finalizers/1', value: name },
        { op: 'remove', path: '/metadata/finalizers/1' },
      ],
    ]);
  });

  test('sends nothing for a finalizer that is not there', async () => {
    const { client, bodies } = clientFor({});
    await dropFinalizer(client, Thing, thing('a'), name);
    expect(bodies()).toEqual([]);
  });

  test('an object that is gone is done; a conflict is an error', async () => {
    expect(await dropFinalizer(clientFor(notFound).client, Thing, thing(name), name)).toBeUndefined();
    await expect(dropFinalizer(clientFor(unfit).client, Thing, thing(name), name)).rejects.toMatchObject({
      isConflict: true,
    });
  });
});
