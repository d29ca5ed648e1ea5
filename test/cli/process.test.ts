import { spawn } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bin,
  crd,
  expectRefusal,
  memcachedProject,
  newProject,
  opgen,
  replace,
  succeed,
  types,
} from '../support/opgen.js';
import { run } from '../support/process.js';
import { snapshotTree, tempFolder } from '../support/temp.js';

function changeTypes(folder: string): void {
  replace(folder, types, '@maximum 100', '@maximum 7');
}

describe('two processes', () => {
  test('a second opgen ends at once and names the first one', async () => {
    const folder = await memcachedProject();
    changeTypes(folder);
    writeFileSync(join(folder, '.opgen/lock'), `${process.pid}\n`);
    await expectRefusal(folder, ['generate'], {
      status: 2,
      code: 'OG4007',
      says: [new RegExp(`\\b${process.pid}\\b`)],
    });
  });

  test('the lock of a process that is gone is no obstacle', async () => {
    const folder = await memcachedProject();
    const { stdout } = await run('sh', ['-c', 'echo $$']);
    writeFileSync(join(folder, '.opgen/lock'), stdout);
    changeTypes(folder);
    await succeed(folder, 'generate');
    expect(existsSync(join(folder, '.opgen/lock'))).toBe(false);
  });

  test('of several at once each succeeds or names another one, and the result is whole', async () => {
    const folder = await memcachedProject();
    changeTypes(folder);
    const results = await Promise.all([1, 2, 3].map(() => opgen(folder, ['generate'])));
    for (const { status, stderr } of results) {
      expect([0, 2]).toContain(status);
      if (status === 2) expect(stderr).toMatch(/OG4007|OG4012/);
    }
    expect(results.some(({ status }) => status === 0)).toBe(true);
    await succeed(folder, 'generate', '--check');
  });
});

describe('interrupts', () => {
  test.each([0, 50, 100, 150, 200, 250, 300, 400, 500, 700])(
    'SIGINT after %d ms leaves the old files or the new ones',
    async (delay) => {
      const folder = await memcachedProject();
      changeTypes(folder);
      const before = snapshotTree(folder);
      const child = spawn(process.execPath, [bin, 'generate'], { cwd: folder, stdio: 'ignore' });
      const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
      setTimeout(() => child.kill('SIGINT'), delay);
      const status = await ended;
      expect([0, 130, null]).toContain(status);
      expect(
        existsSync(join(folder, '.opgen/lock')) && status === 130,
        'an interrupted opgen takes its lock with it',
      ).toBe(false);
      const after = snapshotTree(folder);
      delete after['.opgen/lock'];
      if (readFileSync(join(folder, crd), 'utf8').includes('maximum: 100')) expect(after).toEqual(before);
      else expect((await opgen(folder, ['generate', '--check'])).status).toBe(0);
    },
  );

  const hasScript = existsSync('/usr/bin/script');
  const onTerminal = hasScript ? test : test.skip;

  /** Runs opgen on a terminal of its own, types `input` when the output matches `after`, and gives what the terminal shows. */
  async function terminal(cwd: string, args: readonly string[], steps: readonly { after: RegExp; input: string }[]) {
    const env = { ...process.env, CI: '', NO_COLOR: '', TERM: 'xterm-256color' };
    const command = [process.execPath, bin, ...args].map((part) => `'${part}'`).join(' ');
    const child = spawn('/usr/bin/script', ['-qfec', command, '/dev/null'], { cwd, env });
    let screen = '';
    const pending = [...steps];
    child.stdout.on('data', (data: Buffer) => {
      screen += data.toString();
      if (pending[0]?.after.test(screen)) child.stdin.write(pending.shift()!.input);
    });
    const status = await new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    return { screen, status };
  }

  onTerminal(`Ctrl-C at a question writes nothing${hasScript ? '' : ' (skipped: no `script` here)'}`, async () => {
    const folder = await newProject();
    const before = snapshotTree(folder);
    const { screen, status } = await terminal(folder, ['create', 'api'], [{ after: /Kind:/, input: '\x03' }]);
    expect(screen).toContain('nothing was written');
    expect(status).toBe(130);
    expect(snapshotTree(folder)).toEqual(before);
  });

  onTerminal(
    `asks on a terminal for what is missing, with defaults${hasScript ? '' : ' (skipped: no `script` here)'}`,
    async () => {
      const folder = await newProject();
      const answers = [
        { after: /Kind:/, input: 'Memcached\r' },
        { after: /Group/, input: '\r' },
        { after: /Version:/, input: '\r' },
        { after: /types of the kind\?/, input: '\r' },
        { after: /a controller\?/, input: 'n\r' },
      ];
      const { screen, status } = await terminal(folder, ['create', 'api'], answers);
      expect(screen).toContain('v1alpha1');
      expect(status).toBe(0);
      expect(existsSync(join(folder, 'config/crd/bases/example.com_memcacheds.yaml'))).toBe(true);
      expect(existsSync(join(folder, 'src/controllers'))).toBe(false);
    },
  );

  onTerminal(
    `has colours on a terminal, unless NO_COLOR or --no-color${hasScript ? '' : ' (skipped: no `script` here)'}`,
    async () => {
      const folder = tempFolder();
      const coloured = await terminal(folder, ['generate'], []);
      expect(coloured.screen).toContain('\x1b[31merror\x1b[39m OG5002');
      expect((await terminal(folder, ['--no-color', 'generate'], [])).screen).not.toContain('\x1b[31m');
    },
  );
});

describe('a folder that may not be written', () => {
  /** As root every folder is writable: then another user runs opgen. */
  const isRoot = process.getuid?.() === 0;
  const nobody = 65534;

  test('is an error that says so', async () => {
    const folder = await memcachedProject();
    changeTypes(folder);
    const { chmodSync } = await import('node:fs');
    for (const path of ['.', 'config/crd/bases', '.opgen', crd])
      chmodSync(join(folder, path), path === crd ? 0o444 : 0o555);
    const options = isRoot ? { uid: nobody } : {};
    await expectRefusal(folder, ['generate'], { status: 2, code: 'OG4006', says: [/EACCES|permission/i] }, options);
    for (const path of ['.', 'config/crd/bases', '.opgen']) chmodSync(join(folder, path), 0o755);
  });

  test('a single file of another user stops the run before anything is written', async () => {
    const folder = await memcachedProject();
    changeTypes(folder);
    if (isRoot) for (const path of ['.', ...pathsOf(folder)]) chownSync(join(folder, path), nobody, nobody);
    const { chmodSync } = await import('node:fs');
    chmodSync(join(folder, 'config/crd/bases'), 0o555);
    const options = isRoot ? { uid: nobody } : {};
    await expectRefusal(folder, ['generate'], { status: 2, code: 'OG4006', says: [/config\/crd\/bases/] }, options);
    chmodSync(join(folder, 'config/crd/bases'), 0o755);
  });

  const pathsOf = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });
});
