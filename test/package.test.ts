import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { packedOpgen } from './support/packed.js';
import { run } from './support/process.js';
import { tempFolder } from './support/temp.js';

/** What a user gets: the packed tarball, installed into an empty folder. */
describe('the packed package', () => {
  let folder: string;
  beforeAll(async () => {
    folder = tempFolder();
    const tarball = await packedOpgen();
    const installed = await run(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, tarball],
      { timeout: 170_000 },
    );
    expect(installed.status, installed.stderr).toBe(0);
  });

  const packageFolder = (): string => join(folder, 'node_modules/opgen');

  test('contains what is needed and nothing else', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json']);
    const [{ files, size }] = JSON.parse(stdout) as [{ files: { path: string }[]; size: number }];
    const paths = files.map(({ path }) => path);
    const wanted =
      /^(package\.json|README\.md|LICENSE|bin\/opgen\.js|templates\/.+|dist\/.+\.(js|d\.ts|json)|dist\/LICENSES\.txt)$/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
    for (const path of [
      'README.md',
      'LICENSE',
      'bin/opgen.js',
      'dist/cli/main.js',
      'dist/LICENSES.txt',
      'dist/k8s/builtin.json',
      'dist/project.schema.json',
    ]) {
      expect(paths).toContain(path);
    }
    expect(size).toBeLessThan(2_000_000);
  });

  test('its CLI starts, whole sentences included', async () => {
    const { stdout, status } = await run(join(folder, 'node_modules/.bin/opgen'), ['version'], { cwd: folder });
    expect(stdout).toMatch(/^opgen \d/);
    expect(status).toBe(0);
  });

  test('every entry can be imported', async () => {
    const entries = ['opgen', 'opgen/api', 'opgen/k8s', 'opgen/k8s/apps/v1', 'opgen/runtime', 'opgen/testing'];
    const program = entries.map((entry, index) => `import * as e${index} from '${entry}';`).join('\n');
    const check =
      'console.log(typeof e0.readApi, e2.Deployment.plural, e3.Deployment.group, typeof e4.defineResource, typeof e5.startEnvtest);';
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', `${program}\n${check}`], {
      cwd: folder,
    });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('function deployments apps function function');
  });

  test('what is not an entry cannot be imported', async () => {
    for (const entry of ['opgen/dist/index.js', 'opgen/k8s/types/v1']) {
      const { stderr } = await run(process.execPath, ['--input-type=module', '-e', `import '${entry}'`], {
        cwd: folder,
      });
      expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
    }
  });

  test('installing it runs no scripts', () => {
    const { scripts } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|pack)/.test(name))).toEqual([]);
  });

  test('its programmatic API reads, generates and plans', async () => {
    const program = `
      import { diskTree, generate, plan, projectSources, readApi } from 'opgen';
      const root = process.argv[1];
      const api = await readApi(root, projectSources(diskTree(root)));
      const made = generate(undefined, api.value, { only: ['crds'] });
      const planned = plan(made.value.artifacts, diskTree(root), { opgenVersion: '0.0.0', manifest: false });
      console.log(JSON.stringify(planned.value.map(({ path, action }) => [path, action])));`;
    const fixture = join(process.cwd(), 'fixtures/crds/memcached');
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', program, fixture], {
      cwd: folder,
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([['config/crd/bases/cache.example.com_memcacheds.yaml', 'keep']]);
  });
});
