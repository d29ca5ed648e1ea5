import { expect, test } from 'vitest';
import { defineController } from '../../../src/runtime/controller/define.js';
import type { Controller } from '../../../src/runtime/controller/types.js';
import { defineResource } from '../../../src/runtime/define.js';
import type { K8sObject } from '../../../src/runtime/resource.js';

const Memcached = defineResource<K8sObject>({ group: 'cache.example.com', version: 'v1', kind: 'Memcached' });
const controller: Controller<K8sObject> = { for: Memcached, reconcile: async () => {} };

test('a controller comes back as it is', () => {
  expect(defineController(controller)).toBe(controller);
  expect(() => defineController({ ...controller, name: 'my-controller-2' })).not.toThrow();
});

const cleanup = async (): Promise<void> => {};

test.each<[Partial<Controller<K8sObject>>, string]>([
  [{ name: 'My_Controller' }, 'must consist of lower-case letters, digits and `-`, at most 63, but is `My_Controller`'],
  [{ name: '' }, 'but is ``'],
  [{ finalizer: { name: 'cleanup', cleanup } }, 'as in `example.com/cleanup`, but is `cleanup`'],
  [{ finalizer: { name: 'example.com/a/b', cleanup } }, 'but is `example.com/a/b`'],
  [{ finalizer: { name: 'example.com/', cleanup } }, 'but is `example.com/`'],
  [{ concurrency: 0 }, '`concurrency` of controller `memcached` must be a whole number from 1 on, but is 0'],
  [{ concurrency: 1.5 }, 'but is 1.5'],
  [{ reconcileTimeout: -1 }, '`reconcileTimeout` of controller `memcached` must be a number from 0 on, but is -1'],
  [{ cacheSyncTimeout: Number.NaN }, 'but is NaN'],
])('%j is refused', (part, message) => {
  expect(() => defineController({ ...controller, ...part })).toThrow(message);
});

test('a controller without reconcile is refused', () => {
  const partial = { for: Memcached } as Controller<K8sObject>;
  expect(() => defineController(partial)).toThrow('must have a function `reconcile`, but has none');
});
