import { expect, expectTypeOf, test } from 'vitest';
import { defineResource, type K8sObject, type Resource } from '../../src/runtime/index.js';

interface Backup extends K8sObject {
  spec: { schedule: string };
}

test.each<[string, Parameters<typeof defineResource>[0], Resource<K8sObject>]>([
  [
    'plural and scope have defaults',
    { group: 'cache.example.com', version: 'v1', kind: 'Memcached' },
    { group: 'cache.example.com', version: 'v1', kind: 'Memcached', plural: 'memcacheds', namespaced: true },
  ],
  [
    'the default plural follows English',
    { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy' },
    { group: 'networking.k8s.io', version: 'v1', kind: 'NetworkPolicy', plural: 'networkpolicies', namespaced: true },
  ],
  [
    'plural and scope can be given',
    { group: '', version: 'v1', kind: 'Node', plural: 'machines', namespaced: false },
    { group: '', version: 'v1', kind: 'Node', plural: 'machines', namespaced: false },
  ],
])('%s', (_, definition, resource) => {
  expect(defineResource(definition)).toEqual(resource);
});

test.each<[object, string]>([
  [{ kind: '' }, '`kind` must be a name as in `Memcached`, but is ``'],
  [{ kind: undefined }, '`kind` must be a name as in `Memcached`, but is `undefined`'],
  [{ kind: 'My Kind' }, '`plural` must be a name as in `memcacheds`, but is `my kinds`'],
  [{ version: '1' }, '`version` must be a name as in `v1alpha1`, but is `1`'],
  [{ version: 'v1/../v2' }, 'but is `v1/../v2`'],
  [{ group: 'Cache.example.com' }, '`group` must be a domain as in `apps` or `cache.example.com`, or empty'],
  [{ group: 'a/b' }, 'but is `a/b`'],
  [{ group: undefined }, 'but is `undefined`'],
  [{ plural: 'Things?x' }, '`plural` must be a name as in `memcacheds`, but is `Things?x`'],
])('%j is no handle', (part, message) => {
  const define = () => defineResource({ group: 'example.com', version: 'v1', kind: 'Thing', ...part });
  expect(define).toThrow(TypeError);
  expect(define).toThrow(message);
});

test('all mistakes of a handle are told at once', () => {
  expect(() => defineResource({ group: 'A', version: 'V', kind: 'Thing' })).toThrow(
    /`group` must be .*; `version` must be /,
  );
});

test('a handle is plain data of the type of its kind, and nobody can change it', () => {
  const definition = { group: 'example.com', version: 'v1', kind: 'Backup' };
  const resource = defineResource<Backup>(definition);
  definition.kind = 'Restore';

  expectTypeOf(resource).toEqualTypeOf<Resource<Backup>>();
  expectTypeOf(resource).not.toExtend<Resource<K8sObject & { spec: { schedule: number } }>>();
  expect(JSON.parse(JSON.stringify(resource))).toEqual(resource);
  expect(resource.kind).toBe('Backup');
  expect(() => {
    resource.kind = 'Restore';
  }).toThrow(TypeError);
});
