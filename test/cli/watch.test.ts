import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Env } from '../../src/cli/command.js';
import { type Round, watchRounds } from '../../src/cli/generate/watch.js';
import { type Followed, follow } from '../support/follow.js';
import { bin, crd, expectRefusal, memcachedProject, opgen, read, replace, types, write } from '../support/opgen.js';
import { tempFolder } from '../support/temp.js';

function start(folder: string, ...args: readonly string[]): Followed {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const watch = follow(spawn(process.execPath, [bin, 'generate', '--watch', ...args], { cwd: folder, env }));
  onTestFinished(async () => {
    watch.child.kill('SIGKILL');
    await watch.ended;
  });
  return watch;
}

/** Longer than files have to rest before a round begins. */
const rest = (): Promise<void> => sleep(400);

const line = (what: string, result: string): RegExp => new RegExp(`^${what}: ${result} \\(\\d+ ms\\)\\n`, 'm');

describe('opgen generate --watch', () => {
  test('builds, and again after each change, with a line for each; Ctrl-C ends it', async () => {
    const folder = await memcachedProject();
    rmSync(join(folder, crd));
    const watch = start(folder);
    await watch.until(line('First build', '1 file written'));
    replace(folder, types, '@maximum 100', '@maximum 7');
    await watch.until(line(`${types} changed`, '3 files written'));
    expect(read(folder, crd)).toContain('maximum: 7');
    await rest();
    watch.child.kill('SIGINT');
    expect(await watch.ended).toBe(0);
    expect(watch.output(), 'its own writes are no change').toMatch(/^First build.*\n.*changed: .*\nStopped\.\n$/);
    expect((await opgen(folder, ['generate', '--check'])).status).toBe(0);
  });

  test('prints mistakes as a single run does, and goes on', async () => {
    const folder = await memcachedProject();
    const watch = start(folder);
    await watch.until(line('First build', 'nothing to do'));
    replace(folder, types, '+kubebuilder:subresource', '+kubebuilder:subresourze');
    await watch.until(line(`${types} changed`, '1 error, nothing written'));
    const { stderr } = await opgen(folder, ['generate']);
    expect(watch.output()).toContain(`\n${stderr}${types} changed: `);
    appendFileSync(join(folder, types), 'export interface {');
    await watch.until(/error OG1001: [\s\S]*nothing written/);
    rmSync(join(folder, types));
    await watch.until(/error OG1010: .*\n.*changed: 1 error, nothing written/);
    const other = await memcachedProject();
    write(folder, types, read(other, types).replace('@maximum 100', '@maximum 8'));
    await watch.until(line(`${types} changed`, '3 files written'));
  });

  test('sees however files come and go: renamed, in new folders, in bursts, with all of src, PROJECT', async () => {
    const folder = await memcachedProject();
    const watch = start(folder);
    await watch.until(line('First build', 'nothing to do'));
    write(folder, 'src/api/v1alpha1/.memcached.ts.tmp', read(folder, types).replace('@maximum 100', '@maximum 9'));
    renameSync(join(folder, 'src/api/v1alpha1/.memcached.ts.tmp'), join(folder, types));
    await watch.until(line(`${types} changed`, '3 files written'));
    mkdirSync(join(folder, 'src/deep/er'), { recursive: true });
    await rest();
    write(
      folder,
      'src/deep/er/rights.ts',
      '// +kubebuilder:rbac:groups=apps,resources=deployments,verbs=get\nexport {};\n',
    );
    await watch.until(line('src/deep/er/rights.ts changed', '\\d files written'));
    for (const maximum of [11, 12, 13, 14, 15]) replace(folder, types, /@maximum \d+/, `@maximum ${maximum}`);
    await watch.until(line(`${types} changed`, '3 files written'));
    expect(read(folder, crd)).toContain('maximum: 15');
    renameSync(join(folder, 'src'), join(folder, 'away'));
    await watch.until(/and \d+ more files changed: \d errors?, nothing written/);
    renameSync(join(folder, 'away'), join(folder, 'src'));
    await watch.until(/and \d+ more files changed: nothing to do/);
    replace(folder, types, '@maximum 15', '@maximum 16');
    await watch.until(line(`${types} changed`, '3 files written'));
    appendFileSync(join(folder, 'PROJECT'), '# mine\n');
    await watch.until(line('PROJECT changed', 'nothing to do'));
  });

  test('tells of generated files that are edited or deleted, and not of files that only look newer', async () => {
    const folder = await memcachedProject();
    const watch = start(folder);
    await watch.until(line('First build', 'nothing to do'));
    utimesSync(join(folder, types), new Date(), new Date());
    await rest();
    rmSync(join(folder, crd));
    await watch.until(/First build|changed/);
    expect(watch.output()).toMatch(line(`${crd} changed`, '1 file written'));
    appendFileSync(join(folder, 'Makefile'), '# mine\n');
    await watch.until(/error OG4001: `Makefile`[\s\S]*\nMakefile changed: 1 error, nothing written/);
  });

  test('follows what the sources import from elsewhere', async () => {
    const folder = await memcachedProject();
    write(folder, 'shared/size.ts', "export type Size = 'small' | 'large';\n");
    replace(folder, types, 'import type', "import type { Size } from '../../../shared/size.js';\nimport type");
    replace(folder, types, 'replicas?: Int32;', 'replicas?: Int32;\n  size?: Size;');
    const watch = start(folder);
    await watch.until(line('First build', '\\d files written'));
    write(folder, 'shared/size.ts', "export type Size = 'tiny' | 'large';\n");
    await watch.until(line('shared/size.ts changed', '\\d files written'));
    expect(read(folder, crd)).toContain('- tiny');
  });

  test('goes round again for a file that became known in the round in which somebody saved it', async () => {
    const root = tempFolder();
    const seen: string[] = [];
    write(root, 'size.ts', 'first');
    const run = async (): Promise<Round> => {
      seen.push(read(root, 'size.ts'));
      write(root, 'size.ts', 'last');
      if (seen.length === 2) process.emit('SIGHUP');
      return { outcome: { diagnostics: [] }, read: ['size.ts'] };
    };
    const env: Env = {
      cwd: root,
      version: '0.0.0',
      interactive: false,
      colour: false,
      format: 'human',
      ask: async () => undefined,
      progress: () => {},
      print: () => {},
    };
    await watchRounds({ root, folders: ['src'], files: [], run }, env);
    expect(seen).toEqual(['first', 'last']);
  });

  test('takes artifacts and --paths', async () => {
    const folder = await memcachedProject();
    const watch = start(folder, 'crds', '--paths', 'src/api/**/*.ts');
    await watch.until(line('First build', 'nothing to do'));
    write(folder, 'src/other.ts', 'export {};\n');
    await rest();
    replace(folder, types, '@maximum 100', '@maximum 7');
    await watch.until(/changed: .*\n/);
    expect(watch.output()).toMatch(line(`${types} changed`, '2 files written'));
    expect(watch.output()).not.toContain('other.ts');
  });

  test('--quiet says nothing but mistakes', async () => {
    const folder = await memcachedProject();
    rmSync(join(folder, crd));
    const watch = start(folder, '--quiet');
    await expect.poll(() => opgen(folder, ['generate', '--check']).then(({ status }) => status)).toBe(0);
    appendFileSync(join(folder, types), 'export interface {');
    await watch.until(/error OG1001/);
    expect(watch.output()).not.toContain('First build');
  });

  test.each([['--check'], ['--dry-run'], ['--output=-'], ['--format=json']])('does not go with %s', async (flag) => {
    const folder = await memcachedProject();
    const env = { TERM: 'dumb' };
    const run = flag.startsWith('--format') ? await opgen(folder, ['generate', '--watch', flag]) : undefined;
    if (run) {
      expect(JSON.parse(run.stdout)).toMatchObject({ exitCode: 2, diagnostics: [{ code: 'OG5001' }] });
      return;
    }
    await expectRefusal(
      folder,
      ['generate', '--watch', flag],
      { status: 2, code: 'OG5001', says: [/drop `--watch`/] },
      { env },
    );
  });
});
