import { expect, test } from 'vitest';
import { defineController } from '../../../src/runtime/controller/define.js';
import { owned, watch } from '../../../src/runtime/controller/sources.js';
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

test.each<[string, () => unknown]>([
  ['`for` of a controller', () => defineController({ for: undefined as never, reconcile: async () => {} })],
  ['What a controller watches', () => owned(undefined as never)],
  ['What a controller watches', () => owned(undefined as never, { metadataOnly: true })],
  ['What a controller watches', () => watch(undefined as never, () => [])],
])('%s must be there: an import in a circle is told', (what, define) => {
  expect(define).toThrow(`${what} must be the handle of a kind, but is \`undefined\`: do modules import each other`);
});

test('a finalizer without its cleanup is refused', () => {
  const finalizer = { name: 'test.example.com/cleanup' } as never;
  expect(() => defineController({ for: Memcached, reconcile: async () => {}, finalizer })).toThrow(
    'must have a function `cleanup`, but has none',
  );
});
