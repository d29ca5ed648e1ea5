import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type RunOptions, type RunResult, run } from './process.js';
import { sharedFolder, snapshotTree, tempFolder } from './temp.js';

export const bin = join(process.cwd(), 'bin/opgen.js');

/** Runs the built CLI with its input closed, in a pipe, without colours of the outside. */
export function opgen(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const env = {
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    CI: undefined,
    NODE_EXTRA_CA_CERTS: undefined,
    ...options.env,
  };
  return run(process.execPath, [bin, ...args], { ...options, cwd, env });
}

/** Runs the CLI and insists on success. */
export async function succeed(cwd: string, ...args: readonly string[]): Promise<RunResult> {
  const result = await opgen(cwd, args);
  expect(result.stderr + result.stdout, args.join(' ')).not.toMatch(/error OG/);
  expect(result.status).toBe(0);
  return result;
}

/** A new project in a temporary folder, without dependencies. */
export const newProject = (...flags: readonly string[]): Promise<string> =>
  copyOf(`init ${flags.join(' ')}`, (folder) => initialize(folder, flags));

/** A new project with the Memcached of `create api`. */
export const memcachedProject = (...flags: readonly string[]): Promise<string> =>
  copyOf(`memcached ${flags.join(' ')}`, async (folder) => {
    await initialize(folder, flags);
    await succeed(folder, 'create', 'api', '--group', 'cache', '--version', 'v1alpha1', '--kind', 'Memcached');
  });

/** Files of `memcachedProject`: the types of the kind and its CRD. */
export const types = 'src/api/v1alpha1/memcached.ts';
export const crd = 'config/crd/bases/cache.example.com_memcacheds.yaml';

const initialize = (folder: string, flags: readonly string[]): Promise<RunResult> =>
  succeed(folder, 'init', '--domain', 'example.com', '--project-name', 'demo', '--skip-install', ...flags);

/** Projects that this test file has made already: the next test gets a copy. */
const made = new Map<string, Promise<string>>();

async function copyOf(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const original = made.get(name) ?? build(make);
  made.set(name, original);
  const folder = tempFolder();
  cpSync(await original, folder, { recursive: true });
  return folder;
}

async function build(make: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = sharedFolder();
  await make(folder);
  return folder;
}

export const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

export function edit(folder: string, path: string, change: (before: string) => string): void {
  writeFileSync(join(folder, path), change(read(folder, path)));
}

/** Replaces the first match in a file, and insists that there is one. */
export function replace(folder: string, path: string, before: string | RegExp, after: string): void {
  expect(read(folder, path)).toMatch(before);
  edit(folder, path, (text) => text.replace(before, after));
}

export function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The run fails with this exit code and code of diagnostic, says more, and leaves the tree byte for byte as it was. */
export async function expectRefusal(
  folder: string,
  args: readonly string[],
  expected: { status: number; code: string; says?: readonly (string | RegExp)[] },
  options: RunOptions = {},
): Promise<RunResult> {
  const before = snapshotTree(folder);
  const result = await opgen(folder, args, options);
  expect(result.stderr).toContain(expected.code);
  for (const text of expected.says ?? []) expect(result.stderr).toMatch(text);
  expect(result.stderr, 'no stack traces for mistakes of the user').not.toMatch(/^\s+at .*\(.*:\d+:\d+\)/m);
  expect(result.status).toBe(expected.status);
  expect(snapshotTree(folder)).toEqual(before);
  return result;
}
