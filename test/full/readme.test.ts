import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEnvtest } from '../../src/testing/index.js';
import { assets } from '../support/assets.js';
import { startControllerManager } from '../support/controllers.js';
import { startKubelet } from '../support/kubelet.js';
import { run } from '../support/process.js';
import { sharedFolder } from '../support/temp.js';

const readme = readFileSync('README.md', 'utf8');
const folder = sharedFolder();
const clone = join(folder, 'opgen');
const project = join(folder, 'memcached-operator');

/** The commands below a heading, up to the next one. A line that ends in `# exits with N` has to. */
function scriptBelow(heading: string): string {
  const section = readme.split(`\n${heading}\n`)[1]?.split(/\n##/)[0] ?? '';
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(blocks.length, heading).toBeGreaterThan(0);
  return blocks.join('').replace(/^(.*?) +# exits with (\d+)$/gm, 'rc=0; $1 || rc=$?; [ $rc -eq $2 ]');
}

async function follow(heading: string, cwd: string, env: Record<string, string> = {}) {
  const script = scriptBelow(heading);
  const { status, stdout, stderr } = await run('bash', ['-e', '-c', script], { cwd, env, timeout: 600_000 });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return { stdout, stderr };
}

test('the tutorial of the README works as it is written, in one shell on a fresh clone', async () => {
  expect((await run('git', ['clone', '--quiet', '.', clone])).status).toBe(0);
  const { stdout, stderr } = await follow('## Five minutes', clone);
  for (const kind of ['CustomResourceDefinition', 'ClusterRole', 'Memcached'])
    expect(stdout).toContain(`kind: ${kind}`);
  expect(stderr).toMatch(/error OG2001: .*did you mean `\+kubebuilder:printcolumn`\?/);
  expect(stderr).toContain('error OG4001');
  expect(stdout).toContain('No drift');
  expect(stdout).toMatch(/Tests .*passed/);
}, 700_000);

test.skipIf(assets === undefined)(
  'so does its part with a cluster',
  async () => {
    const envtest = await startEnvtest();
    onTestFinished(() => envtest.stop());
    const controllers = await startControllerManager(envtest);
    onTestFinished(() => controllers.stop());
    const kubelet = await startKubelet(envtest);
    onTestFinished(() => kubelet.stop());
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, envtest.kubeconfig, { mode: 0o600 });
    const { stdout } = await follow('### With a cluster', project, {
      KUBECONFIG: kubeconfig,
      PATH: `${assets}:${process.env.PATH}`,
    });
    expect(stdout).toMatch(/memcached-sample\s+3\s+True/);
    expect(stdout).toMatch(/deployment\.apps\/memcached-sample condition met/);
  },
  300_000,
);
