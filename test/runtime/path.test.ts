import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defineResource } from '../../src/runtime/define.js';
import { collectionPath, objectPath, parsePath } from '../../src/runtime/path.js';

const Pod = defineResource({ group: '', version: 'v1', kind: 'Pod' });
const Role = defineResource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  namespaced: false,
});

describe('paths', () => {
  test('of collections, objects and subresources', () => {
    expect(collectionPath(Pod)).toBe('/api/v1/pods');
    expect(collectionPath(Pod, 'd')).toBe('/api/v1/namespaces/d/pods');
    expect(objectPath(Pod, { name: 'p', namespace: 'd' }, 'status')).toBe('/api/v1/namespaces/d/pods/p/status');
    expect(objectPath(Role, { name: 'system:Node', namespace: 'ignored' })).toBe(
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3ANode',
    );
  });

  test('names cannot lead elsewhere', () => {
    expect(objectPath(Pod, { name: 'a/../b?c', namespace: 'd' })).toBe('/api/v1/namespaces/d/pods/a%2F..%2Fb%3Fc');
    for (const name of ['.', '..']) {
      expect(() => objectPath(Pod, { name, namespace: 'd' })).toThrow(TypeError);
      expect(() => collectionPath(Pod, name)).toThrow(TypeError);
    }
  });

  test('are read back', () => {
    const part = fc.stringMatching(/^[a-z:%. ]{1,8}$/).filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(part, part, fc.constantFrom(undefined, 'status', 'scale'), (name, namespace, subresource) => {
        const below = subresource === undefined ? {} : { subresource };
        expect(parsePath(objectPath(Pod, { name, namespace }, subresource))).toEqual({
          group: '',
          version: 'v1',
          plural: 'pods',
          namespace,
          name,
          ...below,
        });
        expect(parsePath(objectPath(Role, { name }, subresource))).toEqual({
          group: Role.group,
          version: 'v1',
          plural: 'clusterroles',
          name,
          ...below,
        });
      }),
    );
  });

  test.each([
    ['/api/v1/namespaces', { plural: 'namespaces' }],
    ['/api/v1/namespaces/d', { plural: 'namespaces', name: 'd' }],
    ['/api/v1/namespaces/d/finalize', { plural: 'namespaces', name: 'd', subresource: 'finalize' }],
    ['/api/v1/namespaces/d/pods', { plural: 'pods', namespace: 'd' }],
  ])('%s', (path, parts) => {
    expect(parsePath(path)).toEqual({ group: '', version: 'v1', ...parts });
  });

  test.each(['/', '/version', '/api', '/api/v1', '/apis/apps/v1', '/api/v1//pods', '/api/v1/pods/%zz', ''])(
    '%s is of no resource',
    (path) => {
      expect(parsePath(path)).toBeUndefined();
    },
  );
});
