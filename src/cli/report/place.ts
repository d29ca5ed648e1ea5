import { realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** A file of a project as a path from the root of the repository, with forward slashes; `undefined` if it lies outside. */
export function repositoryPath(repository: string, root: string, file: string): string | undefined {
  const path = relative(real(repository), join(real(root), file))
    .split(sep)
    .join('/');
  return /^(\.\.(\/|$)|[A-Za-z]:|\/)/.test(path) ? undefined : path;
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}
