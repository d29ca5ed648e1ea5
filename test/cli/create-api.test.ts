import { readFileSync, rmSync } from 'node:fs';
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

describe('create api, controllers', () => {
  const paths = (folder: string) => Object.keys(snapshotTree(folder));
  const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

  test('a controller with a test, its role and its lines in main.ts', async () => {
    const folder = await memcachedProject();
    expect(paths(folder)).toEqual(
      expect.arrayContaining(['src/controllers/memcached.ts', 'test/controllers/memcached.test.ts']),
    );
    expect(read(folder, 'src/main.ts')).toContain('  manager.add(memcachedController);\n');
    expect(read(folder, 'config/rbac/role.yaml')).toContain('memcacheds/status');
    expect(read(folder, 'config/default/kustomization.yaml')).toContain('- ../crd\n');
    expect(read(folder, 'PROJECT')).toContain('  controller: true\n');
  });

  test('--no-controller writes types alone, and --no-resource the controller later', async () => {
    const folder = await newProject();
    const kind = ['--group', 'cache', '--kind', 'Memcached'];
    await succeed(folder, ...create(...kind, '--no-controller'));
    expect(paths(folder)).not.toContain('src/controllers/memcached.ts');
    expect(read(folder, 'PROJECT')).not.toContain('controller');
    const types = read(folder, 'src/api/v1alpha1/memcached.ts');
    await succeed(folder, ...create(...kind, '--resource=false', '--controller'));
    expect(read(folder, 'src/api/v1alpha1/memcached.ts')).toBe(types);
    expect(read(folder, 'src/main.ts')).toContain('memcachedController');
    expect(read(folder, 'PROJECT').match(/kind: Memcached/g)).toHaveLength(1);
    await succeed(folder, 'generate', '--check');
  });

  test('a second controller of a kind needs a name', async () => {
    const folder = await memcachedProject();
    const second = create('--group', 'cache', '--kind', 'Memcached', '--no-resource');
    await expectRefusal(folder, second, { status: 2, code: 'OG5012', says: [/hint: add `--controller-name /] });
    await succeed(folder, ...second, '--controller-name', 'memcached-backup');
    expect(read(folder, 'PROJECT')).toContain('  controllers:\n  - name: memcached\n  - name: memcached-backup\n');
    expect(read(folder, 'src/controllers/memcached-backup.ts')).toContain("name: 'memcached-backup',");
    await succeed(folder, 'generate', '--check');
    const again = [...second, '--controller-name', 'memcachedbackup'];
    await expectRefusal(folder, again, { status: 2, code: 'OG5012', says: [/resembles `memcached-backup`/] });
  });

  test('a kind of its own with the name of a built-in one shares no controller with it', async () => {
    const folder = await newProject();
    await succeed(folder, ...create('--group', 'cache', '--kind', 'Deployment'));
    const builtin = create('--group', 'apps', '--version', 'v1', '--kind', 'Deployment', '--no-resource');
    await expectRefusal(folder, builtin, { status: 2, code: 'OG5012', says: [/cache\.example\.com/] });
    await succeed(folder, ...builtin, '--controller-name', 'rollout');
    await succeed(folder, 'generate', '--check');
  });

  test('a new version of a kind leaves its controller alone', async () => {
    const folder = await memcachedProject();
    const types = read(folder, 'src/api/v1alpha1/memcached.ts');
    write(
      folder,
      'src/api/v1alpha1/memcached.ts',
      types.replace(' * +kubebuilder:sub', ' * +kubebuilder:storageversion\n * +kubebuilder:sub'),
    );
    const before = read(folder, 'src/main.ts');
    await succeed(folder, ...create('--group', 'cache', '--version', 'v1', '--kind', 'Memcached'));
    expect(read(folder, 'src/main.ts')).toBe(before);
  });

  test('--image gives size and port to the types and an image to the controller', async () => {
    const folder = await newProject();
    const image = [
      '--image',
      'memcached:1.6.26',
      '--image-container-command',
      'memcached,-m=64',
      '--image-container-port',
      '11211',
    ];
    await succeed(folder, ...create('--group', 'cache', '--kind', 'Memcached', ...image, '--run-as-user', '1001'));
    expect(read(folder, 'src/api/v1alpha1/memcached.ts')).toContain('@default 11211');
    const controller = read(folder, 'src/controllers/memcached.ts');
    expect(controller).toContain("process.env.MEMCACHED_IMAGE ?? 'memcached:1.6.26'");
    expect(controller).toContain("['memcached', '-m=64']");
    expect(controller).toContain('runAsUser: 1001');
    expect(read(folder, 'config/rbac/role.yaml')).toContain('- deployments\n');
    await succeed(folder, 'generate', '--check');
  });

  test('built-in kinds: PROJECT, role and import', async () => {
    const folder = await newProject();
    await succeed(folder, ...create('--group', 'networking', '--kind', 'Ingress', '--resource=false'));
    expect(read(folder, 'src/controllers/ingress.ts')).toContain("from 'opgen/k8s/networking/v1'");
    expect(read(folder, 'PROJECT')).toMatch(/core: true\n {2}domain: k8s\.io\n {2}group: networking/);
    expect(read(folder, 'config/rbac/role.yaml')).toContain('- networking.k8s.io\n');
    await succeed(folder, ...create('--group', 'core', '--version', 'v1', '--kind', 'Pod', '--resource=false'));
    expect(read(folder, 'config/rbac/role.yaml')).toContain("- ''\n");
    await succeed(folder, ...create('--group', 'cache', '--kind', 'Memcached'));
    await succeed(folder, 'generate', '--check');
  });

  test('a kind without namespace in a namespaced project: says that a Role does not reach it', async () => {
    const create = (project: string, kind: string) =>
      opgen(project, ['create', 'api', '--group', 'core', '--kind', kind, '--no-resource']);
    const namespaced = await newProject('--namespaced');
    const says = /ClusterRole of your own for `Node`/;
    expect((await create(namespaced, 'Node')).stdout).toMatch(says);
    expect((await create(namespaced, 'Pod')).stdout).not.toMatch(/ClusterRole/);
    expect((await create(await newProject(), 'Node')).stdout).not.toMatch(says);
  });

  test('external kinds: a type to start from, or one of a package', async () => {
    const folder = await newProject('--multigroup');
    const external = ['--external-api-domain', 'io', '--version', 'v1', '--no-resource'];
    await succeed(folder, ...create('--group', 'cert-manager', '--kind', 'Certificate', ...external));
    expect(read(folder, 'src/external/cert-manager/v1/certificate.ts')).toContain(
      'export interface Certificate extends K8sObject',
    );
    const typed = ['--external-api-path', '@acme/types/v1.js', '--external-api-module', '@acme/types@^1.2.0'];
    const { stdout } = await succeed(folder, ...create('--group', 'acme', '--kind', 'Robot', ...external, ...typed));
    expect(stdout).toContain('npm install');
    expect(JSON.parse(read(folder, 'package.json')).dependencies).toMatchObject({ '@acme/types': '^1.2.0' });
    expect(read(folder, 'src/external/acme/v1/robot.ts')).toContain("from '@acme/types/v1.js'");
    expect(read(folder, 'PROJECT')).toContain('module: "@acme/types@^1.2.0"');
    await succeed(folder, 'generate', '--check');
  });

  test('a main.ts that the user has changed keeps the changes', async () => {
    const folder = await memcachedProject();
    const mine = read(folder, 'src/main.ts')
      .replace('try {', '// mine\ntry {')
      .replace('manager.add(memcachedController);', 'manager.add(\n    memcachedController,\n  );');
    write(folder, 'src/main.ts', mine);
    await succeed(folder, ...create('--group', 'cache', '--kind', 'Page'));
    const after = read(folder, 'src/main.ts');
    expect(after).toContain('// mine');
    expect(after.match(/memcachedController/g)).toHaveLength(2);
    expect(after).toContain('manager.add(pageController);');
  });

  test('a main.ts without anchors is refused with the lines to paste', async () => {
    const folder = await memcachedProject();
    write(folder, 'src/main.ts', 'export {};\n');
    await expectRefusal(folder, create('--group', 'cache', '--kind', 'Page'), {
      status: 2,
      code: 'OG4008',
      says: [/import \{ pageController \} from '\.\/controllers\/page\.js';/, /\+opgen:scaffold:imports/],
    });
  });

  test('a main.ts that is gone, though PROJECT has controllers', async () => {
    const folder = await memcachedProject();
    rmSync(join(folder, 'src/main.ts'));
    await expectRefusal(folder, create('--group', 'cache', '--kind', 'Page'), {
      status: 2,
      code: 'OG5011',
      says: [/git checkout src\/main\.ts/],
    });
  });

  test('a controller that exists without being in PROJECT', async () => {
    const folder = await newProject();
    write(folder, 'src/controllers/memcached.ts', 'export const mine = 1;\n');
    await expectRefusal(folder, create('--kind', 'Memcached'), {
      status: 2,
      code: 'OG4009',
      says: [/src\/controllers\/memcached\.ts/],
    });
  });

  const kind = ['--group', 'cache', '--kind', 'Memcached'];
  test.each<[readonly string[], string, RegExp]>([
    [[...kind, '--no-resource', '--no-controller'], 'OG5001', /something to write/],
    [[...kind, '--controller-name', 'Backup'], 'OG5004', /controller name/],
    [[...kind, '--controller-name', '../evil'], 'OG5004', /controller name/],
    [[...kind, '--controller-name', 'backup', '--no-controller'], 'OG5001', /contradict/],
    [[...kind, '--image', 'not an image'], 'OG5001', /name of an image/],
    [[...kind, '--image', 'x', '--image-container-port', '0'], 'OG5001', /1 to 65535/],
    [[...kind, '--image', 'x', '--image-container-port', '65536'], 'OG5001', /1 to 65535/],
    [[...kind, '--image', 'x', '--run-as-user', '0'], 'OG5001', /root/],
    [[...kind, '--image', 'x', '--image-container-command', ','], 'OG5001', /words/],
    [[...kind, '--image', 'x', '--no-namespaced'], 'OG5001', /contradict/],
    [[...kind, '--image', 'x', '--no-resource'], 'OG5001', /contradict/],
    [[...kind, '--image', 'x', '--no-controller'], 'OG5001', /contradict/],
    [[...kind, '--image-container-port', '80'], 'OG5001', /needs `--image`/],
    [[...kind, '--external-api-domain', 'io', '--resource'], 'OG5001', /contradict/],
    [[...kind, '--external-api-module', 'x@1'], 'OG5001', /needs `--external-api-path`/],
    [[...kind, '--external-api-path', "x';evil"], 'OG5001', /imported/],
    [[...kind, '--external-api-path', 'github.com/acme/api/v1'], 'OG5001', /module of npm.*type to start from/],
    [[...kind, '--external-api-path', 'x', '--external-api-module', 'x'], 'OG5001', /package of npm/],
    [[...kind, '--external-api-domain', 'No Domain'], 'OG5001', /domain/],
    [['--kind', 'X', '--group', '', '--external-api-path', 'x'], 'OG5001', /API group/],
    [[...kind, '--no-resource'], 'OG5013', /PROJECT does not have/],
    [['--kind', 'Namespace', '--no-resource'], 'OG5013', /use `--group core`/],
    [['--group', 'apps', '--kind', 'Deploymnet', '--no-resource'], 'OG5013', /did you mean `--kind Deployment`/],
    [['--group', 'apps', '--version', 'v2', '--kind', 'Deployment', '--no-resource'], 'OG5013', /use `--version v1`/],
    [['--group', 'authentication', '--kind', 'TokenReview', '--no-resource'], 'OG5013', /keeps none/],
    [
      ['--group', 'apps', '--version', 'v1', '--kind', 'Deployment'],
      'OG5013',
      /`--no-resource` for a controller of it/,
    ],
  ])('%j is refused', async (flags, code, says) => {
    const folder = await newProject();
    await expectRefusal(folder, create(...flags), { status: 2, code, says: [says, /hint: /] });
  });

  test('--resource makes a kind of its own with the name of a built-in one', async () => {
    const folder = await newProject();
    await succeed(folder, ...create('--group', 'apps', '--version', 'v1', '--kind', 'Deployment', '--resource'));
    expect(paths(folder)).toContain('config/crd/bases/apps.example.com_deployments.yaml');
  });

  test('--force writes types and controller anew and keeps the old ones', async () => {
    const folder = await memcachedProject();
    write(folder, 'src/controllers/memcached.ts', `${read(folder, 'src/controllers/memcached.ts')}// mine\n`);
    await succeed(folder, ...create('--group', 'cache', '--kind', 'Memcached', '--force'));
    expect(read(folder, 'src/controllers/memcached.ts.orig')).toContain('// mine');
    expect(read(folder, 'src/controllers/memcached.ts')).not.toContain('// mine');
    await succeed(folder, 'generate', '--check');
  });
});
