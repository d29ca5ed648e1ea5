import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the installed package, wherever the bundle that asks stands in it. */
export const packageRoot: string = findRoot(import.meta.dirname);

function findRoot(dir: string): string {
  try {
    if (JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).name === 'opgen') return dir;
  } catch {
    // No package.json here: one folder up.
  }
  return findRoot(dirname(dir));
}

/** The version in package.json, such as `0.1.0`. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
}
