import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder with a PROJECT, from `dir` upwards; `undefined` if there is none. */
export function projectRoot(dir: string): string | undefined {
  if (existsSync(join(dir, 'PROJECT'))) return dir;
  const parent = dirname(dir);
  return parent === dir ? undefined : projectRoot(parent);
}
