import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectRefusal, memcachedProject, newProject, opgen, succeed, write } from '../support/opgen.js';
import { snapshotTree, tempFolder } from '../support/temp.js';

const create = (...flags: readonly string[]): readonly string[] => ['create', 'api', ...flags];

describe('create api', () => {
  test('writes types, CRD, roles, sample and code, and shows no drift', async () => {
    const folder = await memcachedProject();
    const paths = Object.keys(snapshotTree(folder));
    for (const path of [
      'src/api/v1alpha1/memcached.ts',
      'src/api/v1alpha1/groupversion.ts',
      'src/generated/v1alpha1/memcached.ts',
      'config/crd/bases/cache.example.com_memcacheds.yaml',
      'config/rbac/memcached_viewer_role.yaml',
      'config/samples/cache_v1alpha1_memcached.yaml',
    ]) {
      expect(paths).toContain(path);
    }
    const check = await opgen(folder, ['generate', '--check']);
    expect(check.stderr).toBe('');
    expect(check.stdout).toMatch(/^No drift: \d+ files up to date\.\n$/);
  });

  test('--kind alone means v1alpha1 and the domain as the group', async () => {
    const folder = await newProject();
    await succeed(folder, ...create('--kind', 'Memcached'));
    expect(readFileSync(join(folder, 'src/api/v1alpha1/groupversion.ts'), 'utf8')).toContain(
      '// +groupName=example.com\n',
    );
    expect(Object.keys(snapshotTree(folder))).toContain('config/crd/bases/example.com_memcacheds.yaml');
    await succeed(folder, 'generate', '--check');
  });

  test('more kinds, versions and scopes come one by one without drift', async () => {
    const folder = await memcachedProject();
    await succeed(
      folder,
      ...create('--group', 'cache', '--version', 'v1alpha1', '--kind', 'Proxy', '--plural', 'proxyz'),
    );
    await succeed(folder, ...create('--group', 'cache', '--version', 'v1', '--kind', 'Cluster', '--namespaced=false'));
    const crd = readFileSync(join(folder, 'config/crd/bases/cache.example.com_clusters.yaml'), 'utf8');
    expect(crd).toMatch(/^ {2}scope: Cluster$/m);
    expect(Object.keys(snapshotTree(folder))).toContain('config/crd/bases/cache.example.com_proxyz.yaml');
    await succeed(folder, 'generate', '--check');
  });

  test('multigroup puts each group into a folder', async () => {
    const folder = await memcachedProject('--multigroup');
    await succeed(folder, ...create('--group', 'web', '--version', 'v1', '--kind', 'Memcached'));
    const paths = Object.keys(snapshotTree(folder));
    expect(paths).toContain('src/api/cache/v1alpha1/memcached.ts');
    expect(paths).toContain('src/generated/web/v1/memcached.ts');
    await succeed(folder, 'generate', '--check');
  });

  test('works from a folder below the project', async () => {
    const folder = await memcachedProject();
    await succeed(join(folder, 'src/api'), ...create('--group', 'cache', '--kind', 'Other'));
    expect(Object.keys(snapshotTree(folder))).toContain('src/api/v1alpha1/other.ts');
  });

  test('comments and keys of the user in PROJECT survive', async () => {
    const folder = await newProject();
    const before = readFileSync(join(folder, 'PROJECT'), 'utf8');
    write(folder, 'PROJECT', `${before}# our note\nteam: cache\n`);
    await succeed(folder, ...create('--kind', 'Memcached'));
    const after = readFileSync(join(folder, 'PROJECT'), 'utf8');
    expect(after).toContain('# our note');
    expect(after).toContain('team: cache');
    expect(after).toContain('kind: Memcached');
  });

  test('--dry-run writes nothing', async () => {
    const folder = await newProject();
    const before = snapshotTree(folder);
    const { stdout, status } = await opgen(folder, create('--kind', 'Memcached', '--dry-run'));
    expect(status).toBe(0);
    expect(stdout).toContain('+export interface MemcachedSpec {');
    expect(snapshotTree(folder)).toEqual(before);
  });

  test('without --kind it does not wait for an answer off a terminal', async () => {
    const folder = await newProject();
    await expectRefusal(folder, create(), {
      status: 2,
      code: 'OG5007',
      says: [/needs `--kind`/, /hint: opgen create api --kind Memcached/],
    });
  });

  test('outside of a project', async () => {
    await expectRefusal(tempFolder(), create('--kind', 'Memcached'), {
      status: 2,
      code: 'OG5002',
      says: [/hint: run `opgen init/],
    });
  });

  test.each([
    [['--kind', 'memcached'], /upper-case/],
    [['--kind', 'My-Kind'], /My-Kind/],
    [['--kind', '../../Evil'], /Evil/],
    [['--kind', 'X'.repeat(80)], /59|characters/],
    [['--kind', 'CustomResource'], /CustomResource/],
    [['--kind', 'Memcached', '--version', '1'], /v1/],
    [['--kind', 'Memcached', '--version', 'v1-alpha'], /v1-alpha/],
    [['--kind', 'Memcached', '--group', 'Cache'], /Cache/],
    [['--kind', 'Memcached', '--group', '../x'], /\.\.\/x/],
    [['--kind', 'Memcached', '--plural', 'Mem Cacheds'], /Mem Cacheds/],
  ])('%j is refused with the rule', async (flags, says) => {
    const folder = await newProject();
    await expectRefusal(folder, create(...flags), { status: 2, code: 'OG5004', says: [says, /hint: /] });
  });

  test('an API that exists', async () => {
    const folder = await memcachedProject();
    await expectRefusal(folder, create('--group', 'cache', '--kind', 'Memcached'), {
      status: 2,
      code: 'OG5005',
      says: [/in PROJECT already/],
    });
  });

  test('a kind that differs from another in its case alone', async () => {
    const folder = await memcachedProject();
    await expectRefusal(folder, create('--group', 'cache', '--kind', 'MemCached'), {
      status: 2,
      code: 'OG5004',
      says: [/\[N8\]/],
    });
  });

  test('a second version says where to mark the one that is stored, and works then', async () => {
    const folder = await memcachedProject();
    const flags = create('--group', 'cache', '--version', 'v1', '--kind', 'Memcached');
    await expectRefusal(folder, flags, {
      status: 1,
      code: 'OG3003',
      says: [/storageversion` above `Memcached` in src\/api\/v1alpha1\/memcached\.ts/],
    });
    const types = readFileSync(join(folder, 'src/api/v1alpha1/memcached.ts'), 'utf8');
    write(
      folder,
      'src/api/v1alpha1/memcached.ts',
      types.replace(' * +kubebuilder:subresource', ' * +kubebuilder:storageversion\n * +kubebuilder:subresource'),
    );
    await succeed(folder, ...flags);
    await succeed(folder, 'generate', '--check');
  });

  test('a types file that exists without being in PROJECT', async () => {
    const folder = await newProject();
    write(folder, 'src/api/v1alpha1/memcached.ts', 'export const mine = 1;\n');
    await expectRefusal(folder, create('--kind', 'Memcached'), {
      status: 2,
      code: 'OG4009',
      says: [/src\/api\/v1alpha1\/memcached\.ts/],
    });
  });

  test('a second group without multigroup', async () => {
    const folder = await memcachedProject();
    await expectRefusal(folder, create('--group', 'web', '--kind', 'Page'), {
      status: 2,
      code: 'OG5006',
      says: [/multigroup/],
    });
  });

  test('a missing anchor is an error with the lines to paste', async () => {
    const folder = await memcachedProject();
    write(folder, 'config/crd/kustomization.yaml', 'resources: nonsense\n');
    await expectRefusal(folder, create('--group', 'cache', '--kind', 'Page'), {
      status: 2,
      code: 'OG4008',
      says: [/bases\/cache\.example\.com_pages\.yaml/],
    });
  });

  test.each([
    ['resources: [\n', 'OG5008', /PROJECT:\d+:\d+/],
    ['version: "3"\nlayout: [go.kubebuilder.io/v4]\ndomain: example.com\nprojectName: x\n', 'OG5008', /opgen\.dev\/v1/],
    ['version: "3"\nlayout: [opgen.dev/v1]\nprojectName: x\n', 'OG5008', /domain/],
    ['<<<<<<< HEAD\nversion: "3"\n=======\n>>>>>>> x\n', 'OG5008', /merge/i],
  ])('a broken PROJECT is refused at its line: %j', async (text, code, says) => {
    const folder = await newProject();
    write(folder, 'PROJECT', text);
    await expectRefusal(folder, create('--kind', 'Memcached'), { status: 2, code, says: [says] });
    await expectRefusal(folder, ['generate'], { status: 2, code, says: [says] });
  });
});
