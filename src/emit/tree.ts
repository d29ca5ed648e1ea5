import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../diagnostics.js';
import { isInside, realPath } from './locate.js';
import { fileProblem, fileRefusal, isMissing, linkProblem, pathProblem } from './problem.js';

/** Text files by their path relative to a root, with forward slashes. */
export interface Tree {
  /** Undefined: there is no such file. */
  read(path: string): string | undefined;
  /** The names in a folder (`''` is the root), sorted by code unit, folders with a `/` at the end; none for a missing folder. */
  list(dir: string): readonly string[];
}

/**
 * The files below `root`, read when they are asked for. Throws OG4006 for what cannot be read as UTF-8 text and OG4005 for
 * a path or symlink that leads out of the root.
 */
export function diskTree(root: string): Tree {
  return {
    read: (path) => {
      const file = existing(root, path);
      return file === undefined ? undefined : readText(file, path);
    },
    list: (dir) => {
      const folder = existing(root, trimSlash(dir));
      return folder === undefined ? [] : listFolder(folder, dir);
    },
  };
}

/** Undefined: there is no such file. */
function existing(root: string, path: string): string | undefined {
  const realRoot = realPath(root, path);
  const real = realRoot === undefined ? undefined : realPath(join(realRoot, path), path);
  if (real === undefined || realRoot === undefined || isInside(realRoot, real)) return real;
  throw new Refusal(
    path.split('/').includes('..')
      ? pathProblem(path, 'must stay inside the project')
      : linkProblem(path, path, 'leads out of it'),
  );
}

function readText(file: string, path: string): string {
  const bytes = readBytes(file, path);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new Refusal(fileProblem(path, 'be text in UTF-8', 'some of its bytes are not', 'save the file as UTF-8'));
}

function readBytes(file: string, path: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw fileRefusal(path, 'be readable', error);
  }
}

function listFolder(folder: string, dir: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.map((entry) => (isFolder(folder, entry) ? `${entry.name}/` : entry.name)).sort(byCodeUnit);
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileRefusal(dir, 'be readable', error);
  }
}

function isFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A tree of the given files, for tests and dry runs. */
export function memoryTree(files: Readonly<Record<string, string>>): Tree {
  const contents = new Map(Object.entries(files));
  return {
    read: (path) => contents.get(path),
    list: (dir) => {
      const prefix = trimSlash(dir) === '' ? '' : `${trimSlash(dir)}/`;
      const below = [...contents.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length));
      return [...new Set(below.map(firstName))].sort(byCodeUnit);
    },
  };
}

const firstName = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : path);

const trimSlash = (dir: string): string => (dir === '.' ? '' : dir.replace(/\/$/, ''));

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
