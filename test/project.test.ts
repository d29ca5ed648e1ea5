import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { succeed } from './support/opgen.js';
import { packedOpgen } from './support/packed.js';
import { run } from './support/process.js';
import { expectToRun } from './support/running.js';
import { tempFolder } from './support/temp.js';

/** The everyday project: scaffolded, installed from the packed package, with the types of the Memcached fixture. */
describe('a scaffolded project', () => {
  let folder: string;
  beforeAll(async () => {
    folder = tempFolder();
    const tarball = await packedOpgen();
    await succeed(folder, 'init', '--domain', 'example.com', '--project-name', 'demo', '--opgen', `file:${tarball}`);
    await succeed(folder, 'create', 'api', '--group', 'cache', '--version', 'v1alpha1', '--kind', 'Memcached');
  });

  const npx = (...args: readonly string[]) =>
    run(join(folder, 'node_modules/.bin', args[0]!), args.slice(1), { cwd: folder });

  async function expectSound(): Promise<void> {
    const compiled = await npx('tsc', '--noEmit');
    expect(compiled.stdout).toBe('');
    const linted = await npx('biome', 'check', '--error-on-warnings');
    expect(linted.stdout + linted.stderr).not.toMatch(/Found \d+ (error|warning)/);
    expect(linted.status).toBe(0);
    const tested = await npx('vitest', 'run');
    expect(tested.stdout + tested.stderr).toMatch(/Tests .*passed/);
    expect(tested.status).toBe(0);
    const bundled = await run('npm', ['run', 'bundle'], { cwd: folder });
    expect(bundled.stderr).not.toMatch(/\[(ERROR|WARNING)\]/);
    expect(existsSync(join(folder, 'dist/main.js'))).toBe(true);
    const checked = await npx('opgen', 'generate', '--check');
    expect(checked.stderr).toBe('');
    expect(checked.stdout).toMatch(/^No drift/);
  }

  test('compiles, lints, tests green, builds and shows no drift', expectSound);

  test('still does with the types of a real API', async () => {
    cpSync('fixtures/crds/memcached/src/api/v1alpha1/memcached.ts', join(folder, 'src/api/v1alpha1/memcached.ts'));
    await succeed(folder, 'generate');
    await expectSound();
  });

  test('still does with two more kinds, one of them of the cluster', async () => {
    await succeed(folder, 'create', 'api', '--group', 'cache', '--version', 'v1alpha1', '--kind', 'Proxy');
    await succeed(folder, 'create', 'api', '--group', 'cache', '--version', 'v1', '--kind', 'Zone', '--no-namespaced');
    await expectSound();
  });

  test('its operator starts and stops', () => expectToRun(folder));

  test('its Makefile runs opgen', async () => {
    const { stdout, status } = await run('make', ['-C', folder, 'check']);
    expect(stdout).toContain('No drift');
    expect(status).toBe(0);
    const help = await run('make', ['-C', folder]);
    for (const target of ['manifests', 'generate', 'check', 'install', 'uninstall', 'lint', 'build'])
      expect(help.stdout).toContain(`  ${target} `);
  });

  test('its handles are typed', async () => {
    const { writeFileSync, rmSync } = await import('node:fs');
    const file = join(folder, 'src/use.ts');
    const program = `import type { Resource } from 'opgen/runtime';
import { Memcached } from './generated/index.js';
export const handle: Resource<Memcached> = Memcached;
export const object: Memcached = { apiVersion: 'cache.example.com/v1alpha1', kind: 'Memcached', metadata: { name: 'x' }, spec: { size: 3 } };
// @ts-expect-error a size is a number
export const wrong: Memcached = { ...object, spec: { size: 'three' } };
`;
    writeFileSync(file, program);
    const compiled = await npx('tsc', '--noEmit');
    rmSync(file);
    expect(compiled.stdout).toBe('');
  });
});
