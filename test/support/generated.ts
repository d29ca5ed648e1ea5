import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fidelityCases, groupOf } from '../../scripts/fidelity/cases.js';
import { bin, write } from './opgen.js';
import { run } from './process.js';
import { snapshotTree } from './temp.js';

/** What a run differs in: the program, its environment, and where it is called from. */
export interface Circumstances {
  readonly node?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The working directory; the project is named by `--cwd` then. */
  readonly from?: string;
}

/** Writes the TypeScript of every comparison with controller-gen into one folder. */
export function writeAllTwins(folder: string): void {
  for (const each of fidelityCases()) {
    for (const { version, typescript } of each.twins) {
      const base = `src/api/${each.subject}-${each.name}/${version}`;
      write(folder, `${base}/groupversion.ts`, `// +groupName=${groupOf(each)}\nexport {};\n`);
      write(folder, `${base}/thing.ts`, typescript);
    }
  }
}

/** Copies an example project without anything that `generate` writes. */
export function writeProject(folder: string, name: string): void {
  cpSync(join('fixtures/projects', name), folder, { recursive: true });
  for (const path of ['config/crd/bases', 'config/rbac/role.yaml', 'src/generated', 'Makefile', '.opgen'])
    rmSync(join(folder, path), { recursive: true, force: true });
}

/** Runs `opgen generate` and gives every file that the folder has then. */
export async function generatedIn(
  folder: string,
  args: readonly string[],
  { node = process.execPath, env = {}, from = folder }: Circumstances = {},
): Promise<Readonly<Record<string, string>>> {
  const { status, stderr } = await run(node, [bin, '--cwd', folder, 'generate', ...args], { cwd: from, env });
  expect(stderr.match(/^.* error .*$/gm) ?? [], stderr).toEqual([]);
  expect(status, stderr).toBe(0);
  return snapshotTree(folder);
}
