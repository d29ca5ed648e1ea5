import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'node_modules/.cache/opgen';

/** A file of the cache, or `undefined` if it does not exist or cannot be read: a cache may vanish at any time. */
export function readCache(root: string, name: string): Buffer | undefined {
  try {
    return readFileSync(join(root, folder, name));
  } catch {
    return undefined;
  }
}

/** Writes a file of the cache, if the project has a node_modules folder; a cache that cannot be written is no error. */
export function writeCache(root: string, name: string, content: string | Buffer): void {
  if (!existsSync(join(root, 'node_modules'))) return;
  try {
    mkdirSync(join(root, folder), { recursive: true });
    const temporary = join(root, folder, `.${name}.${process.pid}`);
    writeFileSync(temporary, content);
    renameSync(temporary, join(root, folder, name));
  } catch {
    // Without a cache the next run reads everything again.
  }
}
