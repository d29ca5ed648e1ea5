import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readableLog } from '../../src/cli/dev/log.js';
import { type Followed, follow } from '../support/follow.js';
import { bin, memcachedProject, newProject, opgen, write } from '../support/opgen.js';

/** An operator that says what it knows, and complains when another one runs at the same time. */
const operator = `
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { label } from './label.js';
const log = (message: string, fields: object = {}) =>
  process.stderr.write(JSON.stringify({ time: '2026-01-02T03:04:05.678Z', level: 'info', message, ...fields }) + '\\n');
if (existsSync('running')) log('There are two operators');
process.once('exit', () => rmSync('running', { force: true }));
process.on('SIGINT', () => log('Interrupted'));
process.once('SIGTERM', () => {
  log('Stopping');
  setTimeout(() => process.exit(0), Number(process.env.SLOW ?? 0));
});
writeFileSync('running', '');
log('Started ' + label, { pid: process.pid, args: process.argv.slice(2).join(), kubeconfig: process.env.KUBECONFIG });
setInterval(() => {}, 1000);
`;

const kubeconfig = `apiVersion: v1
kind: Config
current-context: kind-test
contexts: [{ name: kind-test, context: { cluster: c, user: u } }]
clusters: [{ name: c, cluster: { server: 'http://127.0.0.1:1' } }]
users: [{ name: u, user: { token: t } }]
`;

const clean = { NO_COLOR: undefined, FORCE_COLOR: undefined, KUBECONFIG: undefined, HOME: '/nonexistent', TZ: 'UTC' };

async function operatorProject(): Promise<string> {
  const folder = await memcachedProject();
  write(folder, 'src/main.ts', operator);
  write(folder, 'src/label.ts', "export const label: string = 'one';\n");
  write(folder, 'kubeconfig', kubeconfig);
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules/esbuild'), join(folder, 'node_modules/esbuild'));
  return folder;
}

/** Runs `opgen dev` in a process group of its own. */
function start(folder: string, args: readonly string[] = [], env: Record<string, string> = {}): Followed {
  const child = spawn(process.execPath, [bin, 'dev', '--kubeconfig', 'kubeconfig', ...args], {
    cwd: folder,
    env: { ...process.env, ...clean, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const dev = follow(child);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await dev.ended;
  });
  return dev;
}

const started = /Started (\w+).* pid=(\d+)/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const label = (folder: string, value: string): void =>
  write(folder, 'src/label.ts', `export const label: string = '${value}';\n`);

describe('opgen dev', () => {
  test('names the cluster, generates, runs the operator, and ends it with Ctrl-C', async () => {
    const folder = await operatorProject();
    const crd = join(folder, 'config/crd/bases/cache.example.com_memcacheds.yaml');
    rmSync(crd);
    const dev = start(folder, ['--', '--format=json', '--leader-elect=false']);
    await dev.until(/runs against http:\/\/127\.0\.0\.1:1, from .*kubeconfig \(context kind-test\)/);
    await dev.until(/create config\/crd\/bases/);
    await dev.until(/`make install` brings the changed CRDs into the cluster\./);
    const [, , pid] = await dev.until(started);
    expect(dev.output()).toMatch(/03:04:05 {2}info {3}Started one/);
    expect(dev.output()).toContain('args=--format=json,--leader-elect=false');
    expect(dev.output()).toContain(`kubeconfig=${join(folder, 'kubeconfig')}`);
    expect(existsSync(crd)).toBe(true);
    process.kill(-dev.child.pid!, 'SIGINT');
    expect(await dev.ended).toBe(0);
    expect(dev.output(), 'Ctrl-C is for opgen only').not.toContain('Interrupted');
    expect(dev.output()).toMatch(/Stopping\n.*Stopped\.\n/s);
    expect(isAlive(Number(pid))).toBe(false);
  });

  test('starts the operator again after a change, once for many, however the editor writes', async () => {
    const folder = await operatorProject();
    const dev = start(folder);
    await dev.until(started);
    for (const value of ['two', 'three', 'four']) label(folder, value);
    expect((await dev.until(started))[1]).toBe('four');
    writeFileSync(join(folder, 'src/.label.tmp'), "export const label: string = 'five';\n");
    renameSync(join(folder, 'src/.label.tmp'), join(folder, 'src/label.ts'));
    expect((await dev.until(started))[1]).toBe('five');
    write(folder, 'src/deep/er/label.ts', "export const label: string = 'six';\n");
    write(folder, 'src/label.ts', "export * from './deep/er/label.js';\n");
    expect((await dev.until(started))[1]).toBe('six');
    write(folder, 'src/deep/er/label.ts', "export const label: string = 'seven';\n");
    expect((await dev.until(started))[1]).toBe('seven');
    expect(dev.output().match(/Restarting/g)).toHaveLength(4);
    expect(dev.output()).not.toContain('two operators');
  });

  test('what does not change the bundle restarts nothing', async () => {
    const folder = await operatorProject();
    const dev = start(folder);
    await dev.until(started);
    write(folder, 'src/.label.ts.swp', 'x');
    write(folder, 'src/api/v1alpha1/more.ts', '/** Nothing that the operator uses. */\nexport type Text = string;\n');
    await sleep(1500);
    label(folder, 'two');
    expect((await dev.until(started))[1]).toBe('two');
    expect(dev.output().match(/Started/g)).toHaveLength(2);
  });

  test('with mistakes the operator stays: of the syntax, and of the types of the API', async () => {
    const folder = await operatorProject();
    const dev = start(folder);
    const [, , pid] = await dev.until(started);
    write(folder, 'src/label.ts', 'export const label = ;\n');
    await dev.until(/src\/label\.ts:1:22 error: Unexpected ";"\n {2}1 \| export const label = ;\n {4}\| {22}\^/);
    await dev.until(/The operator stays as it was/);
    expect(isAlive(Number(pid))).toBe(true);
    label(folder, 'two');
    expect((await dev.until(started))[1]).toBe('two');
    const types = readFileSync(join(folder, 'src/api/v1alpha1/memcached.ts'), 'utf8');
    write(
      folder,
      'src/api/v1alpha1/memcached.ts',
      types.replace('MemcachedSpec {', 'MemcachedSpec {\n  when?: Map<string, Date>;'),
    );
    await dev.until(/memcached\.ts:\d+:\d+ error OG\d+/);
    await dev.until(/The operator stays as it was/);
    write(folder, 'src/api/v1alpha1/memcached.ts', types);
    label(folder, 'three');
    expect((await dev.until(started))[1]).toBe('three');
  });

  test('mistakes at the start wait for their repair', async () => {
    const folder = await operatorProject();
    write(folder, 'src/label.ts', "export { label } from './gone.js';\n");
    const dev = start(folder, ['--quiet']);
    await dev.until(/src\/label\.ts:1:23 error: Could not resolve/);
    await dev.until(/The operator starts when this is mended/);
    label(folder, 'mended');
    expect((await dev.until(started))[1]).toBe('mended');
    expect(dev.output()).not.toContain('runs against');
  });

  test('an operator that ends by itself starts again after the next change', async () => {
    const folder = await operatorProject();
    write(folder, 'src/label.ts', "export const label: string = 'x';\nthrow new Error('boom');\n");
    const dev = start(folder);
    await dev.until(/src\/label\.ts:2/);
    await dev.until(/The operator has ended with exit code 1\./);
    label(folder, 'two');
    expect((await dev.until(started))[1]).toBe('two');
  });

  test('says what it waits for; a second Ctrl-C ends an operator that hangs', async () => {
    const folder = await operatorProject();
    const dev = start(folder, [], { SLOW: '600000' });
    const [, , pid] = await dev.until(started);
    dev.child.kill('SIGINT');
    await dev.until(/Waiting for the operator/);
    dev.child.kill('SIGINT');
    expect(await dev.ended).toBe(0);
    expect(isAlive(Number(pid))).toBe(false);
  });

  test('waits for an opgen that is at work in another terminal', async () => {
    const folder = await operatorProject();
    const dev = start(folder);
    await dev.until(started);
    write(folder, '.opgen/lock', `${process.pid}\n`);
    const types = readFileSync(join(folder, 'src/api/v1alpha1/memcached.ts'), 'utf8');
    write(
      folder,
      'src/api/v1alpha1/memcached.ts',
      types.replace('MemcachedSpec {', 'MemcachedSpec {\n  more?: string;'),
    );
    label(folder, 'two');
    await sleep(1000);
    expect(dev.output().match(/Started/g)).toHaveLength(1);
    rmSync(join(folder, '.opgen/lock'));
    await dev.until(/update config\/crd\/bases/);
    expect((await dev.until(started))[1]).toBe('two');
    expect(dev.output()).not.toContain('OG4007');
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('%s ends it as Ctrl-C does', async (signal) => {
    const folder = await operatorProject();
    const dev = start(folder);
    await dev.until(started);
    dev.child.kill(signal);
    expect(await dev.ended).toBe(0);
    expect(existsSync(join(folder, 'running'))).toBe(false);
  });

  test('when opgen is killed, the operator ends too', async () => {
    const folder = await operatorProject();
    const dev = start(folder);
    const [, , pid] = await dev.until(started);
    dev.child.kill('SIGKILL');
    await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
    expect(existsSync(join(folder, 'running'))).toBe(false);
  });

  test('when nobody reads the output any more, both end', async () => {
    const folder = await operatorProject();
    const dev = start(folder);
    const [, , pid] = await dev.until(started);
    dev.child.stdout?.destroy();
    dev.child.stderr?.destroy();
    label(folder, 'two');
    await expect.poll(() => isAlive(dev.child.pid!) || isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
    await expect.poll(() => existsSync(join(folder, 'running')), { timeout: 20_000 }).toBe(false);
  });
});

describe('opgen dev refuses', () => {
  const refused = async (folder: string, args: readonly string[], status = 2): Promise<string> => {
    const result = await opgen(folder, ['dev', ...args], { env: clean });
    expect(result.status).toBe(status);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    return result.stderr;
  };

  test('a folder that is no project', async () => {
    expect(await refused('/tmp', [])).toContain('OG5002');
  });

  test('a project without a program', async () => {
    const folder = await operatorProject();
    rmSync(join(folder, 'src/main.ts'));
    expect(await refused(folder, ['--kubeconfig', 'kubeconfig'])).toMatch(/OG5011: .*`src\/main\.ts`/);
  });

  test('a project without esbuild', async () => {
    const folder = await newProject();
    write(folder, 'src/main.ts', operator);
    expect(await refused(folder, [])).toMatch(/OG5011: .*`esbuild`.*npm install/);
  });

  test('an esbuild that does not start', async () => {
    const folder = await operatorProject();
    rmSync(join(folder, 'node_modules/esbuild'));
    write(folder, 'node_modules/esbuild/package.json', '{ "name": "esbuild", "main": "main.js" }');
    write(folder, 'node_modules/esbuild/main.js', 'throw new Error("made for another platform");\n');
    expect(await refused(folder, ['--kubeconfig', 'kubeconfig'])).toMatch(/OG5011: .*another platform.*npm ci/);
  });

  test('to run without a kubeconfig, or with one that says too little', async () => {
    const folder = await operatorProject();
    expect(await refused(folder, [])).toMatch(/OG5010: There must be a kubeconfig .*hint/);
    expect(await refused(folder, ['--kubeconfig', 'gone'])).toMatch(/OG5010: .*gone/);
    write(folder, 'kubeconfig', kubeconfig.replace('current-context: kind-test', 'current-context: other'));
    expect(await refused(folder, ['--kubeconfig', 'kubeconfig'])).toMatch(/OG5010: .*`other`.*kind-test/);
  });
});

describe('the log of an operator for people', () => {
  const entry = { time: '2026-01-02T03:04:05.678Z', level: 'info', message: 'Hello' };
  const line = (more: object): string =>
    readableLog(JSON.stringify({ ...entry, ...more }), false).replace(/^\S+ +/, '');

  test('controller and object stand together, other fields as they are, and what says the same twice is left out', () => {
    const place = { controller: 'memcached', controllerGroup: 'g', controllerKind: 'Memcached', reconcileID: 'r' };
    const object = { Memcached: { namespace: 'a', name: 'b' }, namespace: 'a', name: 'b' };
    const text = line({ ...place, ...object, size: 3, note: 'two words', spec: { x: 1 } });
    expect(text).toBe('info   Hello  memcached a/b  size=3 note="two words" spec={"x":1}');
  });

  test('an error stands behind its place, and its stack below', () => {
    const stack = 'Error: boom\n    at reconcile (src/a.ts:1:2)\n    at run (src/b.ts:3:4)';
    const text = line({ level: 'error', message: 'A reconcile failed', controller: 'c', error: 'boom', stack });
    const calls = '\n    at reconcile (src/a.ts:1:2)\n    at run (src/b.ts:3:4)';
    expect(text).toBe(`error  A reconcile failed  c  boom${calls}`);
  });

  test.each(['plain text', '{"no":"entry"}', '{broken', '[1]', ''])('%j is left as it is', (text) => {
    expect(readableLog(text, true)).toBe(text);
  });

  test('colours only where they are wanted; control characters are shown', () => {
    expect(readableLog(JSON.stringify(entry), true)).toContain('\x1b[36minfo \x1b[0m');
    expect(line({ message: 'a\x1b[2Jb', field: 'c\x07' })).toBe('info   a\\x1b[2Jb  field="c\\u0007"');
    expect(line({ message: 'a\nb' })).toBe('info   a\n    b');
  });
});
