import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp.js';

const copied = ['.ci', 'bench', 'bin', 'docs', 'fixtures', 'scripts', 'src', 'templates', 'test'];
const files = ['README.md', 'biome.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'vitest.config.ts'];

/** A copy of this repository in a temporary folder; what is installed is shared, what is built is a copy. */
export function repositoryCopy(): string {
  const folder = tempFolder();
  for (const path of [...copied, ...files, 'dist']) cpSync(path, join(folder, path), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
