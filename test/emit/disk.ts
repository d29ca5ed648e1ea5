import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../../src/diagnostics.js';
import type { Change } from '../../src/emit/plan.js';

export type Files = Readonly<Record<string, string>>;

export function writeFiles(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The changes that lead from one set of files to another. */
export function changesBetween(before: Files, after: Files): readonly Change[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.map((path): Change => {
    const common = { path, owner: 'opgen', source: 'test' } as const;
    const [old, fresh] = [before[path], after[path]];
    if (old === undefined) return { ...common, action: 'create', after: fresh ?? '' };
    if (fresh === undefined) return { ...common, action: 'delete', before: old };
    return { ...common, action: old === fresh ? 'keep' : 'update', before: old, after: fresh };
  });
}

/** One of every kind of change: new folders, a folder that loses its only file, a file that stays. */
export const oldFiles: Files = {
  'README.md': 'stays\n',
  'config/rbac/role.yaml': 'old role\n',
  'config/old/deep/gone.yaml': 'gone\n',
  'config/crd/stays.yaml': 'stays\n',
  'config/crd/gone.yaml': 'gone\n',
  'src/main.ts': `${'old line\n'.repeat(2000)}`,
};

export const newFiles: Files = {
  'README.md': 'stays\n',
  'config/rbac/role.yaml': 'new role\n',
  'config/crd/stays.yaml': 'stays\n',
  'config/crd/bases/memcacheds.yaml': 'new\n',
  'src/generated/v1/memcached.ts': 'new\n',
  'src/main.ts': `${'new line\n'.repeat(2000)}`,
  '.opgen/manifest.json': '{}\n',
};

/** `OG4006 message` of the first diagnostic of a Refusal; any other error is thrown on. */
export function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return `${error.diagnostics[0]?.code} ${error.message}`;
    throw error;
  }
  return 'no refusal';
}
