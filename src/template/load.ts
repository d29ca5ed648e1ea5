import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package.js';
import type { TemplateFile } from './render.js';

/** The files of `templates/<set>` with their paths in it, sorted by code unit. */
export function readTemplates(set: string): readonly TemplateFile[] {
  const root = join(packageRoot, 'templates', set);
  const read = (path: string): TemplateFile => ({ path, content: readFileSync(join(root, path), 'utf8') });
  return filesIn(root, '').sort().map(read);
}

function filesIn(root: string, dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
    return entry.isDirectory() ? filesIn(root, path) : [path];
  });
}
