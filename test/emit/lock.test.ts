import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { Refusal } from '../../src/diagnostics.js';
import { lockPath, withLock } from '../../src/emit/lock.js';
import { snapshotTree, tempFolder } from '../support/temp.js';
import { writeFiles } from './disk.js';

const program = join(tempFolder(), 'child.mjs');

beforeAll(async () => {
  await build({ entryPoints: ['test/emit/child.ts'], bundle: true, platform: 'node', format: 'esm', outfile: program });
});

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function holder(root: string): Promise<ChildProcess> {
  const child = start('hold', root);
  await once(child.stdout!, 'data');
  return child;
}

const problemOf = (error: unknown) => {
  if (!(error instanceof Refusal)) throw error;
  return `${error.diagnostics[0]?.code} ${error.message}`;
};

/** The pid of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

test('while it runs the lock holds the pid; afterwards the folder is as it was', async () => {
  const root = tempFolder();
  const seen = await withLock(root, async () => readFileSync(join(root, lockPath), 'utf8'));
  expect(seen).toBe(`${process.pid}\n`);
  expect(snapshotTree(root)).toEqual({});
});

test('an error comes through, and the lock goes', async () => {
  const root = tempFolder();
  writeFiles(root, { '.opgen/manifest.json': '{}' });
  await expect(withLock(root, () => Promise.reject(new Error('of the command')))).rejects.toThrow('of the command');
  expect(snapshotTree(root)).toEqual({ '.opgen/': '', '.opgen/manifest.json': '{}' });
});

test('a root that does not exist is there for the run and stays only with something in it', async () => {
  const base = tempFolder();
  await withLock(join(base, 'a/b'), async () => {});
  expect(snapshotTree(base)).toEqual({});
  await withLock(join(base, 'a/b'), async () => writeFileSync(join(base, 'a/b/file'), ''));
  expect(snapshotTree(base)).toEqual({ 'a/': '', 'a/b/': '', 'a/b/file': '' });
});

test('a second process is refused with the pid of the first, and gets the lock when the first was killed', async () => {
  const root = tempFolder();
  const first = await holder(root);
  const problem = await withLock(root, async () => 'ran').catch(problemOf);
  expect(problem).toBe(`OG4007 An opgen must be alone in a project, but process ${first.pid} holds \`.opgen/lock\``);
  const ended = once(first, 'exit');
  first.kill('SIGKILL');
  await ended;
  expect(existsSync(join(root, lockPath))).toBe(true);
  expect(await withLock(root, async () => 'ran')).toBe('ran');
  expect(snapshotTree(root)).toEqual({});
});

test.each([
  ['of a dead process', () => `${deadPid()}\n`],
  ['of a process of this number, before this one', () => `${process.pid}\n`],
  ['without a pid', () => ''],
  ['with something else', () => 'not a pid'],
  ['with the pid 0', () => '0'],
])('a lock %s is taken over', async (_, text) => {
  const root = tempFolder();
  writeFiles(root, { [lockPath]: text() });
  expect(await withLock(root, async () => readFileSync(join(root, lockPath), 'utf8'))).toBe(`${process.pid}\n`);
  expect(snapshotTree(root)).toEqual({});
});

test('processes that compete for a stale lock take turns', async () => {
  const root = tempFolder();
  const counter = join(tempFolder(), 'counter');
  writeFileSync(counter, '0');
  writeFiles(root, { [lockPath]: `${deadPid()}\n` });
  const children = Array.from({ length: 4 }, () => start('count', root, counter));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(counter, 'utf8')).toBe('20');
});

test('a folder .opgen that leads out of the root is refused', async () => {
  const base = tempFolder();
  mkdirSync(join(base, 'outside'));
  mkdirSync(join(base, 'project'));
  symlinkSync('../outside', join(base, 'project/.opgen'));
  expect(await withLock(join(base, 'project'), async () => 'ran').catch(problemOf)).toMatch(/^OG4005/);
  expect(snapshotTree(base)).toEqual({ 'outside/': '', 'project/': '', 'project/.opgen': 'link:../outside' });
});
