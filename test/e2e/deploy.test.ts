import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { kubectl } from '../support/kubectl.js';
import { scaffold, type WantedKind } from '../support/scaffold.js';
import { tempFolder } from '../support/temp.js';

const memcached: WantedKind = {
  kind: 'Memcached',
  image: { name: 'memcached:1.6.26', command: ['memcached', '-m=64'], port: 11211 },
};

const projects: readonly [name: string, init: { namespaced?: boolean }, readonly WantedKind[]][] = [
  ['without-kinds', {}, []],
  ['with-a-kind', {}, [memcached]],
  ['namespaced', { namespaced: true }, [memcached, { kind: 'Page' }]],
];

describeWithCluster('config/default, a real API server accepts', () => {
  let cluster: Envtest;
  beforeAll(async () => {
    cluster = await startEnvtest();
  }, 180_000);
  afterAll(() => cluster?.stop());

  test.each(projects)('a project %s', async (name, init, kinds) => {
    const folder = tempFolder();
    for (const [path, text] of await scaffold({ ...init, name }, kinds)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const built = kubectl(cluster, ['kustomize', join(folder, 'config/default')]);
    expect(built.stderr).toBe('');
    const applied = kubectl(cluster, ['apply', '--server-side', '--validate=strict', '-f', '-'], built.stdout);
    expect(applied.stderr, 'neither errors nor warnings of the restricted level').toBe('');
    expect(applied.stdout).toContain(`deployment.apps/${name}-controller-manager serverside-applied`);
    const names = kubectl(cluster, ['get', 'deployments,serviceaccounts', '-n', `${name}-system`, '-o', 'name']);
    expect(names.stdout).toContain(`serviceaccount/${name}-controller-manager`);
    const role = init.namespaced ? 'rolebinding' : 'clusterrolebinding';
    const bound = kubectl(cluster, [
      'get',
      role,
      `${name}-manager-rolebinding`,
      ...(init.namespaced ? ['-n', `${name}-system`] : []),
      '-o',
      'jsonpath={.roleRef.name} {.subjects[0].name} {.subjects[0].namespace}',
    ]);
    expect(bound.stdout).toBe(`${name}-manager-role ${name}-controller-manager ${name}-system`);
  });
});
