import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Removes from `dist` the declarations that tsc wrote and no entry needs. */
export function pruneDeclarations(dist: string, entries: readonly string[]): void {
  const needed = reachable(
    dist,
    entries.map((entry) => `${entry}.d.ts`),
  );
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((path) => path.endsWith('.ts') && !needed.has(path))) rmSync(join(dist, file));
  removeEmptyFolders(dist);
}

function reachable(dist: string, start: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(join(dist, file), 'utf8');
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
      visit(join(dirname(file), match[1]!).replace(/\.js$/, '.d.ts'));
    }
  };
  for (const file of start) visit(file);
  return found;
}

function removeEmptyFolders(dir: string): boolean {
  const entries = readdirSync(dir, { withFileTypes: true });
  const kept = entries.filter((entry) => !entry.isDirectory() || !removeEmptyFolders(join(dir, entry.name)));
  if (kept.length === 0) rmdirSync(dir);
  return kept.length === 0;
}
