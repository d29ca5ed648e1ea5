import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp.js';
import { typeErrors } from '../support/typecheck.js';
import { expectedOf, type Page, type Snippet } from './page.js';
import { moduleOf, run } from './program.js';

const isFile = ({ kind }: Snippet): boolean => kind.includes('/');

/** Writes the snippets that are files of a project to a folder; gives their paths. */
export function writeFiles({ snippets }: Page, folder: string): readonly string[] {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return snippets.filter(isFile).map(({ kind, code }) => {
    const path = join(folder, kind);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
    return path;
  });
}

/** Checks that every snippet compiles, and that every program prints what its comments say. */
export function checkPrograms(page: Page): void {
  test('every snippet compiles', { timeout: 120_000 }, () => {
    const folder = tempFolder();
    const programs = page.snippets.filter((each) => !isFile(each));
    const files = programs.map(({ code }, index) => {
      const file = join(folder, `${index}.mts`);
      writeFileSync(file, moduleOf(page.setup, code));
      return file;
    });
    expect(typeErrors([...files, ...writeFiles(page, folder)])).toEqual([]);
  });

  test.each(page.snippets.filter(({ kind }) => kind === ''))(
    'prints what it says: $title',
    { timeout: 20_000 },
    async ({ code }) => {
      expect(expectedOf(code)).not.toBe('');
      expect(await run(page.setup, code)).toBe(expectedOf(code));
    },
  );
}
