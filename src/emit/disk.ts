import type nodeFs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errnoOf, fileRefusal, isMissing } from './problem.js';

/** What `apply` and `recover` need of `node:fs`; tests pass one that fails. */
export type Fs = Pick<
  typeof nodeFs,
  | 'accessSync'
  | 'closeSync'
  | 'fchmodSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'unlinkSync'
  | 'writeFileSync'
>;

/** The real path of the root, and how to reach the disk. */
export interface Disk {
  readonly root: string;
  readonly fs: Fs;
}

/** A new file on disk, with these permissions whatever the umask is. */
export function writeFile(path: string, bytes: Buffer, mode: number, { root, fs }: Disk): void {
  guard(path, () => {
    const file = fs.openSync(join(root, path), 'wx', mode);
    try {
      fs.writeFileSync(file, bytes);
      fs.fchmodSync(file, mode);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
  });
}

/** Makes renames and new names durable, where the platform lets folders be synchronised. */
export function syncFolders(files: readonly { readonly path: string }[], { root, fs }: Disk): void {
  for (const folder of new Set(files.map(({ path }) => dirname(join(root, path))))) {
    try {
      const file = fs.openSync(folder, 'r');
      fs.fsyncSync(file);
      fs.closeSync(file);
    } catch {
      // Windows refuses; the order of writes is kept anyway while the system runs.
    }
  }
}

export const openDisk = (root: string, fs: Fs): Disk => ({ root: guard(root, () => fs.realpathSync(root)), fs });

/** The outermost folder that had to be created; undefined: it was there. Another process may remove a folder while it is made. */
export function makeFolder(folder: string, name: string, fs: Pick<Fs, 'mkdirSync'>, attempts = 10): string | undefined {
  try {
    return fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || attempts <= 1) throw fileRefusal(name, 'be writable', error);
    return makeFolder(folder, name, fs, attempts - 1);
  }
}

/** Removes `folder` and its parents up to `created`, as far as they are empty. */
export function removeCreated(folder: string, created: string | undefined, fs: Pick<Fs, 'rmdirSync'>): void {
  if (created === undefined) return;
  for (let each = resolve(folder); each.startsWith(resolve(created)); each = dirname(each)) {
    if (!removeEmpty(each, fs)) return;
  }
}

export const removeFolder = (path: string, { root, fs }: Disk): boolean => removeEmpty(join(root, path), fs);

export function removeEmpty(folder: string, fs: Pick<Fs, 'rmdirSync'>): boolean {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch {
    // Not empty, or in use: an empty folder does no harm.
    return false;
  }
}

export function removeFile(path: string, { root, fs }: Disk): void {
  try {
    fs.unlinkSync(join(root, path));
  } catch (error) {
    if (!isMissing(error)) throw fileRefusal(path, 'be writable', error);
  }
}

export function exists(path: string, { root, fs }: Disk): boolean {
  try {
    fs.lstatSync(join(root, path));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw fileRefusal(path, 'be readable', error);
  }
}

/** Undefined: there is no such file. */
export function readBytes(path: string, { root, fs }: Disk): Buffer | undefined {
  try {
    return fs.readFileSync(join(root, path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileRefusal(path, 'be readable', error);
  }
}

export function guard<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw fileRefusal(path, 'be writable', error);
  }
}
