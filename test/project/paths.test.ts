import { expect, test } from 'vitest';
import * as paths from '../../src/project/paths.js';

const memcached = { group: 'cache', version: 'v1alpha1', kind: 'Memcached' };
const groupless = { ...memcached, group: '' };

function all(multigroup: boolean, resource: typeof memcached): readonly string[] {
  const project = { multigroup };
  return [
    paths.apiFile(project, resource),
    paths.groupVersionFile(project, resource),
    paths.generatedFile(project, resource),
    paths.controllerFile(project, resource),
    paths.controllerTestFile(project, resource),
    paths.sampleFile(resource),
    paths.kindRoleFile(project, resource, 'admin'),
  ];
}

test.each([
  [
    'one group',
    all(false, memcached),
    [
      'src/api/v1alpha1/memcached.ts',
      'src/api/v1alpha1/groupversion.ts',
      'src/generated/v1alpha1/memcached.ts',
      'src/controllers/memcached.ts',
      'test/controllers/memcached.test.ts',
      'config/samples/cache_v1alpha1_memcached.yaml',
      'config/rbac/memcached_admin_role.yaml',
    ],
  ],
  [
    'several groups',
    all(true, memcached),
    [
      'src/api/cache/v1alpha1/memcached.ts',
      'src/api/cache/v1alpha1/groupversion.ts',
      'src/generated/cache/v1alpha1/memcached.ts',
      'src/controllers/cache/memcached.ts',
      'test/controllers/cache/memcached.test.ts',
      'config/samples/cache_v1alpha1_memcached.yaml',
      'config/rbac/cache_memcached_admin_role.yaml',
    ],
  ],
  [
    'several groups, but none for this kind',
    all(true, groupless),
    [
      'src/api/v1alpha1/memcached.ts',
      'src/api/v1alpha1/groupversion.ts',
      'src/generated/v1alpha1/memcached.ts',
      'src/controllers/memcached.ts',
      'test/controllers/memcached.test.ts',
      'config/samples/v1alpha1_memcached.yaml',
      'config/rbac/memcached_admin_role.yaml',
    ],
  ],
])('%s', (_, actual, expected) => {
  expect(actual).toEqual(expected);
});

test('the file of a CRD has the names of the CRD', () => {
  expect(paths.crdFile('cache.example.com', 'memcacheds')).toBe('config/crd/bases/cache.example.com_memcacheds.yaml');
});

test('a named controller and an external kind have files of their own', () => {
  expect(paths.controllerFile({ multigroup: false }, memcached, 'backup')).toBe('src/controllers/backup.ts');
  expect(paths.controllerTestFile({ multigroup: true }, memcached, 'backup')).toBe(
    'test/controllers/cache/backup.test.ts',
  );
  expect(paths.externalFile({ group: 'cert-manager', version: 'v1', kind: 'Certificate' })).toBe(
    'src/external/cert-manager/v1/certificate.ts',
  );
});
