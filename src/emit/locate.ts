import nodeFs from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { Refusal } from '../diagnostics.js';
import { errnoOf, fileRefusal, isMissing, linkProblem, pathProblem } from './problem.js';

export type LocateFs = Pick<typeof nodeFs, 'lstatSync' | 'realpathSync'>;

/**
 * The absolute path behind `path`, symlinks resolved as far as folders and files exist. `realRoot` is a real path.
 * Throws OG4005 for a symlink that leads out of the root or to nothing.
 */
export function locate(realRoot: string, path: string, fs: LocateFs = nodeFs): string {
  const segments = path.split('/');
  let current = realRoot;
  for (const [index, segment] of segments.entries()) {
    const next = join(current, segment);
    const link = isLink(next, path, fs);
    if (link === undefined) return join(next, ...segments.slice(index + 1));
    current = link ? followed(realRoot, next, path, segments.slice(0, index + 1).join('/'), fs) : next;
  }
  return current;
}

/** Undefined: there is no such file. */
function isLink(file: string, path: string, fs: LocateFs): boolean | undefined {
  try {
    return fs.lstatSync(file).isSymbolicLink();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileRefusal(path, 'be readable', error);
  }
}

function followed(realRoot: string, file: string, path: string, link: string, fs: LocateFs): string {
  const real = realPath(file, path, fs.realpathSync);
  if (real === undefined) throw new Refusal(linkProblem(path, link, 'leads to nothing'));
  if (!isInside(realRoot, real)) throw new Refusal(linkProblem(path, link, 'leads out of it'));
  return real;
}

/** Undefined: there is no such file. */
export function realPath(
  file: string,
  path: string,
  real: (file: string) => string = nodeFs.realpathSync.native,
): string | undefined {
  try {
    return real(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (errnoOf(error) === undefined) throw new Refusal(pathProblem(path, 'must be a name that the system knows'));
    throw fileRefusal(path, 'be readable', error);
  }
}

/** Both are real paths; a folder is inside itself. */
export function isInside(realRoot: string, real: string): boolean {
  const way = relative(realRoot, real);
  return way !== '..' && !way.startsWith('..' + sep) && !isAbsolute(way);
}

/** Relative to the root, with forward slashes. */
export const relativePath = (realRoot: string, real: string): string => relative(realRoot, real).split(sep).join('/');
