import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { crd, edit, memcachedProject, opgen, succeed, types, write } from '../support/opgen.js';
import type { RunResult } from '../support/process.js';
import { sharedFolder, tempFolder } from '../support/temp.js';

const cache = 'node_modules/.cache/opgen/generate.json';

/** A project with a cache, whose last `generate` left nothing to do after `prepare`. */
async function settledProject(prepare?: (folder: string) => void): Promise<string> {
  if (!prepare) return copyOfSettled();
  const folder = await memcachedProject();
  mkdirSync(join(folder, 'node_modules'));
  prepare(folder);
  await succeed(folder, 'generate');
  return folder;
}

let settled: Promise<string> | undefined;

async function copyOfSettled(): Promise<string> {
  settled ??= settledProject(() => {}).then((folder) => {
    const kept = sharedFolder();
    cpSync(folder, kept, { recursive: true, preserveTimestamps: true });
    return kept;
  });
  const folder = tempFolder();
  cpSync(await settled, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

/** Runs the CLI and says which packages it loaded, and whether it went the long way: the coverage of V8 names every script. */
async function traced(
  folder: string,
  ...args: readonly string[]
): Promise<RunResult & { packages: string[]; isLong: boolean }> {
  const coverage = tempFolder();
  const result = await opgen(folder, args, { env: { NODE_V8_COVERAGE: coverage } });
  const reports = readdirSync(coverage).map((name) => readFileSync(join(coverage, name), 'utf8'));
  const names = reports.flatMap((text) => [...text.matchAll(/\/node_modules\/([^/"]+)/g)].map((match) => match[1]!));
  const isLong = reports.some((text) => text.includes('/dist/chunks/run-'));
  return { ...result, packages: [...new Set(names)].sort(), isLong };
}

/** Writes another text of the same length and keeps the time of modification. */
function editInSecret(folder: string, path: string, before: string, after: string): void {
  const { atime, mtime } = statSync(join(folder, path));
  edit(folder, path, (text) => text.replace(before, after));
  utimesSync(join(folder, path), atime, mtime);
}

const touch = (folder: string, path: string, when: Date): void => utimesSync(join(folder, path), when, when);

describe('a run with nothing to do', () => {
  test.each([[['generate']], [['generate', '--check']], [['generate', '--quiet']]])(
    '%j loads no package',
    async (args) => {
      const folder = await settledProject();
      const { packages, isLong, status, stdout } = await traced(folder, ...args);
      expect([packages, isLong]).toEqual([[], false]);
      expect(stdout).toMatch(args.includes('--quiet') ? /^$/ : /^(Nothing to do|No drift): \d+ files up to date\.\n$/);
      expect(status).toBe(0);
    },
  );

  test('says the same as the long way', async () => {
    const folder = await settledProject();
    const short = await traced(folder, 'generate');
    rmSync(join(folder, cache));
    const long = await traced(folder, 'generate');
    expect(long.packages).toContain('@ts-morph');
    expect([short.stdout, short.stderr, short.status]).toEqual([long.stdout, long.stderr, long.status]);
  });

  test('counts the same files after --force as before', async () => {
    const folder = await settledProject();
    const { stdout } = await succeed(folder, 'generate');
    appendFileSync(join(folder, crd), '# mine\n');
    await succeed(folder, 'generate', `--force=${crd}`);
    expect((await succeed(folder, 'generate')).stdout).toBe(stdout);
    expect((await succeed(folder, 'generate')).stdout).toBe(stdout);
  });

  test('is found from a folder below, too', async () => {
    const folder = await settledProject();
    expect((await traced(join(folder, 'src/api'), 'generate')).packages).toEqual([]);
  });

  test('is remembered for each choice of artifacts', async () => {
    const folder = await settledProject();
    expect((await traced(folder, 'generate', 'rbac', 'crds')).packages).toContain('@ts-morph');
    expect((await traced(folder, 'generate', 'crds', 'rbac')).packages).toEqual([]);
    expect((await traced(folder, 'generate')).packages).toEqual([]);
  });

  test('goes by contents where only times have changed', async () => {
    const folder = await settledProject();
    for (const path of [types, crd, 'PROJECT']) touch(folder, path, new Date('2020-01-01'));
    expect((await traced(folder, 'generate')).packages).toEqual([]);
  });

  test('leaves no cache in a project without node_modules', async () => {
    const folder = await memcachedProject();
    await succeed(folder, 'generate');
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
  });
});

describe('the long way is taken after', () => {
  const changes: readonly [string, (folder: string) => void][] = [
    ['a changed source', (folder) => edit(folder, types, (text) => text.replace('@maximum 100', '@maximum 7'))],
    ['a new source', (folder) => write(folder, 'src/api/v1alpha1/shared.ts', 'export type Size = number;\n')],
    ['a deleted source', (folder) => rmSync(join(folder, types))],
    ['a changed output', (folder) => appendFileSync(join(folder, crd), '# mine\n')],
    ['a deleted output', (folder) => rmSync(join(folder, crd))],
    ['a deleted manifest', (folder) => rmSync(join(folder, '.opgen/manifest.json'))],
    [
      'a changed sample',
      (folder) => appendFileSync(join(folder, 'config/samples/cache_v1alpha1_memcached.yaml'), '# mine\n'),
    ],
    ['a new file among the manifests', (folder) => write(folder, 'config/samples/mine.yaml', 'kind: Memcached\n')],
    ['a changed PROJECT', (folder) => appendFileSync(join(folder, 'PROJECT'), '# mine\n')],
    ['an interrupted run', (folder) => write(folder, '.opgen/journal.json', '{}\n')],
    [
      'another version of opgen',
      (folder) => edit(folder, cache, (text) => text.replace(/"opgen":"[^"]*"/, '"opgen":"0.0.0"')),
    ],
  ];
  test.each(changes)('%s', async (_, change) => {
    const folder = await settledProject();
    change(folder);
    expect((await traced(folder, 'generate')).isLong).toBe(true);
  });

  test('a change of a file that a source imports from elsewhere', async () => {
    const folder = await settledProject((folder) => {
      write(folder, 'shared/size.ts', "export type Size = 'small' | 'large';\n");
      edit(folder, types, (text) =>
        text
          .replace('import type', "import type { Size } from '../../../shared/size.js';\nimport type")
          .replace('replicas?: Int32;', 'replicas?: Int32;\n  size?: Size;'),
      );
    });
    expect((await traced(folder, 'generate')).packages).toEqual([]);
    write(folder, 'shared/size.ts', "export type Size = 'tiny' | 'large';\n");
    expect((await succeed(folder, 'generate')).stdout).toContain(`~ update ${crd}\n`);
  });

  const corruptions: readonly [string, (text: string) => string][] = [
    ['is empty', () => ''],
    ['is cut off', (text) => text.slice(0, -20)],
    ['is another object', () => '{}'],
    ['has another shape', (text) => text.replaceAll('"files"', '"paths"')],
  ];
  test.each(corruptions)('a cache that %s', async (_, corrupt) => {
    const folder = await settledProject();
    const { stdout } = await succeed(folder, 'generate');
    edit(folder, cache, corrupt);
    const again = await traced(folder, 'generate');
    expect(again.packages).toContain('@ts-morph');
    expect([again.stdout, again.stderr, again.status]).toEqual([stdout, '', 0]);
    expect((await traced(folder, 'generate')).packages, 'the cache has been written anew').toEqual([]);
  });

  test('a source that was saved while a run may have read it', async () => {
    const folder = await settledProject((folder) => touch(folder, types, new Date(Date.now() + 3_600_000)));
    expect((await traced(folder, 'generate')).packages).toContain('@ts-morph');
  });
});

describe('a change that keeps time and size', () => {
  test.each([
    [crd, 'maximum: 100', 'maximum: 101'],
    [types, '@maximum 100', '@maximum 101'],
  ])('is noticed by --check: %s', async (path, before, after) => {
    const folder = await settledProject();
    editInSecret(folder, path, before, after);
    const { status, stderr } = await opgen(folder, ['generate', '--check']);
    expect(stderr).toContain(crd);
    expect(status).toBe(1);
  });
});
