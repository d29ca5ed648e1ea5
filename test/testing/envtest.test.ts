import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { textOf } from '../../src/runtime/request.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { kubectl } from '../support/kubectl.js';
import { type RunResult, run } from '../support/process.js';
import { tempFolder } from '../support/temp.js';

const crds = join(import.meta.dirname, '../../fixtures/envtest');

/** The folder that temporary folders are made in: what a control plane leaves behind is found here. */
let temp: string;
beforeEach(() => {
  temp = tempFolder();
  vi.stubEnv('TMPDIR', temp);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The folders of control planes in `temp`, and the processes that have such a folder in their arguments. */
async function remains(): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'args']);
  const folders = readdirSync(temp).filter((name) => name.startsWith('opgen-envtest-'));
  return [...folders, ...stdout.split('\n').filter((line) => line.includes(join(temp, 'opgen-envtest-')))];
}

function writeProgram(dir: string, name: string, script: string): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dir, name), 0o755);
}

/** Runs a program that has `startEnvtest` in a process of its own. */
function runWithEnvtest(source: string, options: { cwd?: string; env?: Record<string, string | undefined> } = {}) {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const entry = pathToFileURL(join(import.meta.dirname, '../../src/testing/index.ts')).href;
  const program = `import { startEnvtest } from '${entry}';\n${source}`;
  return run(process.execPath, ['--import', tsx, '--input-type=module', '--eval', program], options);
}

describe('the programs', () => {
  test('must be in binDir, when it is given', async () => {
    vi.stubEnv('KUBEBUILDER_ASSETS', '/elsewhere');
    await expect(startEnvtest({ binDir: '/nowhere' })).rejects.toThrow(
      'startEnvtest needs the programs `etcd` and `kube-apiserver`, but `binDir` names `/nowhere`, ' +
        'which lacks `etcd` and `kube-apiserver`. hint: export KUBEBUILDER_ASSETS="$(setup-envtest use -p path)"',
    );
  });

  test('must be in KUBEBUILDER_ASSETS, when it is set', async () => {
    const folder = tempFolder();
    writeProgram(folder, 'etcd', 'exit 1');
    vi.stubEnv('KUBEBUILDER_ASSETS', folder);
    await expect(startEnvtest()).rejects.toThrow(
      `but KUBEBUILDER_ASSETS names \`${folder}\`, which lacks \`kube-apiserver\`. hint: `,
    );
  });

  const printError = 'await startEnvtest().catch((error) => console.log(error.message));';

  test('are searched in the usual places otherwise', async () => {
    const { stdout } = await runWithEnvtest(printError, { cwd: tempFolder(), env: { KUBEBUILDER_ASSETS: undefined } });
    expect(stdout).toContain(
      'KUBEBUILDER_ASSETS is not set, and neither `bin/k8s/<version>` nor `/usr/local/kubebuilder/bin` has both',
    );
  });

  test('are those of the newest version below bin/k8s that has both', async () => {
    const cwd = tempFolder();
    for (const version of ['1.9.11', '1.36.0', '1.35.12']) {
      writeProgram(join(cwd, 'bin/k8s', `${version}-linux-amd64`), 'etcd', `echo this is ${version}; exit 1`);
      writeProgram(join(cwd, 'bin/k8s', `${version}-linux-amd64`), 'kube-apiserver', 'exit 1');
    }
    writeProgram(join(cwd, 'bin/k8s/1.37.0-linux-amd64'), 'etcd', 'echo this one is incomplete; exit 1');
    const { stdout } = await runWithEnvtest(printError, { cwd, env: { KUBEBUILDER_ASSETS: undefined } });
    expect(stdout).toMatch(/\nthis is 1\.36\.0\n/);
  });
});

describe('a server that ends', () => {
  let binDir: string;
  beforeEach(() => {
    binDir = tempFolder();
    writeProgram(binDir, 'kube-apiserver', 'exit 1');
  });

  test('is named with the end of its log, and nothing is left behind', async () => {
    writeProgram(binDir, 'etcd', 'seq -f "line %g" 50; echo the disk is full >&2; exit 7');
    const error = await startEnvtest({ binDir }).catch((reason: Error) => reason.message);
    expect(error).toMatch(/^`etcd` must be ready within 60 seconds, but .*exit code 7; the end of its log:\n/);
    expect(error).toMatch(/\nline 50\nthe disk is full$/);
    expect(error).not.toContain('line 9\n');
    expect(await remains()).toEqual([]);
  });

  test('gets other ports when its own were taken in the meantime', async () => {
    const tried = join(binDir, 'tried');
    const collision = `[ -e ${tried} ] || { echo "$*" >${tried}; echo bind: address already in use; exit 1; }`;
    writeProgram(binDir, 'etcd', `${collision}; echo "$*"; exit 1`);
    const error = await startEnvtest({ binDir }).catch((reason: Error) => reason.message);
    const [before, after] = [readFileSync(tried, 'utf8'), `${error}`].map((text) => text.match(/:\d{2,5}\b/g));
    expect(before).not.toBeNull();
    expect(after).toHaveLength(before!.length);
    expect(after!.filter((port) => before!.includes(port))).toEqual([]);
  });

  test('prints its output where the tests print, with attachOutput', async () => {
    writeProgram(binDir, 'etcd', 'echo the disk is full >&2; exit 7');
    const start = `startEnvtest({ attachOutput: true, binDir: '${binDir}' })`;
    const { stdout, stderr } = await runWithEnvtest(`await ${start}.catch((error) => console.log(error.message));`);
    expect(stderr).toBe('the disk is full\n');
    expect(stdout).toMatch(/exit code 7; its output is above$/m);
  });
});

test.each(['a folder without CRDs', 'a missing path'])('%s in crdPaths is an error', async (name) => {
  const binDir = tempFolder();
  for (const program of ['etcd', 'kube-apiserver']) writeProgram(binDir, program, 'exit 1');
  const path = name === 'a missing path' ? join(binDir, 'config/crd') : binDir;
  await expect(startEnvtest({ binDir, crdPaths: [path] })).rejects.toThrow(`but \`${path}\` has none`);
});

describeWithCluster('a control plane', () => {
  let envtest: Envtest;
  beforeAll(async () => {
    envtest = await startEnvtest({ crdPaths: [join(crds, 'folder'), join(crds, 'single.json')] });
  });
  afterAll(() => envtest?.stop());

  test('answers kubectl', () => {
    const { status, stdout } = kubectl(envtest, ['version', '--output=json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).serverVersion.gitVersion).toMatch(/^v1\.\d+/);
  });

  test('answers the runtime', async () => {
    const answer = await envtest.cluster.request({ method: 'GET', path: '/api/v1/namespaces/default' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(await textOf(answer))).toMatchObject({ kind: 'Namespace', metadata: { name: 'default' } });
  });

  test.each([{ existing: true }, undefined])('is found as an existing cluster, with %o', async (options) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'config'), envtest.kubeconfig);
    vi.stubEnv('KUBECONFIG', join(folder, 'config'));
    if (!options) vi.stubEnv('USE_EXISTING_CLUSTER', 'true');
    const found = await startEnvtest({ ...options, crdPaths: [join(crds, 'single.json')] });
    expect(found.url).toBe(envtest.url);
    expect((await found.cluster.request({ method: 'GET', path: '/readyz' })).status).toBe(200);
    expect(kubectl(found, ['get', 'namespaces'])).toMatchObject({ status: 0, stderr: '' });
    await expect(found.restartApiServer()).rejects.toThrow('existing cluster');
    await found.stop();
    await found.stop();
    expect(kubectl(envtest, ['get', 'namespaces'])).toMatchObject({ status: 0 });
  });

  test('gives its user every right', () => {
    expect(kubectl(envtest, ['auth', 'whoami', '--output=jsonpath={.status.userInfo.groups}']).stdout).toContain(
      '"system:masters"',
    );
    expect(kubectl(envtest, ['create', 'namespace', 'team-a'])).toMatchObject({ status: 0, stderr: '' });
  });

  test('is trusted by its authority alone', () => {
    const kubeconfig = envtest.kubeconfig.replace(/^ *certificate-authority-data: .*\n/m, '');
    const { status, stderr } = kubectl({ kubeconfig }, ['get', 'namespaces']);
    expect(status).not.toBe(0);
    expect(stderr).toContain('certificate signed by unknown authority');
  });

  test('refuses a wrong token', () => {
    const kubeconfig = envtest.kubeconfig.replace(/token: .*/, 'token: wrong');
    expect(kubectl({ kubeconfig }, ['get', 'namespaces']).stderr).toContain('You must be logged in');
  });

  test.each([
    ['apps.example.com/v1', 'First'],
    ['apps.example.com/v1beta1', 'First'],
    ['apps.example.com/v1', 'Second'],
    ['apps.example.com/v1', 'Third'],
  ])('serves %s %s of crdPaths at once', (apiVersion, kind) => {
    const name = `${kind}-${apiVersion.split('/')[1]}`.toLowerCase();
    const object = JSON.stringify({ apiVersion, kind, metadata: { name } });
    expect(kubectl(envtest, ['create', '--filename=-'], object)).toMatchObject({ status: 0, stderr: '' });
  });

  test('keeps data, address and credentials over a restart of the API server', async () => {
    kubectl(envtest, ['create', 'namespace', 'kept']);
    const started = () => kubectl(envtest, ['get', '--raw=/metrics']).stdout.match(/^process_start_time.*$/m)?.[0];
    const before = started();
    await envtest.restartApiServer();
    expect(kubectl(envtest, ['get', 'namespace', 'kept'])).toMatchObject({ status: 0, stderr: '' });
    const answer = await envtest.cluster.request({ method: 'GET', path: '/api/v1/namespaces/kept' });
    expect(answer.status).toBe(200);
    expect(started()).not.toBe(before);
  });
});

describeWithCluster('the end of a control plane', () => {
  test('leaves neither processes nor files, and may come twice', async () => {
    const envtest = await startEnvtest();
    expect(await remains()).not.toEqual([]);
    await Promise.all([envtest.stop(), envtest.stop()]);
    await envtest.stop();
    expect(await remains()).toEqual([]);
    await expect(envtest.restartApiServer()).rejects.toThrow('it was stopped');
  });

  test('waits for a restart that is under way', async () => {
    const envtest = await startEnvtest();
    const restart = envtest.restartApiServer();
    await envtest.stop();
    await restart;
    expect(await remains()).toEqual([]);
  });

  test.each<[string, string, Partial<RunResult>]>([
    ['has nothing more to do', '', { status: 0, signal: null }],
    ['is killed', 'process.kill(process.pid, "SIGKILL");', { status: null, signal: 'SIGKILL' }],
  ])('comes when the process that started it %s', async (_, last, end) => {
    expect(await runWithEnvtest(`await startEnvtest();\n${last}`)).toMatchObject(end);
    await vi.waitFor(async () => expect(await remains()).toEqual([]), { timeout: 5_000, interval: 100 });
  });

  test('comes when a CRD is refused, with the file and the reason', async () => {
    const file = join(crds, 'refused.yaml');
    await expect(startEnvtest({ crdPaths: [file] })).rejects.toThrow(
      /but the API server refused `.*refused\.yaml`: .*must be plural\.group|metadata\.name/,
    );
    expect(await remains()).toEqual([]);
  });
});
