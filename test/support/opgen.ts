import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type RunOptions, type RunResult, run } from './process.js';
import { snapshotTree, tempFolder } from './temp.js';

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
export async function newProject(...flags: readonly string[]): Promise<string> {
  const folder = tempFolder();
  await succeed(folder, 'init', '--domain', 'example.com', '--project-name', 'demo', '--skip-install', ...flags);
  return folder;
}

/** A new project with the Memcached of `create api`. */
export async function memcachedProject(...flags: readonly string[]): Promise<string> {
  const folder = await newProject(...flags);
  await succeed(folder, 'create', 'api', '--group', 'cache', '--version', 'v1alpha1', '--kind', 'Memcached');
  return folder;
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
