import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { hash } from './memory.js';

/** Hashes of files by their path relative to a root. */
export type Contents = ReadonlyMap<string, string>;

/** Sources and manifests below the folders, and the files, as far as they exist. */
export function contentsOf(root: string, folders: readonly string[], files: readonly string[]): Contents {
  const paths = [...folders.flatMap((folder) => filesBelow(root, folder)), ...files];
  return new Map([...new Set(paths)].sort().flatMap((path) => contentOf(root, path)));
}

function contentOf(root: string, path: string): readonly [string, string][] {
  try {
    return [[path, hash(readFileSync(join(root, path)))]];
  } catch {
    return [];
  }
}

/** The paths of files that are in one only, or different. */
export function changedPaths(before: Contents, after: Contents): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.filter((path) => before.get(path) !== after.get(path));
}

/** Whether a file of a watched folder counts: those that editors put beside the real ones do not. */
export const isContent = (path: string): boolean => /^[^.].*\.(ts|ya?ml)$/.test(posix.basename(path));

function filesBelow(root: string, folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) return /^(node_modules|\.git|\.opgen)$/.test(entry.name) ? [] : filesBelow(root, path);
      return isContent(path) ? [path] : [];
    });
  } catch {
    return [];
  }
}
