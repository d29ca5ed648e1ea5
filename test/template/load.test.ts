import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readTemplates } from '../../src/template/load.js';

test('the files of a set come with forward slashes, from all folders, sorted by code unit', () => {
  const files = readTemplates('init');
  const paths = files.map((file) => file.path);
  expect(paths).toEqual([...paths].sort());
  expect(paths).toContain('package.json.hbs');
  expect(paths.some((path) => path.split('/').length > 2)).toBe(true);
  for (const { path, content } of files) expect(content).toBe(readFileSync(`templates/init/${path}`, 'utf8'));
});
