import { expect, test } from 'vitest';
import {
  controllerConstant,
  controllerName,
  controllersOf,
  nameOwner,
  withController,
} from '../../src/project/controllers.js';
import type { Project, Resource } from '../../src/project/model.js';

const memcached: Resource = {
  group: 'cache',
  version: 'v1',
  kind: 'Memcached',
  namespaced: true,
  api: true,
  controller: false,
  webhooks: [],
};
const single = { multigroup: false };
const multi = { multigroup: true };

test.each([
  ['Memcached', 'memcachedController'],
  ['HTTPRoute', 'httpRouteController'],
  ['DB', 'dbController'],
  ['DB2', 'db2Controller'],
  ['A', 'aController'],
  ['ABc', 'aBcController'],
])('%s has the constant %s', (kind, constant) => {
  expect(controllerConstant(single, { ...memcached, kind }, kind.toLowerCase())).toBe(constant);
});

test('several groups go into names', () => {
  expect(controllerConstant(multi, memcached, 'memcached')).toBe('cacheMemcachedController');
  expect(controllerConstant(multi, { ...memcached, group: '3scale.net' }, 'memcached')).toBe(
    'group3scaleNetMemcachedController',
  );
  expect(controllerConstant(multi, { ...memcached, group: '' }, 'memcached')).toBe('memcachedController');
  expect(controllerName(multi, memcached, 'memcached')).toBe('cache-memcached');
  expect(controllerName(multi, { ...memcached, group: 'a.b' }, 'x'.repeat(63))).toBe(`a-b-${'x'.repeat(59)}`);
  expect(controllerName(single, memcached, 'memcached-backup')).toBe('memcached-backup');
  expect(controllerConstant(single, memcached, 'memcached-backup')).toBe('memcachedBackupController');
});

test('a list appears with the first name of its own, and keeps the controller that has none', () => {
  const first = withController(memcached, 'memcached');
  expect(first).toMatchObject({ controller: true });
  expect(first.controllers).toBeUndefined();
  const second = withController(first, 'memcached-backup');
  expect(second.controllers).toEqual(['memcached', 'memcached-backup']);
  expect(withController(memcached, 'backup').controllers).toEqual(['backup']);
  expect(controllersOf(memcached)).toEqual([]);
  expect(controllersOf(first)).toEqual(['memcached']);
});

test('names that differ in punctuation alone are the same', () => {
  const project = { ...single, resources: [withController(memcached, 'foo-bar')] } as unknown as Project;
  expect(nameOwner(project, 'foobar')?.file).toBe('foo-bar');
  expect(nameOwner(project, 'foo-baz')).toBeUndefined();
});
