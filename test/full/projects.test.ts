import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { succeed } from '../support/opgen.js';
import { packedOpgen } from '../support/packed.js';
import { run } from '../support/process.js';
import { expectToRun } from '../support/running.js';
import { tempFolder } from '../support/temp.js';

/** Every layout that flags can give: each compiles, lints, tests green, builds and shows no drift. */
const layouts: readonly {
  readonly name: string;
  readonly init: readonly string[];
  readonly apis: readonly (readonly string[])[];
}[] = [
  { name: 'a kind of the domain itself', init: [], apis: [['--kind', 'Memcached']] },
  {
    name: 'multigroup',
    init: ['--multigroup'],
    apis: [
      ['--group', 'cache', '--version', 'v1alpha1', '--kind', 'Memcached'],
      ['--group', 'web', '--version', 'v1', '--kind', 'Page'],
      ['--group', 'web', '--version', 'v1', '--kind', 'Memcached'],
    ],
  },
  {
    name: 'namespaced',
    init: ['--namespaced'],
    apis: [
      ['--group', 'cache', '--kind', 'Memcached'],
      ['--group', 'cache', '--kind', 'Condition'],
    ],
  },
  {
    name: 'multigroup and namespaced, with an owner and no licence',
    init: ['--multigroup', '--namespaced', '--owner', 'The "Acme" Authors', '--license', 'none'],
    apis: [
      ['--kind', 'Memcached', '--plural', 'memcachedz'],
      ['--group', 'cache', '--kind', 'Resource', '--no-namespaced'],
    ],
  },
  {
    name: 'controllers of every sort',
    init: ['--multigroup'],
    apis: [
      ['--group', 'cache', '--kind', 'Memcached', '--image', 'memcached:1.6.26', '--image-container-port', '11211'],
      ['--group', 'cache', '--kind', 'Memcached', '--no-resource', '--controller-name', 'memcached-backup'],
      ['--group', 'cache', '--kind', 'Page', '--no-controller'],
      ['--group', 'apps', '--version', 'v1', '--kind', 'Deployment', '--no-resource'],
      ['--group', 'core', '--version', 'v1', '--kind', 'Pod', '--no-resource'],
      ['--group', 'cert-manager', '--external-api-domain', 'io', '--kind', 'Certificate', '--no-resource'],
    ],
  },
];

describe('projects in every layout', () => {
  test.each(layouts)('$name', async ({ init, apis }) => {
    const folder = tempFolder();
    const tarball = await packedOpgen();
    await succeed(
      folder,
      'init',
      '--domain',
      'example.com',
      '--project-name',
      'demo',
      '--opgen',
      `file:${tarball}`,
      ...init,
    );
    for (const flags of apis) await succeed(folder, 'create', 'api', ...flags);
    const tool = (name: string, ...args: readonly string[]) =>
      run(join(folder, 'node_modules/.bin', name), args, { cwd: folder });
    const compiled = await tool('tsc', '--noEmit');
    expect(compiled.stdout).toBe('');
    const linted = await tool('biome', 'check', '--error-on-warnings');
    expect(linted.stderr + linted.stdout).toContain('Checked');
    expect(linted.status).toBe(0);
    const tested = await tool('vitest', 'run');
    expect(tested.stdout + tested.stderr).toMatch(/Tests .*passed/);
    expect(tested.status).toBe(0);
    expect((await run('npm', ['run', 'bundle'], { cwd: folder })).status).toBe(0);
    expect((await tool('opgen', 'generate', '--check')).stdout).toMatch(/^No drift/);
    await expectToRun(folder);
  });
});
