import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { buildK8s } from '../../scripts/k8s/index.js';
import type { BuiltinFile } from '../../src/k8s/table.js';
import { packageRoot } from '../../src/package.js';
import { tempFolder } from '../support/temp.js';

/** A folder `dist` as the build makes it, with `k8s` and the declarations of `runtime` that it leans on. */
export function useBuild(): { readonly dist: string; readonly table: () => BuiltinFile } {
  const root = tempFolder();
  const dist = join(root, 'dist');
  beforeAll(async () => {
    await buildK8s(join(dist, 'k8s'));
    await mkdir(join(dist, 'runtime'), { recursive: true });
    const resource = join(packageRoot, 'src/runtime/resource.js');
    await writeFile(join(dist, 'runtime/index.d.ts'), `export type * from ${JSON.stringify(resource)};\n`);
    await writeFile(join(root, 'package.json'), '{ "type": "module" }\n');
  }, 60_000);
  let table: BuiltinFile | undefined;
  return { dist, table: () => (table ??= JSON.parse(readFileSync(join(dist, 'k8s/builtin.json'), 'utf8'))) };
}
