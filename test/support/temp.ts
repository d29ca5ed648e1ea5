import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished, TestRunner } from 'vitest';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) remove(folder);
});

/** A new empty folder that is removed after the test, or after the test file when no test is running. */
export function tempFolder(): string {
  if (!TestRunner.getCurrentTest()) return sharedFolder();
  const folder = newFolder();
  onTestFinished(() => remove(folder));
  return folder;
}

/** A new empty folder that is removed after the test file. */
export function sharedFolder(): string {
  const folder = newFolder();
  folders.push(folder);
  return folder;
}

const newFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'opgen-test-')));

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Everything below `dir` by path, sorted: the text of files, `link:<target>` for symlinks, nothing for folders, whose paths end in `/`. */
export function snapshotTree(dir: string): Record<string, string> {
  return Object.fromEntries(entriesBelow(dir, ''));
}

function entriesBelow(root: string, prefix: string): [string, string][] {
  const entries = readdirSync(join(root, prefix), { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): [string, string][] => {
      const path = prefix + entry.name;
      if (entry.isSymbolicLink()) return [[path, `link:${readlinkSync(join(root, path))}`]];
      if (entry.isDirectory()) return [[`${path}/`, ''], ...entriesBelow(root, `${path}/`)];
      return [[path, readFileSync(join(root, path), 'utf8')]];
    });
}
