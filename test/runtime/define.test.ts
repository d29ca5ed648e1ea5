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
