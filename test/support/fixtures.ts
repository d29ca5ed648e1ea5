import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The cases of a family of fixtures: the names of its folders, sorted. */
export function casesOf(family: string): readonly string[] {
  const cases = readdirSync(join('fixtures', family), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  if (cases.length === 0) throw new Error(`fixtures/${family} has no cases`);
  return cases;
}

/** The absolute path of a case. */
export function caseFolder(family: string, name: string): string {
  const folder = join(process.cwd(), 'fixtures', family, name);
  if (!existsSync(folder)) throw new Error(`${folder} does not exist`);
  return folder;
}
