import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { crd, edit, expectRefusal, memcachedProject, opgen, read, succeed, types, write } from '../support/opgen.js';
import { snapshotTree, tempFolder } from '../support/temp.js';

const sample = 'config/samples/cache_v1alpha1_memcached.yaml';

describe('generate', () => {
  test('writes what follows from a change, and then has nothing to do', async () => {
    const folder = await memcachedProject();
    edit(folder, types, (text) => text.replace('@maximum 100', '@maximum 7').replace('@default 1', '@default 2'));
    const { stdout } = await succeed(folder, 'generate');
    expect(stdout).toContain(`~ update ${crd}\n`);
    expect(read(folder, crd)).toMatch(/maximum: 7$/m);
    expect(read(folder, sample), 'a sample that nobody has edited follows the types').toMatch(/replicas: 2$/m);
    const before = snapshotTree(folder);
    expect((await succeed(folder, 'generate')).stdout).toMatch(/^Nothing to do: \d+ files up to date\.\n$/);
    expect(snapshotTree(folder)).toEqual(before);
  });

  test('one artifact by its name', async () => {
    const folder = await memcachedProject();
    rmSync(join(folder, 'config/rbac/role.yaml'));
    rmSync(join(folder, crd));
    await succeed(folder, 'generate', 'crds');
    expect(existsSync(join(folder, crd))).toBe(true);
    expect(existsSync(join(folder, 'config/rbac/role.yaml'))).toBe(false);
  });

  test('a kind of PROJECT whose types are gone is an error, and nothing is deleted', async () => {
    const folder = await memcachedProject();
    rmSync(join(folder, types));
    await expectRefusal(folder, ['generate'], {
      status: 1,
      code: 'OG1010',
      says: [/PROJECT:\d+:\d+ error/, /hint: bring back `src\/api\/v1alpha1\/memcached\.ts`/],
    });
  });

  test('a kind in another encoding than UTF-8 is an error, and nothing is deleted', async () => {
    const folder = await memcachedProject();
    writeFileSync(join(folder, types), Buffer.from(read(folder, types), 'utf16le'));
    await expectRefusal(folder, ['generate'], { status: 2, code: 'OG4006', says: [/UTF-8/] });
  });

  test('a scope in PROJECT that the types contradict is an error', async () => {
    const folder = await memcachedProject();
    edit(folder, 'PROJECT', (text) => text.replace('namespaced: true', 'namespaced: false'));
    await expectRefusal(folder, ['generate'], { status: 1, code: 'OG1010', says: [/scope=Cluster/] });
  });

  test.each([
    ['its manifest was made anew', '.opgen/manifest.json'],
    ['nothing but PROJECT is gone', undefined],
  ])('a project that has lost its PROJECT is left alone: %s', async (_, removed) => {
    const folder = await memcachedProject();
    if (removed) rmSync(join(folder, removed));
    await succeed(folder, 'generate');
    rmSync(join(folder, 'PROJECT'));
    await expectRefusal(folder, ['generate'], { status: 2, code: 'OG5002', says: [/git checkout PROJECT/] });
  });

  test('sources without PROJECT are generated again and again', async () => {
    const folder = tempFolder();
    const source = 'src/api/v1/thing.ts';
    write(
      folder,
      source,
      "// +groupName=example.com\nimport type { CustomResource } from 'opgen/api';\nexport interface Thing extends CustomResource<{ size: number }> {}\n",
    );
    await succeed(folder, 'generate', 'crds', 'rbac');
    expect((await succeed(folder, 'generate', 'crds', 'rbac')).stdout).toMatch(/^Nothing to do: /);
    await succeed(folder, 'generate', '--check', 'crds', 'rbac');
    await succeed(folder, 'generate');
    edit(folder, source, (text) => text.replace('size', 'count'));
    expect((await succeed(folder, 'generate')).stdout).toContain('~ update config/crd/bases/example.com_things.yaml\n');
  });

  test('the files of a kind that PROJECT has lost, too, are deleted, if nobody has edited them', async () => {
    const folder = await memcachedProject();
    const project = read(folder, 'PROJECT');
    await succeed(folder, 'create', 'api', '--group', 'cache', '--kind', 'Other');
    rmSync(join(folder, 'src/api/v1alpha1/other.ts'));
    writeFileSync(join(folder, 'PROJECT'), project);
    appendFileSync(join(folder, 'config/rbac/other_admin_role.yaml'), '# mine\n');
    const result = await opgen(folder, ['generate']);
    expect(result.stdout).toContain('- delete config/crd/bases/cache.example.com_others.yaml\n');
    expect(result.stderr).toContain('OG4004');
    expect(result.stderr).toMatch(
      /config\/crd\/kustomization\.yaml:\d+:\d+ warning OG4013: .*bases\/cache\.example\.com_others\.yaml/,
    );
    expect(result.stderr).toMatch(/warning OG3101: .*no source declares `Other` of cache\.example\.com\/v1alpha1/);
    expect(existsSync(join(folder, 'config/rbac/other_admin_role.yaml'))).toBe(true);
    expect(existsSync(join(folder, 'config/rbac/other_viewer_role.yaml'))).toBe(false);
    expect((await opgen(folder, ['generate', '--check'])).status).toBe(1);
  });

  test('a sample that was edited is the user’s, and is held against the schema', async () => {
    const folder = await memcachedProject();
    edit(folder, sample, (text) => text.replace('replicas: 1', 'replicas: 500\n  colour: red'));
    const before = read(folder, sample);
    const result = await opgen(folder, ['generate']);
    expect(result.status).toBe(0);
    expect(result.stderr).toMatch(/warning OG3101: .*should be less than or equal to 100/);
    expect(result.stderr).toMatch(/warning OG3101: .*unknown field "spec\.colour"/);
    expect(read(folder, sample)).toBe(before);
    expect((await opgen(folder, ['generate', '--check'])).status).toBe(1);
    expect((await opgen(folder, ['generate', '--strict'])).status).toBe(1);
  });

  test('a sample that was deleted comes back only by `generate samples`', async () => {
    const folder = await memcachedProject();
    rmSync(join(folder, sample));
    const result = await opgen(folder, ['generate']);
    expect(result.stderr).toMatch(/config\/samples\/kustomization\.yaml:\d+:\d+ warning OG4013/);
    expect(existsSync(join(folder, sample))).toBe(false);
    await succeed(folder, 'generate', 'samples');
    expect(existsSync(join(folder, sample))).toBe(true);
  });

  test('a sample that does not parse is no obstacle for the CRDs', async () => {
    const folder = await memcachedProject();
    writeFileSync(join(folder, sample), 'a: [');
    edit(folder, types, (text) => text.replace('@maximum 100', '@maximum 7'));
    const result = await opgen(folder, ['generate']);
    expect(result.status).toBe(0);
    expect(result.stderr).toMatch(/warning OG4006: .*hint: /);
    expect(read(folder, crd)).toContain('maximum: 7');
  });

  test('works without PROJECT, on any files', async () => {
    const folder = tempFolder();
    const source =
      "// +groupName=a.example.com\nimport type { CustomResource } from 'opgen/api';\nexport interface Thing extends CustomResource<{ size: number }> {}\n";
    write(folder, 'lib/v1/thing.ts', source);
    const { stdout } = await succeed(folder, 'generate', 'crds', '--paths', 'lib/**/*.ts', '--output', '-');
    expect(stdout).toMatch(/^# Generated by opgen/);
    expect(stdout).toContain('name: things.a.example.com\n');
    expect(Object.keys(snapshotTree(folder))).toEqual(['lib/', 'lib/v1/', 'lib/v1/thing.ts']);
    await succeed(folder, 'generate', 'crds', '--paths', 'lib', '--output', 'out');
    expect(Object.keys(snapshotTree(join(folder, 'out'))).filter((path) => path.endsWith('.yaml'))).toEqual([
      'config/crd/bases/a.example.com_things.yaml',
    ]);
  });

  test('--check with --max-desc-len names a command that writes what was checked', async () => {
    const folder = await memcachedProject();
    const { stderr, status } = await opgen(folder, ['generate', '--check', '--max-desc-len', '0']);
    expect(stderr).toContain('run `opgen generate crds --max-desc-len 0` and commit the result');
    expect(status).toBe(1);
    await succeed(folder, 'generate', '--max-desc-len', '0');
    await succeed(folder, 'generate', '--check', '--max-desc-len', '0');
  });

  test('--max-desc-len 0 drops the descriptions', async () => {
    const folder = await memcachedProject();
    const { stdout } = await succeed(folder, 'generate', 'crds', '--max-desc-len', '0', '--output', '-');
    expect(stdout).toContain('kind: CustomResourceDefinition');
    expect(stdout).not.toContain('description:');
  });

  test('a CRLF checkout shows no drift', async () => {
    const folder = await memcachedProject();
    for (const path of [types, crd, 'config/rbac/role.yaml'])
      edit(folder, path, (text) => text.replaceAll('\n', '\r\n'));
    expect((await succeed(folder, 'generate', '--check')).stdout).toContain('No drift');
  });

  test('the manifest is rebuilt after a merge conflict, and nothing that was recorded is forgotten', async () => {
    const folder = await memcachedProject();
    const before = read(folder, '.opgen/manifest.json');
    edit(folder, '.opgen/manifest.json', (text) => {
      const ours = text.split('\n').filter((line) => line.includes('role.yaml'));
      const theirs = ours.map((line) => line.replace(/[0-9a-f]{64}/, '0'.repeat(64)));
      const conflict = ['<<<<<<< HEAD', ...ours, '=======', ...theirs, '>>>>>>> other'].join('\n');
      return text.replace(ours.join('\n'), conflict);
    });
    edit(folder, types, (text) => text.replace('@maximum 100', '@maximum 7'));
    await succeed(folder, 'generate');
    const paths = (text: string): readonly string[] =>
      JSON.parse(text).files.map((file: { path: string }) => file.path);
    expect(paths(read(folder, '.opgen/manifest.json'))).toEqual(paths(before));
    expect((await succeed(folder, 'generate', '--check')).stdout).toContain('No drift');
  });

  test('--paths are relative to where the user stands', async () => {
    const folder = await memcachedProject();
    const below = join(folder, 'src/api');
    expect((await succeed(below, 'generate', 'crds', '--paths', 'v1alpha1', '--output', '-')).stdout).toContain(
      'memcacheds',
    );
    for (const path of ['', '../../..']) {
      await expectRefusal(below, ['generate', '--paths', path, '--output', '-'], {
        status: 2,
        code: 'OG5001',
        says: [/--paths/],
      });
    }
  });

  test('--force does not take the name of an artifact for a path', async () => {
    const folder = await memcachedProject();
    edit(folder, crd, (text) => text.replace('scope: Namespaced', 'scope: Cluster'));
    await succeed(folder, 'generate', '--force', 'crds');
    expect(read(folder, crd)).toContain('scope: Namespaced');
    await expectRefusal(folder, ['generate', '--force=config/rbac/roles.yaml'], {
      status: 2,
      code: 'OG5001',
      says: [/did you mean `--force=config\/rbac\/role\.yaml`\?/],
    });
  });
});

describe('generate --check', () => {
  test('names what is out of date, why, and the command that fixes it', async () => {
    const folder = await memcachedProject();
    edit(folder, types, (text) => text.replace('@maximum 100', '@maximum 7'));
    const before = snapshotTree(folder);
    const { status, stderr } = await opgen(folder, ['generate', '--check']);
    expect(status).toBe(1);
    expect(stderr).toContain('OG4002');
    expect(stderr).toContain(crd);
    expect(stderr).toMatch(/src\/api\/v1alpha1\/memcached\.ts:\d+/);
    expect(stderr).toContain('opgen generate crds');
    expect(stderr).toMatch(/^-\s+maximum: 100$/m);
    expect(stderr).toMatch(/^\+\s+maximum: 7$/m);
    expect(snapshotTree(folder)).toEqual(before);
  });

  test('sees a missing file and an orphan', async () => {
    const folder = await memcachedProject();
    rmSync(join(folder, 'config/rbac/role.yaml'));
    edit(folder, types, (text) => text.replaceAll('Memcached', 'Renamed'));
    edit(folder, 'PROJECT', (text) => text.replace('kind: Memcached', 'kind: Renamed'));
    const { status, stderr } = await opgen(folder, ['generate', '--check']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/OG4003: .*config\/rbac\/role\.yaml/);
    expect(stderr).toMatch(/OG4004: .*cache\.example\.com_memcacheds\.yaml/);
  });
});

describe('nothing is lost', () => {
  test('a generated file that was edited by hand', async () => {
    const folder = await memcachedProject();
    edit(folder, crd, (text) => text.replace('scope: Namespaced', 'scope: Cluster'));
    const refused = await expectRefusal(folder, ['generate'], {
      status: 1,
      code: 'OG4001',
      says: [/hint: .*--force=config\/crd\/bases/],
    });
    expect(refused.stderr).toMatch(/^-\s+scope: Cluster$/m);
    await expectRefusal(folder, ['generate', '--check'], { status: 1, code: 'OG4001' });
    await succeed(folder, 'generate', `--force=${crd}`);
    expect(read(folder, crd)).toContain('scope: Namespaced');
    expect(read(folder, `${crd}.orig`)).toContain('scope: Cluster');
  });

  test('a types file with a syntax error', async () => {
    const folder = await memcachedProject();
    edit(folder, types, (text) => text.replace('replicas?: Int32;', 'replicas?: Int32'.concat(' = ;')));
    await expectRefusal(folder, ['generate'], {
      status: 1,
      code: 'OG1001',
      says: [/src\/api\/v1alpha1\/memcached\.ts:\d+:\d+ error/],
    });
  });

  test('a kind without group', async () => {
    const folder = tempFolder();
    write(
      folder,
      'src/v1/thing.ts',
      "import type { CustomResource } from 'opgen/api';\nexport interface Thing extends CustomResource<{ size: number }> {}\n",
    );
    await expectRefusal(folder, ['generate'], { status: 1, code: 'OG1003', says: [/\+groupName=/] });
  });

  test('an unknown marker', async () => {
    const folder = await memcachedProject();
    edit(folder, types, (text) => text.replace('kubebuilder:subresource:status', 'kubebuilder:subresourse:status'));
    await expectRefusal(folder, ['generate'], {
      status: 1,
      code: 'OG2001',
      says: [/did you mean `\+kubebuilder:subresource:status`\?/],
    });
  });

  test('not an opgen project', async () => {
    await expectRefusal(tempFolder(), ['generate'], { status: 2, code: 'OG5002', says: [/hint: run `opgen init/] });
  });

  test('a folder where a file should be', async () => {
    const folder = await memcachedProject();
    rmSync(join(folder, crd));
    mkdirSync(join(folder, crd));
    await expectRefusal(folder, ['generate'], {
      status: 2,
      code: 'OG4006',
      says: [/cache\.example\.com_memcacheds\.yaml/],
    });
  });

  test('a symlink that leads out of the project', async () => {
    const folder = await memcachedProject();
    const outside = tempFolder();
    renameSync(join(folder, 'config/crd'), join(outside, 'crd'));
    symlinkSync(join(outside, 'crd'), join(folder, 'config/crd'));
    edit(folder, types, (text) => text.replace('@maximum 100', '@maximum 7'));
    const before = snapshotTree(outside);
    await expectRefusal(folder, ['generate'], { status: 2, code: 'OG4005', says: [/config\/crd/] });
    expect(snapshotTree(outside)).toEqual(before);
  });

  test('--paths that match nothing', async () => {
    const folder = await memcachedProject();
    await expectRefusal(folder, ['generate', '--paths', 'scr/**/*.ts'], {
      status: 2,
      code: 'OG5001',
      says: [/scr\/\*\*\/\*\.ts/],
    });
  });

  test('an artifact that does not exist', async () => {
    const folder = await memcachedProject();
    await expectRefusal(folder, ['generate', 'crd'], {
      status: 2,
      code: 'OG5001',
      says: [/`crd`/, /did you mean `crds`\?/],
    });
  });
});
